import RealModule
import Runs

/// The horizontal axis that the figures of a run share: tokens trained on.
extension PlotLayout.Axis {
  static func tokens(upTo tokens: Double, mostTicks: Int) -> PlotLayout.Axis {
    // Room for the first and the last mark to be seen whole.
    .linear(
      -0.015 * max(tokens, 1)...1.02 * max(tokens, 1), title: "Tokens trained on",
      mostTicks: mostTicks
    ) {
      Quantity.format($0)
    }
  }

  static func logarithmicTokens(_ tokens: [Double], mostTicks: Int) -> PlotLayout.Axis {
    .logarithmic(
      .logarithmic(around: tokens, margin: 0), title: "Tokens trained on", mostTicks: mostTicks
    ) { Quantity.format($0) }
  }
}

extension CurvePoint {
  /// Which steps, in words.
  var stepWords: String {
    steps.count == 1
      ? "step \(Wording.count(steps.lowerBound))"
      : "steps \(Wording.count(steps.lowerBound)) to \(Wording.count(steps.upperBound))"
  }
}

extension RunReport {
  /// Where the run was seen to diverge, as a line across a figure.
  var divergenceMark: [PlotLayout.Shape] {
    guard case .diverged(let step, _) = standing else { return [] }
    return [
      .vertical(
        Double(description.batches.tokens(after: step)),
        ScatterTrace.Line(color: .answer, width: 1.5, dash: .dash))
    ]
  }

  var divergenceLegend: [LegendEntry] {
    guard case .diverged(let step, _) = standing else { return [] }
    return [
      LegendEntry(
        mark: .dashedRule, color: .answer, label: "seen to diverge, step \(Wording.count(step))")
    ]
  }

  /// The first of every so many steps, and the last: few enough to read.
  var tabledSteps: [Logged<TrainingEvent.Train>] {
    let every = Self.tabledEvery(training.count)
    return training.indices.filter { $0.isMultiple(of: every) || $0 == training.count - 1 }
      .map { training[$0] }
  }

  /// A round number of steps between rows of a table.
  static func tabledEvery(_ count: Int) -> Int {
    let most = 60
    var power = 1
    while true {
      for factor in [1, 2, 5] where (count - 1) / (factor * power) + 2 <= most {
        return factor * power
      }
      power *= 10
    }
  }

  var tabledWords: String {
    let every = Self.tabledEvery(training.count)
    if every == 1 { return "every step" }
    return "every \(every == 2 ? "2nd" : "\(Wording.count(every))th") step and the last"
  }
}
