import Runs
import Studies

extension StudyReport {
  /// The study as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "\(findings.name): \(law?.title ?? progressWords)", head: law?.head ?? head,
      headName: law == nil ? "To how it stands" : "To the answer",
      remarks: (findings.rivals != nil
        ? [rivalSection].compactMap(\.self) : law?.remarks ?? [missing])
        + [studySection], figures: figures, sections: sections,
      program: program
    ).text(plotly: plotly)
  }

  private var sections: [Page.Section] {
    [untrainedTest].compactMap(\.self) + (law?.closingSections ?? []) + [runsSection]
  }

  private var progressWords: String {
    "\(Wording.count(doneCount)) of \(Wording.count(sweepRuns.count, "run"))"
  }

  /// How far the study is, in big type, where there is no law to answer.
  private var head: HTML {
    let ending: String
    if let winner = findings.rivals?.winnerWords {
      return """
        <p class="kicker">Optimizers and schedules compared</p>
        <h1>\(winner.lead) <strong>\(winner.title)</strong></h1>
        """
    }
    if sweepRuns.isEmpty {
      ending = "The study \(findings.name) plans no runs"
    } else if !sweepStandings.contains(where: { $0 != .toGo }) {
      ending = "No run of the study \(findings.name) has begun: trained are"
    } else if doneCount == sweepRuns.count {
      ending = "All runs of the study \(findings.name) are trained, and they give no law:"
    } else {
      ending = "Too few runs of the study \(findings.name) are trained to fit a law:"
    }
    return """
      <p class="kicker">Learning-rate study</p>
      <h1>\(ending) <strong>\(progressWords)</strong></h1>
      """
  }

  /// What a law needs and the study does not have yet.
  private var missing: Page.Section {
    let cells = cellsTable
    let remaining = sweepRuns.count - doneCount
    let reason = whyNoLaw.map { HTML.warnings([($0, nil)]) } ?? ""
    let next: HTML =
      remaining == 0
      ? ""
      : """
      <p>\(Wording.count(remaining, "run")) of the sweep \(remaining == 1 ? "is" : "are") not done; \
      <code>vernier sweep</code> goes on with them.</p>
      """
    let table: HTML =
      cells.rows.isEmpty || cells.columns.count < 2
      ? ""
      : """
      <div class="scroll" tabindex="0" role="region" aria-label="\(cells.caption)">
      \(cells.html)
      </div>
      """
    return Page.Section(
      id: "missing", title: "What is missing",
      body: """
        \(reason)<p>A law needs a model size and a horizon with losses at three learning rates or more, \
        the best of them between two others; for its slopes, several sizes and several horizons.</p>
        \(next)
        \(table)
        """)
  }

  /// That the held-out test is asked for and has no result yet.
  private var untrainedTest: Page.Section? {
    guard findings.heldOut == nil, let holdOut = findings.study.holdOut else { return nil }
    return Page.Section(
      id: "held-out", title: Self.heldOutTitle,
      body: """
        <p>Not trained yet: \(heldOutProgress). It takes the recommended rate to width \
        \(holdOut.model.width), \(Wording.count(holdOut.model.layers, "layer")), and \
        \(Quantity.format(Double(holdOut.tokens))) tokens.</p>
        """)
  }
}
