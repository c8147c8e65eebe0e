import Runs

/// The curve of a run, joined from the metrics that its log keeps apart.
struct LogCurve {
  /// The points that tell a loss, training or held-out, in the order of steps.
  private(set) var points: [ImportedRun.CurvePoint] = []
  private(set) var loss: Source?
  private(set) var validation: Source?
  private(set) var learningRate: Source?
  /// Every series of a rate, for what groups of parameters have rates of their own.
  private(set) var rates: [MetricSeries] = []
  private(set) var tokens: Source?
  private(set) var samples: Source?
  private(set) var batchTokens: Source?
  private(set) var batchSequences: Source?
  /// Held-out losses under other names that could have been meant.
  private(set) var otherValidations: [String] = []
  /// Whether steps were told twice, as a run that was resumed does.
  private(set) var isResumed = false
  private(set) var isThinned = false

  /// A metric that was taken for a field, its steps in the trainer's own count.
  struct Source {
    var name: MetricName
    var series: MetricSeries
    var last: Double? { series.values.last }
  }

  init(_ log: RunLog, names: FieldNames, choices: ImportChoices) {
    let counted = Self.matches(.step, log, names, choices).first?.series
    func sources(_ field: CurveField) -> [Source] {
      Self.matches(field, log, names, choices).map { match in
        Source(name: match.name, series: match.series.counted(by: counted))
      }
    }
    func cleaned(_ source: Source) -> Source {
      Source(name: source.name, series: source.series.resumed)
    }
    let losses = sources(.loss)
    loss = losses.first.map(cleaned)
    let validations = sources(.validationLoss)
    validation = validations.first.map(cleaned)
    otherValidations = validations.dropFirst().filter { $0.name.name.contains("*") }
      .map(\.series.name)
    rates = sources(.learningRate).map { cleaned($0).series }
    learningRate = sources(.learningRate).first.map(cleaned)
    tokens = sources(.tokens).first.map(cleaned)
    samples = sources(.samples).first.map(cleaned)
    batchTokens = sources(.batchTokens).first.map(cleaned)
    batchSequences = sources(.batchSequences).first.map(cleaned)
    isResumed = (losses.first?.series.steps.count ?? 0) > (loss?.series.steps.count ?? 0)
    isThinned = [loss, validation, learningRate].contains { $0?.series.isThinned == true }
    points = joined()
  }

  /// The steps between two lines of the log, in the mean.
  var logInterval: Double { (loss ?? validation)?.series.interval ?? 1 }

  /// The last step that anything was logged at.
  var lastStep: Int? { points.last?.step }

  /// Whether steps are counted from 0, as a loop that logs each loss before it counts does.
  ///
  /// It tells of each step from 0 on, or of those that are one less than a multiple of their distance.
  /// A line of step 0 that is followed by one of step 100 may as well be that of the loss before any.
  var countsFromZero: Bool {
    guard let steps = loss?.series.steps, let first = steps.first, steps.count > 2 else {
      return false
    }
    let distance = steps[1] - first
    guard distance > 1 else { return first == 0 && steps[1] == 1 && steps[2] == 2 }
    // The last line may be that of the end.
    return first + 1 == distance
      && steps.dropLast(steps.count > 3 ? 1 : 0).allSatisfy { ($0 + 1).isMultiple(of: distance) }
  }

  /// How many steps were made by the last that was logged; held-out losses are of those made before.
  var stepsMade: Int? {
    guard let lastStep else { return nil }
    guard countsFromZero, let last = loss?.series.steps.last else { return lastStep }
    return max(last + 1, lastStep)
  }

  /// The points with tokens: as the log counts them, else as `tokensAt` says.
  mutating func countTokens(sequenceLength: Double?, _ tokensAt: (Int) -> Double?) {
    var counted = tokens.map { SteppedValues($0.series) }
    if counted == nil, let samples, let sequenceLength {
      counted = SteppedValues(samples.series.scaled(by: sequenceLength))
    }
    for index in points.indices {
      let step = points[index].step
      points[index].tokens = counted?.value(at: step) ?? tokensAt(step)
    }
  }

  private func joined() -> [ImportedRun.CurvePoint] {
    var points: [ImportedRun.CurvePoint] = []
    let (train, held) = (loss?.series, validation?.series)
    var rate = learningRate.map { SteppedValues($0.series) }
    var (i, j) = (0, 0)
    points.reserveCapacity(max(train?.steps.count ?? 0, held?.steps.count ?? 0))
    while i < train?.steps.count ?? 0 || j < held?.steps.count ?? 0 {
      let trainStep = train.flatMap { i < $0.steps.count ? $0.steps[i] : nil }
      let heldStep = held.flatMap { j < $0.steps.count ? $0.steps[j] : nil }
      let step = min(trainStep ?? .max, heldStep ?? .max)
      var point = ImportedRun.CurvePoint(step: step)
      if trainStep == step {
        point.loss = train?.values[i]
        i += 1
      }
      if heldStep == step {
        point.validationLoss = held?.values[j]
        j += 1
      }
      point.learningRate = rate?.value(at: step)
      points.append(point)
    }
    return points
  }

  private static func matches(
    _ field: CurveField, _ log: RunLog, _ names: FieldNames, _ choices: ImportChoices
  ) -> [Source] {
    if let name = choices.keys[field.rawValue], let series = log.series(name.key) {
      let scaled = name.factor.map { series.scaled(by: $0) } ?? series
      return [Source(name: MetricName(name.key), series: scaled)]
    }
    var sources: [Source] = []
    var seen: Set<String> = []
    for name in names.metrics[field] ?? [] {
      let found = log.metrics.filter {
        name.matches($0.name) && !$0.steps.isEmpty && !seen.contains($0.name)
      }
      for series in found.sorted(by: { $0.name < $1.name }) {
        seen.insert(series.name)
        sources.append(Source(name: name, series: series))
      }
    }
    return sources
  }
}

/// A series asked at growing steps: the value at a step, else the last before it.
private struct SteppedValues {
  private let series: MetricSeries
  private var next = 0

  init(_ series: MetricSeries) { self.series = series }

  mutating func value(at step: Int) -> Double? {
    while next < series.steps.count, series.steps[next] <= step { next += 1 }
    return next == 0 ? nil : series.values[next - 1]
  }
}

extension MetricSeries {
  fileprivate func scaled(by factor: Double) -> MetricSeries {
    var series = MetricSeries(name: name)
    for (step, value) in zip(steps, values) { series.append(value * factor, at: step) }
    return series
  }

  /// The series with the trainer's own steps, where a metric of the log counts them.
  ///
  /// What was logged apart from the counter, as evaluations are, counts at its last value before.
  fileprivate func counted(by counter: MetricSeries?) -> MetricSeries {
    guard let counter, counter.name != name else { return self }
    var steps: [Int: Int] = [:]
    for (logged, value) in zip(counter.steps, counter.values) {
      if let step = Int(exactly: value.rounded()) { steps[logged] = step }
    }
    let counted = steps.keys.sorted()
    var before = 0
    var lastLogged = Int.min
    var series = MetricSeries(name: name)
    for (logged, value) in zip(self.steps, values) {
      if let step = steps[logged] {
        series.append(value, at: step)
      } else {
        if logged < lastLogged { before = 0 }
        while before < counted.count, counted[before] < logged { before += 1 }
        if before > 0, let step = steps[counted[before - 1]], step != series.steps.last {
          series.append(value, at: step)
        }
      }
      lastLogged = logged
    }
    return series.steps.isEmpty ? self : series
  }
}
