import Foundation

/// The loss that a record gets, what it is, and where it was before the first step.
struct FinalLoss {
  /// A held-out loss counts as the run's last one if no more than this part of its steps follows.
  private static let lastPart = 0.02

  private(set) var value: Double?
  private(set) var standardError: Double?
  /// In words: `validation`, `training, mean since the last line`.
  private(set) var kind: String?
  private(set) var origin: FieldOrigin?
  private(set) var initial: Double?
  private(set) var isValidation = false

  init(_ curve: LogCurve, choice: ImportChoices.LossChoice) {
    let held = curve.validation
    let heldLast = Double(held?.series.steps.last ?? -1)
    let last = Double(curve.lastStep ?? 0)
    let isAtEnd = held != nil && heldLast >= last * (1 - Self.lastPart) - 1
    let wantsHeld = choice == .validation || (choice == .automatic && isAtEnd)
    if wantsHeld, let held, let final = held.last {
      isValidation = true
      value = final.isFinite ? final : nil
      kind = Self.words("validation", held.name.unit)
      if held.name.name.contains("*") { kind? += " " + held.series.name }
      origin = FieldOrigin("\(held.series.name), its last value")
      if held.series.steps.first == 0 { initial = held.series.values.first }
    } else if choice != .validation, let loss = curve.loss {
      let tail = TailLoss(steps: loss.series.steps, values: loss.series.values)
      value = tail?.value
      standardError = tail?.standardError
      kind = Self.words(Self.words(loss.name.average), loss.name.unit)
      origin = FieldOrigin(
        "\(loss.series.name), the mean over the last \(Int(100 * TailLoss.share)) % of the steps")
    }
    if initial == nil, kind != nil, let loss = curve.loss, loss.name.average != .movingAverage,
      let first = loss.series.steps.first, first <= 1, let value = loss.series.values.first,
      loss.name.unit == (isValidation ? held?.name.unit : loss.name.unit)
    {
      initial = value
    }
    if let start = initial, !start.isFinite || start <= 0 { initial = nil }
  }

  /// What a training loss is a mean of; where the log does not tell, it is only that.
  private static func words(_ average: LossAverage?) -> String {
    switch average {
    case .step: "training, one step"
    case .window: "training, mean since the last line"
    case .movingAverage: "training, moving average"
    case nil: "training"
    }
  }

  private static func words(_ kind: String, _ unit: LossUnit) -> String {
    unit == .nats ? kind : "\(kind), \(unit.rawValue)"
  }

  /// The step at which a run is seen to have diverged: its loss is no number at the end, or above
  /// that of a model that knows nothing.
  static func divergence(in curve: LogCurve, ending loss: Double?, from initial: Double?) -> Int? {
    let series = [curve.loss?.series, curve.validation?.series].compactMap(\.self)
    for series in series {
      guard let last = series.values.last, !last.isFinite else { continue }
      let lastFinite = series.values.lastIndex(where: \.isFinite) ?? -1
      return series.steps[lastFinite + 1]
    }
    guard let loss, let initial, loss > initial, let series = series.first else { return nil }
    let lastBelow = series.values.lastIndex { $0 <= initial } ?? 0
    return series.steps[min(lastBelow + 1, series.steps.count - 1)]
  }
}
