import Runs

extension RunReport {
  /// The learning rate of each step.
  var rateFigure: Figure {
    let shown = CurveWindows.even(training.count).compactMap { training[$0].last }
    let peak = training.map(\.value.learningRate).max() ?? description.learningRate
    var layout = PlotLayout(
      xAxis: .tokens(upTo: Double(tokensDone), mostTicks: 8),
      yAxis: .linear(0...max(peak, 1e-12) * 1.05, title: "Learning rate", mostTicks: 6) {
        $0 == 0 ? "0" : Wording.tick($0)
      }, shapes: divergenceMark)
    layout.margin.l = 62
    return Figure(
      id: "learning-rate", title: "Learning rate", caption: rateCaption, legend: divergenceLegend,
      arrangement: .single,
      plots: [
        Figure.Plot(
          id: "learning-rate-steps", alt: "Learning rate against tokens: \(rateCaption)", rows: 3,
          description: PlotDescription(
            data: [
              .curve(
                x: shown.map { Double($0.tokens) }, y: shown.map(\.value.learningRate),
                words: shown.map {
                  "step \(Wording.count($0.step))<br>"
                    + "\(Quantity.learningRate($0.value.learningRate, digits: 3))"
                }, line: ScatterTrace.Line(color: .data, width: 2))
            ], layout: layout))
      ],
      table: DataTable(
        caption: "Learning rate, \(tabledWords)",
        columns: [
          DataTable.Column("step", "Step"), DataTable.Column("tokens", "Tokens"),
          DataTable.Column("learning_rate", "Learning rate"),
        ],
        rows: tabledSteps.map {
          [.count($0.step), .quantity(Double($0.tokens)), .rate($0.value.learningRate)]
        }))
  }

  private var rateCaption: String {
    let last = training.last?.value.learningRate ?? 0
    return "The schedule is \(scheduleWords); its peak is "
      + "\(Quantity.learningRate(description.learningRate)), and the last step's rate was "
      + "\(last > 0 ? Quantity.learningRate(last) : "0")."
  }

  /// The schedule in words.
  var scheduleWords: String {
    let schedule = description.schedule
    let warmup =
      schedule.warmupTokens == 0
      ? "no warm-up" : "a warm-up of \(Quantity.format(Double(schedule.warmupTokens))) tokens"
    let end = schedule.floor == 0 ? "0" : "\(Wording.share(schedule.floor)) of the peak"
    let decay =
      schedule.decayFraction == 0
      ? ""
      : ", and a decay to \(end) over the last \(Wording.share(schedule.decayFraction)) "
        + "(\(schedule.decayShape.rawValue))"
    return switch schedule.kind {
    case .wsd: "\(warmup), the peak\(decay)"
    case .cosine: "\(warmup) and a cosine to \(end)"
    case .linear: "\(warmup) and a line to \(end)"
    case .rex: "\(warmup) and a decay to \(end) as REX has it"
    case .constant: "\(warmup) and then constant"
    case .inverseSquareRoot: "\(warmup), the inverse square root of the tokens\(decay)"
    case .power:
      "\(warmup), from \(Quantity.format(Double(schedule.powerTokens))) tokens on their power "
        + "\(schedule.exponent.plain)\(decay)"
    case .infinite:
      "\(warmup), a cosine to a plateau at \(Wording.share(schedule.plateau)) of the peak over "
        + "\(Quantity.format(Double(schedule.cooldownTokens))) tokens\(decay)"
    case .wsm:
      "\(warmup) and the peak to the end, where \(schedule.checkpoints + 1) checkpoints of the last "
        + "\(Wording.share(schedule.decayFraction)) are merged"
    case .cyclic:
      "up from \(end) and back every \(Quantity.format(Double(schedule.cycleTokens))) tokens"
    }
  }
}
