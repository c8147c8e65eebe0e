import Runs
import ScalingLaws
package import Studies

/// A study as far as it has come, with its law once the finished runs give one, ready to be shown.
package struct StudyReport: Sendable {
  package let findings: StudyFindings
  /// The law of the finished runs and its answer.
  package let law: Report?
  /// Why the finished runs give no law, where somebody tried.
  package let whyNoLaw: String?
  /// The program and version that made the report.
  package let program: String
  /// The runs of the sweep, put together as figures show them.
  let panels: [StudyPanel]
  /// One colour for a learning rate in all figures.
  let rateScale: OrderedScale

  /// - Parameters:
  ///   - findings: What is known of the study.
  ///   - law: The law of its finished runs and the answer at a target; `nil` where they give none.
  ///   - whyNoLaw: Why they give none, as the fit words it.
  ///   - program: The name and version of the program that makes the report.
  package init(
    _ findings: StudyFindings, law: Report?, whyNoLaw: String? = nil, program: String
  ) {
    self.findings = findings
    self.law = law
    self.whyNoLaw = whyNoLaw
    self.program = program
    panels = StudyPanel.all(of: findings.runs)
    rateScale = OrderedScale(
      findings.study.learningRates.values
        + findings.runs.lazy.filter { $0.role != .heldOut }
        .map(\.learningRate))
  }

  /// The runs that the law is fitted on, and their trunks.
  var sweepRuns: [StudyRun] { findings.runs.filter { $0.role != .heldOut } }

  /// In the order of the page: what came of it first, then from curves to the law.
  package var figures: [Figure] {
    [rivalFigure, heldOutFigure, trainingCurves, trunkFigure, horizonFigure].compactMap(\.self)
      + (law?.figures ?? [])
  }

  /// The legend of the learning rates' colours, for `rates` as the figure has them.
  func rateLegend(_ rates: [Double], mark: LegendEntry.Mark) -> [LegendEntry] {
    let title = LegendEntry(mark: .none, color: .muted, label: "Learning rate:")
    return [title]
      + OrderedScale.examples(of: rates, most: 8).map {
        LegendEntry(mark: mark, color: rateScale.color($0), label: Wording.tick($0))
      }
  }
}
