import RealModule
import Runs
import ScalingLaws
import Studies

extension HeldOutTest {
  /// What the recommended rate cost there, in percent of loss; `nil` where it has no loss.
  var gapWords: String? {
    gapPercent.map { "\(Wording.measured($0, gapStandardError))\u{A0}%" }
  }
}

extension HeldOutView {
  /// The finding, in sentences.
  var message: String {
    let scale =
      "\(Quantity.format(test.params)) parameters on \(Quantity.format(Double(test.tokens))) tokens"
    let rate = Quantity.learningRate(test.learningRate)
    guard let best = test.best, let least = best.loss else {
      return "No run of \(scale) has a loss: "
        + "\(Wording.count(test.divergedRuns.count, "run")) diverged."
    }
    guard let gap = test.gapWords else {
      return
        "With the recommended learning rate of \(rate), the run of \(scale) diverged; the least "
        + "loss measured is \(Wording.decimal(least, digits: 4)) at \(Quantity.learningRate(best.learningRate))."
    }
    let place =
      best.id == test.recommendedRun?.id
      ? "no other rate tried does better"
      : "the least, \(Wording.decimal(least, digits: 4)), is at "
        + Quantity.learningRate(best.learningRate)
    return
      "At \(scale), the recommended learning rate of \(rate) ends with a gap of \(gap) to the least "
      + "loss measured there; \(place)."
  }

  var caption: String {
    let confidence = Wording.share(test.optimum.confidence)
    let optimum =
      test.measuredOptimum.map { measured in
        let isInside = (test.optimum.lower...test.optimum.upper).contains(measured.value)
        return " The measured optimum, \(Quantity.learningRate(measured.value)) "
          + "(\(Wording.rates(measured.lower, measured.upper))), lies "
          + "\(isInside ? "inside" : "outside") the law's \(confidence) interval."
      } ?? " The runs do not bracket the optimum there."
    let above =
      aboveRuns.isEmpty
      ? ""
      : " \(Wording.count(aboveRuns.count, "run")) above the plot "
        + "\(aboveRuns.count == 1 ? "is" : "are") marked at its top."
    return message + optimum
      + " The rate was recommended before any of these runs had begun, and they are no part of the "
      + "law; this is not the test within the sweep, which leaves out runs that were there."
      + above
  }

  var legend: [LegendEntry] {
    let confidence = Wording.share(test.optimum.confidence)
    var legend = [
      LegendEntry(mark: .rule, color: .answer, label: "recommended rate"),
      LegendEntry(
        mark: .band, color: .answer, label: "\(confidence) interval of the optimum, by the law"),
    ]
    if test.recommendedRun?.loss != nil {
      legend.append(LegendEntry(mark: .diamond, color: .answer, label: "run at it"))
    }
    if test.best != nil {
      legend.append(LegendEntry(mark: .dot, color: .data, label: "run at another rate"))
    }
    if let measured = test.measuredOptimum {
      legend.append(
        LegendEntry(
          mark: .diamond, color: .ink,
          label: "optimum as measured, \(Wording.share(measured.confidence)) interval"))
    }
    if !aboveRuns.isEmpty {
      legend.append(LegendEntry(mark: .triangle, color: .data, label: "loss above the plot"))
    }
    if !test.divergedRuns.isEmpty {
      legend.append(LegendEntry(mark: .cross, color: .muted, label: "diverged"))
    }
    return legend
  }

  var table: DataTable {
    let least = test.best?.loss
    let runs = test.runs.map { run -> [DataTable.Cell] in
      [
        .text(run.id == test.recommendedRun?.id ? "run, recommended rate" : "run"),
        .rate(run.learningRate), .rate(nil), .rate(nil), .decimal(run.loss, digits: 5),
        .decimal(run.loss.flatMap { loss in least.map { 100 * (loss / $0 - 1) } }),
        .text(run.loss == nil ? "diverged" : "finished"),
      ]
    }
    let optima: [(String, Estimate?)] = [
      ("optimum by the law", test.optimum), ("optimum as measured", test.measuredOptimum),
    ]
    return DataTable(
      caption: "Runs at the held-out scale, and where the optimum is",
      columns: [
        DataTable.Column("what", "What"), DataTable.Column("learning_rate", "Learning rate"),
        DataTable.Column("lower", "Lower end"), DataTable.Column("upper", "Upper end"),
        DataTable.Column("loss", "Loss"), DataTable.Column("rise_percent", "Over the least (%)"),
        DataTable.Column("outcome", "Outcome"),
      ],
      rows: runs
        + optima.compactMap { name, optimum in
          optimum.map { optimum in
            [
              .text(name), .rate(optimum.value), .rate(optimum.lower), .rate(optimum.upper),
              .decimal(nil), .decimal(nil), .text(""),
            ]
          }
        })
  }
}
