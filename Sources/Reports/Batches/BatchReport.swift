import Runs
package import ScalingLaws

/// What a sweep says of batch size, as one page.
package struct BatchReport: Sendable {
  package let analysis: BatchAnalysis
  let source: LawSource
  /// The program and version that made the page.
  let program: String

  /// - Parameters:
  ///   - analysis: What the page shows.
  ///   - law: The law of the same runs.
  ///   - program: The name and version of the program that makes the page.
  package init(_ analysis: BatchAnalysis, of law: LearningRateLaw, program: String) {
    self.analysis = analysis
    source = law.source
    self.program = program
  }

  /// In the order of the page.
  package var figures: [Figure] {
    [bestBatchFigure, equalLossFigure, couplingFigure].compactMap(\.self)
  }

  /// The page as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "Batch size", head: head, headName: "To the answer", remarks: [], figures: figures,
      sections: [rampSection, gapSection].compactMap(\.self), program: program
    ).text(plotly: plotly)
  }

  private var head: HTML {
    """
    <p class="kicker">Batch size, from \(Wording.count(source.runs)) runs of \(source.file)</p>
    <h1>\(title)</h1>
    \(HTML.facts(facts))
    """
  }

  private var title: String {
    guard let target = analysis.target else {
      let located = analysis.cells.count { $0.status == .located }
      return "The best batch size in \(Wording.count(located, "cell"))"
    }
    return "\(Quantity.format(target.batchTokens.value)) tokens a step for "
      + "\(Quantity.format(target.params)) parameters on \(Quantity.format(target.tokens)) tokens"
  }

  private var facts: [HTML.Fact] {
    var facts: [HTML.Fact] = []
    if let target = analysis.target {
      facts.append(
        (
          "Best batch", Quantity.format(target.batchTokens.value),
          "\(Wording.share(analysis.confidence)) interval \(target.batchTokens.range)"
        ))
      if let critical = target.criticalBatchTokens {
        facts.append(
          (
            "Critical batch", Quantity.format(critical.value),
            "takes twice the tokens; \(critical.range)"
          ))
      }
    }
    if let exponent = analysis.law?.coefficient(of: .tokens) {
      facts.append(
        (
          "Grows with tokens as", "D^\(Wording.exponent(exponent.value))",
          "\(Wording.exponent(exponent.lower)) to \(Wording.exponent(exponent.upper))"
        ))
    }
    if let coupling = analysis.coupling {
      let slope = coupling.belowBest ?? coupling.all
      facts.append(
        (
          "Rate below the best batch", "B^\(Wording.exponent(slope.exponent.value))",
          slope.verdict
        ))
    }
    return facts
  }

  private var rampSection: Page.Section? {
    guard let ramp = analysis.ramp else { return nil }
    let stages = ramp.stages.map { stage -> HTML in
      """
      <li>from \(Quantity.format(stage.fromTokens)) tokens: \(Quantity.format(stage.batchTokens)) tokens a \
      step, learning rate times \(Wording.decimal(stage.rateFactor))</li>

      """
    }
    return Page.Section(
      id: "ramp", title: "A ramp of the batch size",
      body: """
        <ul>\(stages)</ul>
        \([ramp.againstBest, ramp.againstLast, ramp.againstFirst].map { "<p>\(words($0))</p>\n" as HTML })\
        \(BatchRampAdvice.caveats.map { "<p class=\"aside\">\(Wording.sentence($0))</p>\n" as HTML })
        """)
  }

  private func words(_ other: BatchRampAdvice.Constant) -> String {
    let gain = other.lossGainPercent.map {
      ", a loss \(Wording.decimal(abs($0)))\u{A0}% \($0 < 0 ? "above" : "below")"
    }
    return "Against \(Quantity.format(other.batchTokens)) tokens a step all along: "
      + "\(Wording.decimal(other.stepsRatio)) times the steps, worth "
      + "\(Wording.decimal(100 * (other.tokensRatio - 1)))\u{A0}% more tokens\(gain ?? "")."
  }

  private var gapSection: Page.Section? {
    guard !analysis.gaps.isEmpty else { return nil }
    return Page.Section(
      id: "gaps", title: "What the runs do not tell",
      body: HTML.warnings(analysis.gaps.map { ($0.message, $0.code.rawValue) }))
  }
}

extension Estimate {
  /// The two ends of the interval of a quantity.
  var range: String { "\(Quantity.format(lower)) to \(Quantity.format(upper))" }
}
