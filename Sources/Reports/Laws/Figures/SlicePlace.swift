import RealModule
import Runs
import ScalingLaws

/// Where a run is drawn in its panel.
struct SlicePlace {
  enum Mark: CaseIterable {
    case measured, predicted, above, diverged

    func marker(color: PlotColor, isBest: Bool) -> ScatterTrace.Marker {
      let opacity = isBest ? 1 : 0.45
      switch self {
      case .measured:
        return ScatterTrace.Marker(size: isBest ? 6.5 : 4, color: .all(color), opacity: opacity)
      case .predicted:
        return ScatterTrace.Marker(
          symbol: .hollow, size: isBest ? 6.5 : 5, color: .all(color),
          line: ScatterTrace.Line(color: color, width: 1.2), opacity: opacity)
      case .above:
        return ScatterTrace.Marker(
          symbol: .triangle, size: 6, color: .all(color),
          line: ScatterTrace.Line(color: color, width: 1.1), opacity: opacity)
      case .diverged:
        return ScatterTrace.Marker(
          symbol: .cross, size: 6, color: .all(color),
          line: ScatterTrace.Line(color: color, width: 1.4), opacity: opacity)
      }
    }
  }

  var rate: Double
  var height: Double
  var mark: Mark
  var words: String
}

extension SliceFit {
  /// The least loss of the slice, by its basin and by its runs; infinite where all diverged.
  var leastLoss: Double {
    let finished = zip(losses, diverged).compactMap { $0.1 ? nil : $0.0 }
    return min(minimumLoss ?? .infinity, finished.min() ?? .infinity)
  }

  /// Every run in its place; those above the panel are pinned at its top, diverged ones above them.
  func places(floor: Double, zoom: Double) -> [SlicePlace] {
    let batch = batchTokens.map { ", batch \(Quantity.format($0))" } ?? ""
    return learningRates.indices.map { index in
      let start = "LR \(Quantity.learningRate(learningRates[index], digits: 3))\(batch)<br>"
      let loss = losses[index]
      if diverged[index] {
        let words = loss.map { "diverged, loss \(Wording.decimal($0, digits: 4))" } ?? "diverged"
        return SlicePlace(
          rate: learningRates[index], height: floor * (1 + 1.14 * zoom), mark: .diverged,
          words: start + words)
      }
      let value = loss ?? .infinity
      let isAbove = value > floor * (1 + zoom)
      let isPredicted = predicted[index]
      return SlicePlace(
        rate: learningRates[index], height: isAbove ? floor * (1 + 1.06 * zoom) : value,
        mark: isAbove ? .above : isPredicted ? .predicted : .measured,
        words: start + (isPredicted ? "predicted loss " : "loss ")
          + Wording.decimal(value, digits: 5))
    }
  }

  /// The fitted basin where it is below `limit`, or `nil` where none was fitted.
  func curve(
    _ shape: BasinShape, over rates: ClosedRange<Double>, below limit: Double
  ) -> [(rate: Double, loss: Double)]? {
    guard let optimum, let minimumLoss, let depth, let first = learningRates.first,
      let last = learningRates.last
    else { return nil }
    // A little beyond the runs, so that an optimum near the edge is seen to be one.
    let low = max(rates.lowerBound, min(first, optimum.value) / 1.2)
    let high = min(rates.upperBound, max(last, optimum.value) * 1.2)
    guard high > low else { return nil }
    let curve = OrderedScale.places(from: low, to: high, count: 49).map { rate in
      (rate: rate, loss: minimumLoss * .exp(depth * shape.rise(.log(rate / optimum.value))))
    }.filter { $0.loss <= limit }
    return curve.count > 1 ? curve : nil
  }
}
