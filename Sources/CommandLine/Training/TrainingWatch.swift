import Runs
import Training

/// Shows a run's progress and measures its speed.
final class TrainingWatch {
  private let plan: TrainingPlan
  private let progress = Progress("training")
  /// When the last event came: what passed since is the work of the next one.
  private var last = ContinuousClock.now
  private var trained = Duration.zero
  /// The tokens that `trained` is the time of.
  private var tokens = 0
  /// Those before the last event; `nil` before the first.
  private var tokensBefore: Int?

  init(_ run: TrainingRun) { plan = run.plan }

  /// Of updates alone, without validation and saving, and without the first, which warms up.
  var tokensPerSecond: Double? {
    tokens > 0 ? Double(tokens) / (trained / .seconds(1)) : nil
  }

  func show(_ event: TrainingEvent) {
    let now = ContinuousClock.now
    defer { last = now }
    // Looking at the weights is a part of updates.
    if case .telemetry = event.content, tokens > 0 { trained += now - last }
    guard case .train(let train) = event.content else { return }
    if let tokensBefore {
      tokens += event.tokens - tokensBefore
      trained += now - last
    }
    tokensBefore = event.tokens
    progress.show(
      Double(event.step) / Double(plan.steps),
      detail: ", loss \((train.loss ?? .nan).rounded(places: 3))"
        + (tokensPerSecond.map { ", \(Quantity.format($0)) tokens/s" } ?? ""))
  }

  func end() { progress.end() }
}
