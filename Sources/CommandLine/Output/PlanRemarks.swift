import Runs
import ScalingLaws

/// What should be said beside a plan: what it rests on, and what makes it less sure than it looks.
struct PlanRemarks {
  let all: [String]

  /// - Parameters:
  ///   - known: The runs that were read.
  ///   - targets: What was asked.
  ///   - result: What was answered.
  init(_ known: [RunRecord], _ targets: [RunScale], _ result: PlanResult) {
    guard !known.isEmpty else {
      all =
        result.runs.isEmpty
        ? []
        : [
          "no runs are known, so the plan rests on priors: train its first steps, then plan again with "
            + "their losses"
        ]
      return
    }
    var remarks: [String] = []
    if !result.runs.isEmpty, result.targets.contains(where: { $0.readBy == .law }) {
      remarks.append(
        "the fit reads these runs more surely than the loss surface that plans are made with; what is "
          + "expected after them takes it to stay surer by as much")
    }
    let finite = known.filter { !$0.hasDiverged }
    if finite.isEmpty {
      remarks.append(
        "all \(known.count.counted("run")) diverged, so the rates are those of the priors; train lower ones"
      )
    }
    if Set(finite.map(\.loss)).count == 1, finite.count > 1 {
      remarks.append(
        "all losses are equal, so they say nothing of learning rates; check the loss column")
    }
    let rates = known.map(\.learningRate)
    if let least = rates.min(), let greatest = rates.max(),
      let outside = result.targets.first(where: {
        !(least...greatest).contains($0.learningRate)
      })
    {
      remarks.append(
        "the answer \(Quantity.learningRate(outside.learningRate, digits: 3)) lies outside the rates tried, "
          + "\(Quantity.learningRate(least)) to \(Quantity.learningRate(greatest)): take it for a direction"
      )
    }
    if let wide = result.targets.first(where: { $0.intervalRatio > Self.widest }) {
      remarks.append(
        "next to nothing is known of \(Quantity.format(wide.params)) params on "
          + "\(Quantity.format(wide.tokens)) tokens: its interval is wider than any rates that train"
      )
    }
    let places = known.map { RunScale(params: $0.params, tokens: $0.tokens) }
    for (name, quantity) in [("params", ScaleQuantity.params), ("tokens", .tokens)] {
      guard let most = places.compactMap({ quantity.value(at: $0) }).max(),
        let asked = targets.compactMap({ quantity.value(at: $0) }).max(),
        asked > Self.farFactor * most
      else { continue }
      remarks.append(
        "the target has \(Quantity.format(asked / most)) times the \(name) of the largest run known; "
          + "intervals hold the curvature that was seen elsewhere, and no more")
    }
    if targets.contains(where: { $0.activeShare != nil }), known.allSatisfy({ $0.isDense }) {
      remarks.append(
        "the runs known do not differ in what is active, so what the target's active share does to the rate is "
          + "a prior alone")
    }
    all = remarks
  }

  /// Ends of an interval that are farther apart hold every rate that anybody trains at.
  private static let widest = 1e4
  private static let farFactor = 30.0
}

extension RunRecord {
  /// Whether nothing says that only a part of the model is active.
  fileprivate var isDense: Bool { (experts ?? 0) == 0 && paramsActive == nil }
}
