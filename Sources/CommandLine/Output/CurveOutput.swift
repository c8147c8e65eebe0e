import Foundation
import Runs
import ScalingLaws

extension CurveStudy {
  /// The findings for a person at a terminal.
  var text: String {
    var lines = [
      "\(fit.form.rawValue) law fitted to \(fit.curves.count.counted("curve")) "
        + "(\(fit.curves.map(\.curve.name).joined(separator: ", "))), warm-up "
        + "\(fit.warmupSteps.counted("step"))",
      "  \(fit.form.formula)",
      "  " + fit.constants.map { "\($0.symbol) \($0.estimate.words)" }.joined(separator: ", "),
      "  \(Int((100 * fit.confidence).rounded())) % intervals from blocks of the curves drawn again; "
        + "a single loss scatters by \((100 * fit.noise).rounded(significant: 2)) %",
      "", accuracyTable.text,
    ]
    if let mean = heldOutAccuracy {
      lines.append(
        "curves not fitted, on average: mean error \(mean.meanAbsolute.rounded(significant: 3)), R² "
          + "\(mean.determination.rounded(places: 4)), worst "
          + "\((100 * mean.worstRelative).rounded(significant: 2)) %")
    }
    if let advice { lines += ["", advice.text] }
    lines += ["", Self.scope]
    return lines.joined(separator: "\n")
  }

  /// What must not be read into the law.
  static let scope =
    "the law carries over the shape and length of a schedule, not over the peak learning rate: choose "
    + "the peak with a sweep (vernier fit). It does not know warm-up either"

  /// A row for each curve.
  var accuracyTable: ResultTable {
    struct Row {
      var name: String
      var use: String
      var steps: Int
      var score: CurveScore?
      var final: Double
    }
    let left = fit.leftOut.map { name, score in
      Row(
        name: name, use: "left out", steps: steps(of: name), score: score,
        final: score.predictedFinalLoss)
    }
    func rows(_ curves: [PredictedCurve], _ use: String) -> [Row] {
      curves.map {
        Row(
          name: $0.paced.curve.name, use: $0.score == nil ? "planned" : use,
          steps: $0.paced.curve.lastStep, score: $0.score, final: $0.finalLoss.value)
      }
    }
    func decimal(
      _ name: String, _ places: Int, _ value: @escaping (Row) -> Double?
    ) -> ResultTable.Column<Row> {
      .init(
        name: name, exact: { value($0)?.plain },
        readable: { value($0).map { "\($0.rounded(places: places))" } })
    }
    return ResultTable(
      rows(fitted, "fitted") + left + rows(predicted, "predicted"),
      [
        .init(name: "curve", exact: { $0.name }, readable: { $0.name }),
        .init(name: "use", exact: { $0.use }, readable: { $0.use }),
        .init(name: "steps", exact: { "\($0.steps)" }, readable: { "\($0.steps)" }),
        decimal("mean_error", 5) { $0.score?.accuracy.meanAbsolute },
        decimal("rms_error", 5) { $0.score?.accuracy.rootMeanSquare },
        decimal("r_squared", 4) { $0.score?.accuracy.determination },
        decimal("worst_percent", 2) { ($0.score?.accuracy.worstRelative).map { 100 * $0 } },
        decimal("final_loss", 4) { $0.score?.finalLoss },
        decimal("predicted", 4) { $0.final },
        decimal("final_error", 4) { $0.score?.finalError },
      ])
  }

  private func steps(of name: String) -> Int {
    fit.curves.first { $0.curve.name == name }?.curve.lastStep ?? 0
  }

  /// A row for each point of each curve.
  var curveTable: ResultTable {
    struct Row {
      var name: String
      var point: LossCurve.Point
      var predicted: Double
    }
    let rows = (fitted + predicted).flatMap { curve in
      zip(curve.paced.curve.points, curve.losses).map {
        Row(name: curve.paced.curve.name, point: $0, predicted: $1)
      }
    }
    return ResultTable(
      rows,
      [
        .init(name: "curve", exact: { $0.name }, readable: { $0.name }),
        .init(name: "step", exact: { "\($0.point.step)" }, readable: { "\($0.point.step)" }),
        .rate("learning_rate") { $0.point.learningRate },
        .init(name: "loss", exact: { $0.point.loss?.plain }),
        .init(
          name: "predicted_loss", exact: { $0.predicted.isFinite ? $0.predicted.plain : nil }),
      ])
  }
}

