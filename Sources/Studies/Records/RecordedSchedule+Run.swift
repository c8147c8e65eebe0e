package import Runs

extension RecordedSchedule {
  /// - Parameters:
  ///   - schedule: As a run file has it.
  ///   - ramp: What the batch does meanwhile, if it is not one all along.
  package init(_ schedule: ScheduleDescription, ramp: BatchRamp? = nil) {
    self.init()
    kind = schedule.kind.rawValue
    warmup = Double(schedule.warmupTokens)
    decay = schedule.decayFraction
    floor = schedule.floor
    shape = schedule.hasDecayShape ? schedule.decayShape.rawValue : nil
    let ramped = ramp.map {
      "batch_ramp=\($0.from)/\($0.tokens)/\($0.learningRate.rawValue)"
    }
    let words =
      schedule.ownSettings.map { "\($0.name)=\($0.value.plain)" } + [ramped].compactMap(\.self)
    settings = words.isEmpty ? nil : words.joined(separator: " ")
  }
}
