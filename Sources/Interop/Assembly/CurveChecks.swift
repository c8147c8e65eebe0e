import Foundation
import Runs

/// Compares what a run did with what it was set to do, and says what each difference does to a fit.
struct CurveChecks {
  private(set) var warnings: [ImportWarning] = []
  private let curve: LogCurve
  private let record: RunRecord
  private let plannedSteps: Double?

  /// Logged rates are printed with few digits.
  private static let rateTolerance = 0.02
  /// A run that ends above its floor by more than this part of the peak was cut before its end.
  private static let floorTolerance = 0.05
  /// What a decayed rate usually ends below, over the peak.
  private static let usualFloor = 0.3

  init(
    _ curve: LogCurve, record: RunRecord, plannedSteps: Double?, shape: ScheduleShape?,
    configuredFloor: Double?
  ) {
    self.curve = curve
    self.record = record
    self.plannedSteps = plannedSteps
    if let shape {
      checkPeak(shape)
      checkWarmup(shape)
      checkDecay(shape, floor: configuredFloor)
    }
    checkGroups()
    checkBatch()
    checkTokens()
    checkEnd()
    if curve.isResumed {
      add(
        .resumed,
        "some steps are told twice, as by a run that was resumed; the last of each counts")
    }
    if curve.isThinned {
      add(
        .thinned,
        "more than \(MetricSeries.mostPoints) points were logged; early ones were thinned, the end is whole"
      )
    }
  }

  private mutating func add(_ code: ImportWarning.Code, _ message: String) {
    warnings.append(ImportWarning(code, message))
  }

  // MARK: - Rates

  private mutating func checkPeak(_ shape: ScheduleShape) {
    let rate = record.learningRate
    guard rate > 0, abs(shape.peak / rate - 1) > Self.rateTolerance,
      let series = curve.learningRate?.series,
      // The peak may lie between two lines of the log.
      rate < shape.peak || rate - shape.peak > series.step(beside: shape.peak)
    else { return }
    add(
      .learningRateDiffers,
      "\(series.name) rises to \(Quantity.learningRate(shape.peak)), and the run was set to "
        + "\(Quantity.learningRate(rate)), which the record has; a scheduler or a resumed state may have "
        + "replaced it. A fit would take the loss for that of a rate that was not used: if the log is right, "
        + "say --map learning_rate=\(series.name) or --set learning_rate=\(Quantity.learningRate(shape.peak))"
    )
  }

  private mutating func checkWarmup(_ shape: ScheduleShape) {
    guard let warmup = record.schedule.warmup, let batch = record.batchTokens, batch > 0 else {
      return
    }
    let set = warmup / batch
    let seen = Double(shape.peakSteps.lowerBound)
    let interval = logInterval
    guard abs(seen - set) > 2 * interval + 0.05 * set + 1 else { return }
    add(
      .warmupDiffers,
      "the rate comes to its peak at step \(seen.plain), and the warm-up was set to \(set.rounded().plain) steps; runs "
        + "whose warm-up differs have different best rates, so check that all runs have the same")
  }

  private mutating func checkDecay(_ shape: ScheduleShape, floor: Double?) {
    guard record.status == .finished else { return }
    let kind = record.schedule.kind ?? shape.kind
    let decays = kind != "constant" && kind != "inverse_sqrt"
    let isHigh = shape.end > (floor.map { $0 + Self.floorTolerance } ?? Self.usualFloor)
    if decays, isHigh {
      add(
        .notAnnealed,
        "the rate ends at \(Int((100 * shape.end).rounded())) % of its peak, so this horizon was not annealed: "
          + "its loss is higher than an annealed one, by more at higher rates, and would pull the law to "
          + "lower rates. It is unfinished for a fit; --set status=finished takes it as it is")
    } else if let set = record.schedule.decay, let seen = shape.decayFraction,
      abs(set - seen) > 0.05
    {
      add(
        .decayDiffers,
        "the rate decays over \((100 * seen).rounded().plain) % of the run, and it was set to "
          + "\((100 * set).rounded().plain) %; runs "
          + "of different decays are never fitted together, so the record must say what was done")
    } else if let set = record.schedule.kind, let seen = shape.kind, set != seen,
      ["constant", "wsd", "cosine", "linear", "inverse_sqrt"].contains(set)
    {
      add(
        .decayDiffers,
        "the schedule was set to \(set), and the logged rate looks like \(seen); runs of different schedules "
          + "are never fitted together, so correct the wrong ones by --set schedule.kind=\(seen)")
    }
  }

