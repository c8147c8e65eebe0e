import Runs
import Studies

extension RunDiagnosisReport {
  /// The loss with its spikes; `nil` where no loss was logged.
  var spikeFigure: Figure? {
    let points = run.training.filter { $0.loss?.isFinite == true }
    guard points.count > 1 else { return nil }
    let curve = CurveWindows.even(points.count).map { window -> (x: Double, y: Double) in
      let part = points[window]
      let middle = part[part.startIndex + part.count / 2]
      return (place(middle.step), part.reduce(0) { $0 + ($1.loss ?? 0) } / Double(part.count))
    }
    let spikes = diagnosis.lossSpikes
    let peaks = spikes.map { $0.level + $0.height }
    // What the first steps fall by would hide the rest.
    let later = curve.dropFirst(curve.count / 20).map(\.y) + peaks
    let (low, high) = (later.min() ?? 0, later.max() ?? 1)
    let room = max(0.06 * (high - low), 1e-3)
    let marks = ScatterTrace.points(
      x: spikes.map { place($0.peakStep) }, y: peaks,
      words: spikes.map {
        "step \(Wording.count($0.peakStep))<br>\(Wording.decimal($0.height)) nats above"
          + ($0.backStep.map { "<br>back at step \(Wording.count($0))" } ?? "<br>not back")
      }, marker: ScatterTrace.Marker(symbol: .triangle, size: 9, color: .all(.answer)))
    return Figure(
      id: "spikes", title: "Loss spikes", caption: spikeCaption,
      legend: [
        LegendEntry(mark: .line, color: .data, label: "training loss"),
        LegendEntry(mark: .triangle, color: .answer, label: "spike"),
      ], arrangement: .single,
      plots: [
        Figure.Plot(
          id: "spikes-loss", alt: spikeCaption,
          description: PlotDescription(
            data: [
              .curve(
                x: curve.map(\.x), y: curve.map(\.y), line: .init(color: .data, width: 1)), marks,
            ],
            layout: PlotLayout(
              xAxis: .tokens(upTo: tokensDone, mostTicks: 8),
              yAxis: .linear(low - room...high + room, title: "Loss", mostTicks: 7) {
                Wording.decimal($0, digits: 3)
              },
              shapes: spikes.map { spike in
                .strip(
                  place(spike.step), place(spike.backStep ?? run.stepsMade),
                  color: .answer.opacity(0.12))
              })))
      ], table: spikeTable)
  }

  private func place(_ step: Int) -> Double {
    run.stepsMade > 0 ? tokensDone * Double(step) / Double(run.stepsMade) : 0
  }

  private var spikeCaption: String {
    let definition =
      "A spike begins more than \(Wording.decimal(SpikeSearch.deviations)) robust standard deviations, and "
      + "\(Wording.decimal(RunDiagnosis.leastLossRise)) nats, above the median of the "
      + "\(SpikeSearch.window) steps before it, and lasts until the loss is back."
    guard let highest = diagnosis.lossSpikes.max(by: { $0.height < $1.height }) else {
      return "No loss spike. \(definition)"
    }
    return "\(Wording.count(diagnosis.lossSpikes.count, "loss spike")), the highest by "
      + "\(Wording.decimal(highest.height)) nats at step \(Wording.count(highest.peakStep)). \(definition)"
  }

  private var spikeTable: DataTable {
    DataTable(
      caption: "Loss spikes",
      columns: [
        .init("step", "First step"), .init("peak_step", "Highest step"),
        .init("height", "Height (nats)"), .init("level", "Loss before"),
        .init("back_step", "Back at step"),
      ],
      rows: diagnosis.lossSpikes.map {
        [
          .count($0.step), .count($0.peakStep), .decimal($0.height), .decimal($0.level, digits: 4),
          .quantity($0.backStep.map(Double.init)),
        ]
      })
  }
}
