import Runs

/// The rate of a run and its path.
extension RunAssembly {
  mutating func setLearningRate(of record: inout RunRecord, _ shape: ScheduleShape?) {
    let logged = curve.learningRate?.series
    let peak = shape?.peak ?? logged?.values.filter(\.isFinite).max()
    // A key that names both what was set and what was used means the latter.
    let isLogged = logged != nil && choices.keys["learning_rate"]?.key == logged?.name
    if !isLogged || choices.values["learning_rate"] != nil,
      let found = reading.number("learning_rate"), found.value > 0
    {
      record.learningRate = found.value
      origins["learning_rate"] = found.origin
    } else if let peak, peak > 0, let logged {
      record.learningRate = peak
      origins["learning_rate"] = FieldOrigin("the greatest of \(logged.name)")
    } else {
      let rivals = reading.rivals(of: "learning_rate")
      if !rivals.isEmpty { warnAmbiguous("learning_rate", rivals) }
    }
    let peaks = curve.rates.compactMap { series in
      series.values.filter(\.isFinite).max().map { (series.name, $0) }
    }
    if peaks.count > 1, Set(peaks.map(\.1)).count > 1, record.learningRateByRole == nil {
      // In tables these two stand between rates.
      record.learningRateByRole = Dictionary(
        peaks.map { (String($0.map { "=;".contains($0) ? "_" : $0 }), $1) }
      ) { first, _ in first }
      origins["learning_rate_by_role"] = FieldOrigin("the greatest of each logged rate")
    }
  }

  mutating func setSchedule(
    of record: inout RunRecord, _ shape: ScheduleShape?, steps: Double?
  ) {
    if record.schedule.kind == nil, let shape, let kind = shape.kind, let rates = curve.learningRate
    {
      record.schedule.kind = kind
      origins["schedule.kind"] = FieldOrigin("the shape of \(rates.series.name)")
    }
    setWarmup(of: &record, steps: steps)
    if record.schedule.decay == nil, record.schedule.kind == "wsd" {
      if let decay = reading.number("decay_steps"),
        let total = plannedSteps ?? steps, total > 0,
        (0...total).contains(decay.value)
      {
        record.schedule.decay = (100 * decay.value / total).rounded() / 100
        origins["schedule.decay"] = FieldOrigin("\(decay.origin.rule) over the steps")
      } else if let decay = shape?.decayFraction, let rates = curve.learningRate {
        record.schedule.decay = decay
        origins["schedule.decay"] = FieldOrigin("the shape of \(rates.series.name)")
      }
    }
    if record.schedule.floor == nil, let least = reading.number("min_learning_rate"),
      least.value >= 0, record.learningRate > 0, (least.value / record.learningRate).isFinite
    {
      record.schedule.floor = least.value / record.learningRate
      origins["schedule.floor"] = FieldOrigin("\(least.origin.rule) over learning_rate")
    }
    configuredFloor = record.schedule.floor
  }

  /// Trainers that set the warm-up as a part of the run leave its count of steps at 0, or say the part
  /// in its place.
  private mutating func setWarmup(of record: inout RunRecord, steps: Double?) {
    guard record.schedule.warmup == nil, let batch = record.batchTokens else { return }
    let count = reading.number("warmup_steps")
    let parts = [count, reading.number("warmup_ratio")].compactMap(\.self)
    let (tokens, origin): (Double, FieldOrigin)
    if let count, count.value >= 1 {
      tokens = count.value * batch
      origin = FieldOrigin("\(count.origin.rule) x batch_tokens")
    } else if let part = parts.first(where: { 0 < $0.value && $0.value < 1 }),
      let total = plannedSteps ?? steps
    {
      tokens = (part.value * total).rounded(.up) * batch
      origin = FieldOrigin("\(part.origin.rule) of the steps x batch_tokens")
    } else if let count, count.value == 0 {
      (tokens, origin) = (0, count.origin)
    } else {
      return
    }
    guard tokens <= Self.possibleCounts.upperBound else {
      warnings.append(
        ImportWarning(
          .badValue,
          "\(origin.rule) makes a warm-up of \(tokens.plain) tokens, which none has, and was left out"
        ))
      return
    }
    record.schedule.warmup = tokens
    origins["schedule.warmup"] = origin
  }
}