  /// Whether the run must not be fitted as one that came to its horizon's end.
  var wasNotAnnealed: Bool { warnings.contains { $0.code == .notAnnealed } }

  private mutating func checkGroups() {
    guard let first = curve.rates.first, curve.rates.count > 1 else { return }
    for other in curve.rates.dropFirst() {
      let pairs = Dictionary(zip(first.steps, first.values)) { $1 }
      let ratios = zip(other.steps, other.values).compactMap { step, value -> (Int, Double)? in
        guard let base = pairs[step], base > 0, value > 0 else { return nil }
        return (step, value / base)
      }
      guard let start = ratios.first?.1,
        let change = ratios.first(where: { abs($0.1 / start - 1) > Self.rateTolerance })
      else { continue }
      add(
        .groupRatiosChange,
        "\(other.name) is \(start.rounded(significant: 3)) times \(first.name) at first and "
          + "\(change.1.rounded(significant: 3)) times at step \(change.0): a scheduler gives its groups rates "
          + "of their own, so the run is not one of fixed ratios, and its best peak is that of another recipe"
      )
    }
  }

  // MARK: - Tokens

  private mutating func checkBatch() {
    guard let source = curve.batchTokens ?? curve.batchSequences else { return }
    let values = source.series.values.filter { $0.isFinite && $0 > 0 }
    guard let first = values.first, let last = values.last,
      let index = source.series.values.lastIndex(where: { abs($0 / last - 1) > 0.01 }),
      index + 1 < source.series.steps.count
    else { return }
    add(
      .batchChanges,
      "\(source.series.name) goes from \(first.plain) to \(last.plain), the last time at step "
        + "\(source.series.steps[index + 1]); the record has the last one, and the best rate moves with the "
        + "batch, so fit such runs only with others of the same ramp")
  }

  private mutating func checkTokens() {
    guard let counted = curve.tokens?.last, let batch = record.batchTokens,
      let step = curve.tokens?.series.steps.last, step > 0, counted > 0, batch > 0,
      // Counters are told before a step or after it.
      abs(Double(step) * batch - counted) > 0.02 * counted + batch
    else { return }
    add(
      .tokensDisagree,
      "\(curve.tokens?.series.name ?? "") ends at \(Quantity.format(counted)), and \(step) steps of "
        + "\(Quantity.format(batch)) tokens make \(Quantity.format(Double(step) * batch)); the record has the count "
        + "of the log. Check the batch and whether the counter began with this run")
  }

  // MARK: - The end

  private mutating func checkEnd() {
    switch record.status {
    case .diverged:
      add(
        .diverged,
        "diverged at step \((record.divergedAt ?? 0).plain); it is kept, as it bounds the best rate from above"
      )
    case .unfinished:
      let planned = plannedSteps.map { " of \($0.plain)" } ?? ""
      add(
        .unfinished,
        "ended at step \((record.steps ?? 0).plain)\(planned); its loss is not that of its horizon, so fits "
          + "leave it out")
    case .finished: checkSpikes()
    }
  }

  private mutating func checkSpikes() {
    guard let series = curve.loss?.series else { return }
    let spikes = LossSpikes(series)
    guard let largest = spikes.largest else { return }
    let isLate = Double(largest.step) > Double(series.steps.last ?? 0) * (1 - TailLoss.share)
    add(
      .spikes,
      "\(spikes.count.counted("spike")) of the loss, the largest by \(largest.height.rounded(significant: 2)) "
        + "at step \(largest.step)"
        + (isLate
          ? "; it is in the end that the final loss is taken from, which it raises"
          : ", and it came back; a rate near its limit spikes first, so such a run bounds the best rate")
    )
  }

  /// The steps between two logged points.
  private var logInterval: Double { curve.learningRate?.series.interval ?? 1 }
}

extension MetricSeries {
  /// The larger difference of a value, where it comes first, to those of its neighbours.
  fileprivate func step(beside value: Double) -> Double {
    guard let place = values.firstIndex(of: value) else { return 0 }
    let neighbours = [place - 1, place + 1].filter(values.indices.contains)
    return neighbours.map { abs(values[$0] - value) }.filter(\.isFinite).max() ?? 0
  }
}
