import Runs
import Training

/// Shows a run's progress and measures its speed.
final class TrainingWatch {
  private let plan: TrainingPlan
  private let progress = Progress("training")
  /// When the last event came: what passed since is the work of the next one.
  private var last = ContinuousClock.now
  private var trained = Duration.zero
  /// The steps that `trained` is the time of.
  private var steps = -1

  init(_ run: TrainingRun) { plan = run.plan }

  /// Of updates alone, without validation and saving, and without the first, which warms up.
  var tokensPerSecond: Double? {
    steps > 0 ? Double(steps * plan.batchTokens) / (trained / .seconds(1)) : nil
  }

  func show(_ event: TrainingEvent) {
    let now = ContinuousClock.now
    defer { last = now }
    guard case .train(let train) = event.content else { return }
    steps += 1
    if steps > 0 { trained += now - last }
    progress.show(
      Double(event.step) / Double(plan.steps),
      detail: ", loss \((train.loss ?? .nan).rounded(places: 3))"
        + (tokensPerSecond.map { ", \(Quantity.format($0)) tokens/s" } ?? ""))
  }

  func end() { progress.end() }
}
