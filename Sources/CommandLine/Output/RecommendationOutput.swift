import Foundation
import Runs
import ScalingLaws

extension Recommendation {
  /// The recommendation for a person at a terminal.
  var text: String {
    let percent = Int((100 * confidence).rounded())
    var rows = [
      ("target", "\(Quantity.format(params)) params on \(Quantity.format(tokens)) tokens"),
      ("learning rate", "\(Quantity.learningRate(learningRate, digits: 3))   the one to use"),
      (
        "optimum",
        "\(Quantity.learningRate(optimum, digits: 3))   \(percent) % interval \(Quantity.learningRate(lower, digits: 3)) to \(Quantity.learningRate(upper, digits: 3))"
      ),
    ]
    if let batchTokens { rows.append(("batch", "\(Quantity.format(batchTokens)) tokens a step")) }
    if let weightDecay {
      rows.append(
        (
          "weight decay",
          "\(weightDecay.value)" + (weightDecay.convention.map { " (\($0))" } ?? "")
            + "   as in the runs"
        ))
    }
    let penalties = penaltyPercentAt.sorted { Self.factor($0.key) < Self.factor($1.key) }.map {
      "\($0.key)x \($0.value.rounded(places: 2)) %"
    }
    rows.append(("expected cost", "\(expectedLossPenaltyPercent.rounded(places: 3)) % of loss"))
    rows.append(("cost of missing", penalties.joined(separator: ", ") + "   of the optimum"))
    rows.append(("law", law))
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }
      .joined(separator: "\n")
  }

  private static func factor(_ key: String) -> Double { penaltyFactors[key] ?? 0 }
}

extension [Recommendation] {
  /// One object, or a list of them.
  func json(asList: Bool) throws -> String {
    let encoder = JSONEncoder.results
    let data = asList ? try encoder.encode(self) : try encoder.encode(self[0])
    return String(decoding: data, as: UTF8.self)
  }

  /// A row for each recommendation, in order.
  var table: ResultTable {
    ResultTable(
      self,
      [
        .quantity("params") { $0.params }, .quantity("tokens") { $0.tokens },
        .quantity("batch_tokens") { $0.batchTokens }, .rate("learning_rate") { $0.learningRate },
        .rate("optimum") { $0.optimum }, .rate("lower") { $0.lower }, .rate("upper") { $0.upper },
        .init(name: "confidence", exact: { $0.confidence.plain }),
        .init(name: "weight_decay", exact: { $0.weightDecay?.value.plain }),
        .init(
          name: "expected_loss_penalty_percent", exact: { $0.expectedLossPenaltyPercent.plain }),
        .init(
          name: "extrapolation_decades_params", exact: { $0.extrapolationDecades.params.plain }),
        .init(
          name: "extrapolation_decades_tokens", exact: { $0.extrapolationDecades.tokens.plain }),
      ])
  }
}
