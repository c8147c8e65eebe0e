import Foundation
import Runs
import ScalingLaws

extension Recommendation {
  /// The recommendation for a person at a terminal.
  var text: String {
    var rows = [
      ("target", "\(Quantity.format(params)) params on \(Quantity.format(tokens)) tokens")
    ]
    rows += rateRows
    if let activeShare {
      rows[0].1 += ", \(Quantity.format(activeShare)) of it active"
    }
    if let batchTokens { rows.append(("batch", "\(Quantity.format(batchTokens)) tokens a step")) }
    if let weightDecay {
      rows.append(
        (
          "weight decay",
          "\(weightDecay.value)" + (weightDecay.convention.map { " (\($0))" } ?? "")
            + "   as in the runs"
        ))
    }
    rows += decayAdvice?.rows ?? []
    let penalties = penaltyPercentAt.sorted { Self.factor($0.key) < Self.factor($1.key) }.map {
      "\($0.key)x \($0.value.rounded(places: 2)) %"
    }
    rows.append(("expected cost", "\(expectedLossPenaltyPercent.rounded(places: 3)) % of loss"))
    rows.append(
      (
        "cost of missing",
        penalties.joined(separator: ", ")
          + "   of the \(rateKind == .effective ? "effective " : "")optimum"
      ))
    rows.append(("law", law))
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }
      .joined(separator: "\n")
  }

  /// The rates, each under what it is.
  private var rateRows: [(String, String)] {
    func rate(_ value: Double) -> String { Quantity.learningRate(value, digits: 3) }
    func interval(_ lower: Double, _ upper: Double) -> String {
      "\(Int((100 * confidence).rounded())) % interval \(rate(lower)) to \(rate(upper))"
    }
    let kind = rateKind == .effective ? "effective " : ""
    let rows = [
      (
        kind + (kind.isEmpty ? "learning rate" : "rate"),
        rate(learningRate) + (peak == nil ? "   the one to use" : "   in normalised weight space")
      ), (kind + "optimum", "\(rate(optimum))   \(interval(lower, upper))"),
    ]
    guard let peak else { return rows }
    return [
      (
        "peak rate",
        "\(rate(peak.learningRate))   the one to use, converted from the effective rate"
      ),
      ("peak optimum", "\(rate(peak.optimum))   \(interval(peak.lower, peak.upper))"),
    ] + rows
  }

  private static func factor(_ key: String) -> Double { penaltyFactors[key] ?? 0 }
}

extension DecayAdvice {
  /// The timescale of the recommended decay, and the decays that others would set.
  fileprivate var rows: [(String, String)] {
    func share(_ value: Double) -> String { Quantity.format(value) }
    let runs =
      runsTimescale.lower < runsTimescale.upper
      ? "\(share(runsTimescale.lower)) to \(share(runsTimescale.upper))"
      : share(runsTimescale.lower)
    return [
      (
        "timescale",
        "\(share(asInRuns.timescale)) of the run, B / (learning rate * weight decay * D); the runs had "
          + "\(runs) at their best" + (isOutsideRuns ? ": far from what was tried" : "")
      ),
      (
        "other decays",
        "\(share(keepingTimescale.value)) keeps the runs' \(share(usualTimescale)), "
          + "\(share(followingTokensPerParam.value)) follows tokens a parameter to "
          + "\(share(followingTokensPerParam.timescale)); \(Self.basis)"
      ), ("weight norms", weightNorms.words),
    ]
  }
}

extension DecayAdvice.WeightNorms {
  fileprivate var words: String {
    "settle at a root mean square of \(Quantity.learningRate(settledSize, digits: 2)) after "
      + "\(Quantity.format(steps.rounded())) steps at the peak rate, \(turnovers.rounded(places: 1)) times over in "
      + "the run"
      + (hasSettled
        ? "" : "; below 3 they do not settle, and a rate extrapolated to this run is suspect")
  }
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
        .quantity("batch_tokens") { $0.batchTokens },
      ] + shareColumn("active_share", \.activeShare) + kindColumn + [
        .rate("learning_rate") { $0.learningRate },
        .rate("optimum") { $0.optimum }, .rate("lower") { $0.lower }, .rate("upper") { $0.upper },
        .init(name: "confidence", exact: { $0.confidence.plain }),
        .init(name: "weight_decay", exact: { $0.weightDecay?.value.plain }),
        .init(
          name: "expected_loss_penalty_percent", exact: { $0.expectedLossPenaltyPercent.plain }),
        .init(
          name: "extrapolation_decades_params", exact: { $0.extrapolationDecades.params.plain }),
        .init(
          name: "extrapolation_decades_tokens", exact: { $0.extrapolationDecades.tokens.plain }),
      ] + shareColumn("extrapolation_decades_active_share", \.extrapolationDecades.activeShare)
        + peakColumns)
  }

  /// What the rates are, where they are no peak rates.
  private var kindColumn: [ResultTable.Column<Recommendation>] {
    guard contains(where: { $0.rateKind != .peak }) else { return [] }
    return [
      .init(name: "rate_kind", exact: { $0.rateKind.rawValue }, readable: { $0.rateKind.rawValue })
    ]
  }

  private var peakColumns: [ResultTable.Column<Recommendation>] {
    guard contains(where: { $0.peak != nil }) else { return [] }
    return [
      .rate("peak_learning_rate") { $0.peak?.learningRate },
      .rate("peak_optimum") { $0.peak?.optimum }, .rate("peak_lower") { $0.peak?.lower },
      .rate("peak_upper") { $0.peak?.upper },
    ]
  }

  /// A column that only answers with an active share have.
  private func shareColumn(
    _ name: String, _ value: KeyPath<Recommendation, Double?>
  ) -> [ResultTable.Column<Recommendation>] {
    contains { $0[keyPath: value] != nil } ? [.quantity(name) { $0[keyPath: value] }] : []
  }
}
