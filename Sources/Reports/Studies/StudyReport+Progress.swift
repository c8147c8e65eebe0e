import Runs
import Studies

extension StudyReport {
  /// The study as a whole: its facts, and how many runs of each kind stand how.
  var studySection: Page.Section {
    Page.Section(
      id: "study", title: "The study \(findings.name)",
      body: """
        \(HTML.facts(facts))
        <h3>Runs by kind</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Runs by kind">
        \(kindsTable.html)
        </div>
        """)
  }

  private var kindsTable: DataTable {
    let standings = standings
    let shown = StudyStanding.allCases.filter { standing in
      standings.contains { $0.standing == standing }
    }
    return DataTable(
      caption: "How many runs of each kind stand how",
      columns: [DataTable.Column("kind", "Kind"), DataTable.Column("planned", "Planned")]
        + shown.map { DataTable.Column($0.rawValue, Wording.capitalized($0.rawValue)) },
      rows: StudyRun.Role.inOrder.compactMap { role in
        let own = standings.filter { $0.run.role == role }
        guard !own.isEmpty else { return nil }
        return [.text(role.plural), .count(own.count)]
          + shown.map { standing in .count(own.count { $0.standing == standing }) }
      })
  }

  /// How many learning rates of each size and horizon have ended.
  var cellsTable: DataTable {
    let ends = standings.filter { $0.run.role == .branch || $0.run.role == .whole }
    let horizons = Set(ends.map(\.run.tokens)).sorted()
    return DataTable(
      caption: "Learning rates that ended with a loss, of those planned, by model size and tokens",
      columns: [DataTable.Column("size", "Size")]
        + horizons.map { tokens in
          DataTable.Column("tokens_\(tokens)", "\(Quantity.format(Double(tokens))) tokens")
        },
      rows: panels.map { panel in
        [.text(panel.heading)]
          + horizons.map { tokens in
            let own = panel.runs.filter {
              ($0.role == .branch || $0.role == .whole) && $0.tokens == tokens
            }
            let planned = Set(own.map(\.learningRate)).count
            let ended = Set(own.filter { $0.loss != nil }.map(\.learningRate)).count
            return .text(planned == 0 ? "–" : "\(ended) of \(planned)")
          }
      })
  }

  /// Every run.
  var runsSection: Page.Section {
    let hasVariants = findings.rivals != nil
    let runs = DataTable(
      caption: "Runs of the study, in the order of the plan",
      columns: [
        DataTable.Column("run", "Run"), DataTable.Column("role", "Kind"),
        DataTable.Column("trunk", "Trunk"), DataTable.Column("params", "Params"),
        DataTable.Column("learning_rate", "Learning rate"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("batch_tokens", "Batch (tokens)"), DataTable.Column("seed", "Seed"),
        DataTable.Column("state", "State"), DataTable.Column("loss", "Loss"),
        DataTable.Column("loss_standard_error", "Standard error"),
      ] + (hasVariants ? [DataTable.Column("variant", "Variant")] : []),
      rows: standings.map { run, standing in
        [
          .text(run.id), .text(run.role.words), .text(run.trunk ?? ""), .quantity(run.params),
          .rate(run.learningRate), .quantity(Double(run.tokens)),
          .quantity(Double(run.batchTokens)), .count(run.seed), .text(standing.rawValue),
          .decimal(run.loss, digits: 5), .decimal(run.lossStandardError),
        ] + (hasVariants ? [.text(run.variant.map { "\($0)" } ?? "")] : [])
      })
    return Page.Section(
      id: "runs", title: "Every run",
      body: runs.disclosure(
        id: "runs", isOpen: false, summary: "Table of \(Wording.count(runs.rows.count, "run"))"))
  }
}

extension StudyRun.Role {
  /// In the order of a study.
  fileprivate static let inOrder: [StudyRun.Role] = [.trunk, .branch, .whole, .heldOut]

  fileprivate var plural: String {
    switch self {
    case .trunk: "Trunks"
    case .branch: "Branches"
    case .whole: "Whole runs"
    case .heldOut: "Held-out runs"
    }
  }
}
