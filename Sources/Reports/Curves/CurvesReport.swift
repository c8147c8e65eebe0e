import Foundation
import Runs
package import ScalingLaws

/// What a law of loss curves says of some runs, ready to be shown.
package struct CurvesReport: Sendable {
  package let study: CurveStudy
  /// The program and version that made the report.
  package let program: String

  package init(_ study: CurveStudy, program: String) {
    self.study = study
    self.program = program
  }

  /// In the order of the page.
  package var figures: [Figure] {
    [curveFigure, errorFigure, decayFigure].compactMap(\.self)
  }

  /// The page as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "Loss curves: \(headline.short)", head: head, headName: "To the result", remarks: [],
      figures: figures, sections: [method] + (study.warnings.isEmpty ? [] : [cautions]),
      program: program
    ).text(plotly: plotly)
  }

  var all: [PredictedCurve] { study.fitted + study.predicted }

  private var head: HTML {
    """
    <p class="kicker">Loss curves across schedules</p>
    <h1>The \(study.fit.form.rawValue) law, fitted to \
    \(Wording.count(study.fit.curves.count, "curve")), \(headline.words) \
    <strong>\(headline.short)</strong></h1>
    """
  }

  /// The end of the headline's sentence, and what is set in big type.
  private var headline: (words: String, short: String) {
    func percent(_ accuracy: CurveAccuracy) -> String {
      Wording.percent(100 * accuracy.meanRelative)
    }
    if let mean = study.heldOutAccuracy {
      let count = study.predicted.count { $0.score != nil }
      return (
        "predicts \(Wording.count(count, "other")) with a mean error of",
        "\(percent(mean)) of loss"
      )
    }
    guard let mean = CurveAccuracy.mean(of: study.fitted.compactMap(\.score?.accuracy)) else {
      return ("has", "no curve to be judged by")
    }
    return ("meets them with a mean error of", "\(percent(mean)) of loss")
  }

  private var method: Page.Section {
    let rows = study.fit.constants.map { constant -> HTML in
      let estimate = constant.estimate
      return """
        <tr><th scope="row">\(constant.symbol)</th>\
        <td class="n">\(Wording.decimal(estimate.value, digits: 4))</td>\
        <td class="n">\(Wording.decimal(estimate.lower, digits: 3)) to \
        \(Wording.decimal(estimate.upper, digits: 3))</td></tr>

        """
    }
    return Page.Section(
      id: "method", title: "The law",
      body: """
        <p><code>\(study.fit.form.formula)</code></p>
        <p>\(study.fit.form.source). The warm-up is taken to last \
        \(Wording.count(study.fit.warmupSteps, "step")). Huber's loss of log losses, each curve counting \
        alike; intervals (\(Wording.share(study.fit.confidence))) from blocks of the curves drawn again. \
        They hold the scatter of the fitted curves and not that the law itself may be wrong: for that see \
        the errors on curves that were not fitted.</p>
        <table><caption>Constants</caption>
        <thead><tr><th scope="col">Constant</th><th scope="col">Value</th>\
        <th scope="col">Interval</th></tr></thead>
        <tbody>
        \(rows)</tbody></table>
        <p>The law carries over the shape and the length of a schedule, not over the peak learning rate: \
        which peak is best is for a sweep to say. It does not know warm-up.</p>
        """)
  }

  private var cautions: Page.Section {
    Page.Section(
      id: "cautions", title: "What to mind",
      body: HTML.warnings(study.warnings.map { ($0.message, $0.code.rawValue) }))
  }
}