extension ScheduleAdvice {
  var text: String {
    func row(_ choice: Choice) -> String {
      "  \(choice.name.padding(toLength: 28, withPad: " ", startingAt: 0))"
        + "\(String(format: "%.4f", choice.finalLoss.value))  "
        + String(
          format: "%+.4f (%+.4f to %+.4f)", choice.excess.value, choice.excess.lower,
          choice.excess.upper)
    }
    var lines = [
      "a run of \(steps) steps, decaying to \(Quantity.format(floor)) of the peak: final loss, and beside "
        + "the best decay"
    ]
    lines += fractions.map(row)
    lines += alternatives.map(row)
    lines += leftOutLines
    lines += [
      "decay over \(Self.percent(best.schedule.decayFraction)) of the run is best by the law; "
        + "\(Self.percent(flat.lowerBound)) to \(Self.percent(flat.upperBound)) are no worse than "
        + "\(tolerance.rounded(significant: 2)), below which differences are not to be believed here",
      Self.warmupNote,
    ]
    return lines.joined(separator: "\n")
  }

  /// That some fractions have no place after the warm-up.
  private var leftOutLines: [String] {
    guard !leftOut.isEmpty else { return [] }
    let warmup = best.schedule.warmupSteps
    return [
      "left out, for they would begin within the warm-up of \(warmup.counted("step")): decay over "
        + leftOut.map(Self.percent).joined(separator: ", ")
    ]
  }

  /// What is known of warm-up, which is not from the law.
  static let warmupNote =
    "warm-up: the law does not know it, and nothing here was fitted to it. Published recipes of large "
    + "runs mostly take 1 to 2 % of the steps, small studies up to 10 %; with independent weight decay "
    + "muP acts like a longer one (arXiv 2510.19093)"

  private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
}

extension Estimate {
  fileprivate var words: String {
    "\(value.rounded(significant: 4)) (\(lower.rounded(significant: 3)) to "
      + "\(upper.rounded(significant: 3)))"
  }
}

/// The findings for a program.
struct CurveResult: Encodable {
  struct Curve: Encodable {
    var name: String
    var use: String
    var steps: Int
    var accuracy: CurveAccuracy?
    var finalLoss: Double?
    var predictedFinalLoss: Estimate
  }

  struct LeftOut: Encodable {
    var name: String
    var accuracy: CurveAccuracy
    var finalLoss: Double
    var predictedFinalLoss: Double
  }

  struct Constant: Encodable {
    var symbol: String
    var estimate: Estimate
  }

  struct Choice: Encodable {
    var name: String
    var decayFraction: Double
    var decay: PlannedSchedule.Decay
    var finalLoss: Estimate
    var excess: Estimate
  }

  struct Advice: Encodable {
    var steps: Int
    var floor: Double
    var bestDecayFraction: Double
    var flatDecayFractions: [Double]
    var tolerance: Double
    var fractions: [Choice]
    var leftOutDecayFractions: [Double]
    var alternatives: [Choice]
    var warmup: String
  }

  var law: LossCurveForm
  var formula: String
  var source: String
  var warmupSteps: Int
  var scatterPercent: Double
  var constants: [Constant]
  var curves: [Curve]
  var leftOut: [LeftOut]
  var heldOutAccuracy: CurveAccuracy?
  var advice: Advice?
  var scope: String
  var warnings: [FitWarning]

  init(_ study: CurveStudy) {
    law = study.fit.form
    formula = study.fit.form.formula
    source = study.fit.form.source
    warmupSteps = study.fit.warmupSteps
    scatterPercent = 100 * study.fit.noise
    constants = study.fit.constants.map { Constant(symbol: $0.symbol, estimate: $0.estimate) }
    func curves(_ curves: [PredictedCurve], _ use: String) -> [Curve] {
      curves.map {
        Curve(
          name: $0.paced.curve.name, use: $0.score == nil ? "planned" : use,
          steps: $0.paced.curve.lastStep, accuracy: $0.score?.accuracy,
          finalLoss: $0.score?.finalLoss, predictedFinalLoss: $0.finalLoss)
      }
    }
    self.curves = curves(study.fitted, "fitted") + curves(study.predicted, "predicted")
    leftOut = study.fit.leftOut.map {
      LeftOut(
        name: $0.name, accuracy: $0.score.accuracy, finalLoss: $0.score.finalLoss,
        predictedFinalLoss: $0.score.predictedFinalLoss)
    }
    heldOutAccuracy = study.heldOutAccuracy
    advice = study.advice.map { advice in
      func choices(_ choices: [ScheduleAdvice.Choice]) -> [Choice] {
        choices.map {
          Choice(
            name: $0.name, decayFraction: $0.schedule.decayFraction, decay: $0.schedule.decay,
            finalLoss: $0.finalLoss, excess: $0.excess)
        }
      }
      return Advice(
        steps: advice.steps, floor: advice.floor,
        bestDecayFraction: advice.best.schedule.decayFraction,
        flatDecayFractions: [advice.flat.lowerBound, advice.flat.upperBound],
        tolerance: advice.tolerance, fractions: choices(advice.fractions),
        leftOutDecayFractions: advice.leftOut, alternatives: choices(advice.alternatives),
        warmup: ScheduleAdvice.warmupNote)
    }
    scope = CurveStudy.scope
    warnings = study.warnings
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }
}
