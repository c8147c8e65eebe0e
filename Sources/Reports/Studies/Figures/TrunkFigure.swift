import RealModule
import Runs
import ScalingLaws
import Studies

extension StudyReport {
  /// The trunk nearest the best learning rate of the largest size, with all that leaves it.
  ///
  /// `nil` where no trunk has a loss.
  var trunkFigure: Figure? {
    guard let view = trunkView else { return nil }
    return Figure(
      id: "trunk-and-branches", title: "One trunk serves all horizons", caption: view.caption,
      legend: view.legend, arrangement: .single,
      plots: [
        Figure.Plot(
          id: "trunk-and-branches-losses",
          alt: "Loss against tokens of one trunk and its branches. \(view.caption)",
          description: view.description)
      ], table: view.table)
  }

  private var trunkView: TrunkView? {
    func trunks(_ panel: StudyPanel) -> [StudyRun] {
      panel.runs.filter { run in
        run.role == .trunk && run.validation.contains { $0.loss.isFinite && $0.tokens > 0 }
      }
    }
    func hasEnds(_ panel: StudyPanel) -> Bool {
      panel.runs.contains { $0.role == .branch && $0.loss != nil }
    }
    let usable = panels.filter { !trunks($0).isEmpty }
    guard let panel = usable.last(where: hasEnds) ?? usable.last else { return nil }
    // One that diverged serves no horizon, unless branches had left it by then.
    let candidates = trunks(panel).filter { hasEnds(panel) || $0.state != .diverged }
    guard !candidates.isEmpty else { return nil }
    let rate = panel.best?.learningRate ?? candidates[candidates.count / 2].learningRate
    return candidates.min { distance($0, rate) < distance($1, rate) }.map { trunk in
      TrunkView(
        trunk, branches: panel.runs.filter { $0.role == .branch && $0.trunk == trunk.id },
        heading: panel.heading, horizons: findings.horizons)
    }
  }

  private func distance(_ run: StudyRun, _ rate: Double) -> Double {
    abs(.log(run.learningRate / rate))
  }
}
