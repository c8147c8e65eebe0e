import RealModule
import Runs
import ScalingLaws
import Studies

extension StudyReport {
  /// The recommended rate put to the test at a larger scale; `nil` before it is trained.
  var heldOutFigure: Figure? {
    findings.heldOut.map { test in
      let view = HeldOutView(test, runs: findings.runs)
      return Figure(
        id: "held-out", title: Self.heldOutTitle, caption: view.caption, legend: view.legend,
        arrangement: .single,
        plots: [
          Figure.Plot(
            id: "held-out-losses",
            alt: "Final loss of \(Wording.count(test.runs.count, "held-out run")) against learning "
              + "rate. \(view.message)",
            description: view.description)
        ], table: view.table)
    }
  }

  /// Worded apart from the law's own test, which leaves out runs of the sweep.
  static let heldOutTitle = "The recommendation tried out: a larger run, trained afterwards"
}
