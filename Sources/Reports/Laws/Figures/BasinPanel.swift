import RealModule
import Runs
import ScalingLaws

/// One cell's losses against learning rate, with everything that all panels share.
struct BasinPanel {
  let cell: CellFit
  let shape: BasinShape
  let rates: ClosedRange<Double>
  /// The relative rise above the cell's least loss up to which losses are shown in their place.
  let zoom: Double
  /// Colours of batch sizes; `nil` where all runs have the same or none is known.
  let batches: OrderedScale?

  /// The slice at the best batch size: by the cell's optimum, else the one with the least loss.
  var bestSlice: Int? {
    if let best = cell.bestBatchTokens {
      return cell.slices.indices.filter { cell.slices[$0].batchTokens != nil }.min {
        distance($0, best) < distance($1, best)
      }
    }
    return cell.slices.indices.min { cell.slices[$0].leastLoss < cell.slices[$1].leastLoss }
  }

  private func distance(_ slice: Int, _ batch: Double) -> Double {
    abs(.log((cell.slices[slice].batchTokens ?? batch) / batch))
  }

  var leastLoss: Double { cell.slices.map(\.leastLoss).min() ?? 1 }

  func plot(id: String) -> Figure.Plot {
    let order = cell.slices.indices.sorted {
      ($0 == bestSlice ? 1 : 0, $0) < ($1 == bestSlice ? 1 : 0, $1)
    }
    let floor = leastLoss.isFinite ? leastLoss : 1
    var layout = PlotLayout(
      xAxis: .logarithmic(rates, title: nil, mostTicks: 5) { Wording.tick($0) },
      yAxis: .linear(
        floor * (1 - 0.12 * zoom)...floor * (1 + 1.2 * zoom), title: nil, ticks: 4))
    layout.margin = PlotLayout.Margin(l: 40, r: 8, t: 6, b: 24)
    if let optimum = cell.optimum {
      layout.shapes = [
        .strip(optimum.lower, optimum.upper, color: .answer.opacity(0.16)),
        .vertical(optimum.value, ScatterTrace.Line(color: .answer, width: 1.25)),
      ]
    }
    return Figure.Plot(
      id: id, heading: heading, note: note, alt: "\(heading): \(message)",
      description: PlotDescription(
        data: order.flatMap { traces(of: $0, floor: floor) }, layout: layout))
  }

  private var heading: String {
    "\(Quantity.format(cell.params)) params, \(Quantity.format(cell.tokens)) tokens"
  }

  private func traces(of index: Int, floor: Double) -> [ScatterTrace] {
    let slice = cell.slices[index]
    let isBest = index == bestSlice
    let color = slice.batchTokens.flatMap { batches?.color($0) } ?? .data
    let faint = isBest ? 1 : 0.4
    var traces: [ScatterTrace] = []
    if let curve = slice.curve(shape, over: rates, below: floor * (1 + zoom)) {
      traces.append(
        .curve(
          x: curve.map(\.rate), y: curve.map(\.loss),
          line: ScatterTrace.Line(
            color: color.opacity(faint), width: isBest ? 2 : 1,
            dash: slice.status == .located ? nil : .dash)))
    }
    let places = slice.places(floor: floor, zoom: zoom)
    // What stands far above a slice that is not the best one would only hide the best one's runs.
    for mark in SlicePlace.Mark.allCases where isBest || mark != .above {
      let marked = places.filter { $0.mark == mark }
      guard !marked.isEmpty else { continue }
      traces.append(
        .points(
          x: marked.map(\.rate), y: marked.map(\.height), words: marked.map(\.words),
          marker: mark.marker(color: color, isBest: isBest)))
    }
    return traces
  }

  /// What the reader of one panel should know, in a few words.
  private var note: String {
    switch cell.status {
    case .located:
      guard let optimum = cell.optimum else { return "" }
      let batch =
        batches == nil
        ? nil : cell.bestBatchTokens.map { ", best\u{A0}batch\u{A0}\(Quantity.format($0))" }
      return
        "\(Quantity.learningRate(optimum.value)) (\(Wording.rates(optimum.lower, optimum.upper)))"
        + (batch ?? "")
    case .edge:
      guard let best = bestSlice, let edge = cell.slices[best].edge else {
        return "Batch sizes with their best at the edge of the rates do as well: not bracketed"
      }
      return "Best at the \(edge.rawValue) rate tried: not bracketed"
    case .tooFewLearningRates: return "Too few learning rates: not used"
    case .allDiverged: return "Only diverged runs: not used"
    }
  }

  private var message: String {
    guard cell.status == .located, let optimum = cell.optimum else { return note + "." }
    return "loss is least near a learning rate of \(Quantity.learningRate(optimum.value)), "
      + "\(Wording.share(optimum.confidence)) interval \(Wording.rates(optimum.lower, optimum.upper))."
  }
}
