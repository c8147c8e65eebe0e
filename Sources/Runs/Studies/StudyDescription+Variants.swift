extension StudyDescription {
  /// An optimizer of a study.
  package struct OptimizerEntry: Hashable, Sendable {
    package var rule: OptimizerDescription
    /// In place of the study's: rates of other rules mean other things.
    package var learningRates: LearningRates?
    /// In place of the study's.
    package var learningRateByRole: [String: Double]?

    package init(
      _ rule: OptimizerDescription, learningRates: LearningRates? = nil,
      learningRateByRole: [String: Double]? = nil
    ) {
      self.rule = rule
      self.learningRates = learningRates
      self.learningRateByRole = learningRateByRole
    }
  }

  /// A schedule of a study.
  package struct ScheduleEntry: Hashable, Sendable {
    package var schedule: ScheduleDescription
    /// Whether a model's horizons branch off one run at the peak; only of a schedule that has a trunk.
    package var sharesTrunk: Bool

    package init(_ schedule: ScheduleDescription, sharesTrunk: Bool) {
      self.schedule = schedule
      self.sharesTrunk = sharesTrunk
    }
  }

  /// One optimizer under one schedule, by their places in the study's lists, from 1.
  package struct Variant: Hashable, Sendable {
    package var optimizer: Int
    package var schedule: Int

    package init(optimizer: Int, schedule: Int) {
      self.optimizer = optimizer
      self.schedule = schedule
    }
  }

  /// Every optimizer under every schedule.
  package var variants: [Variant] {
    optimizers.indices.flatMap { optimizer in
      schedules.indices.map { Variant(optimizer: optimizer + 1, schedule: $0 + 1) }
    }
  }

  /// The first optimizer, which is the only one unless the study has several variants.
  package var optimizer: OptimizerDescription {
    get { optimizers[0].rule }
    set { optimizers[0].rule = newValue }
  }

  /// The first schedule, which is the only one unless the study has several variants.
  package var schedule: ScheduleDescription {
    get { schedules[0].schedule }
    set { schedules[0].schedule = newValue }
  }

  /// Whether horizons under the first schedule share a trunk.
  package var sharesTrunk: Bool {
    get { schedules[0].sharesTrunk }
    set { schedules[0].sharesTrunk = newValue }
  }

  /// The peak rates of a variant.
  package func learningRates(of variant: Variant) -> LearningRates {
    optimizers[variant.optimizer - 1].learningRates ?? learningRates
  }

  package func learningRateByRole(of variant: Variant) -> [String: Double] {
    optimizers[variant.optimizer - 1].learningRateByRole ?? learningRateByRole
  }

  /// The study of one variant alone: its runs are those of this study.
  package func only(_ variant: Variant) -> StudyDescription {
    guard variants.count > 1 else { return self }
    var study = self
    study.learningRates = learningRates(of: variant)
    study.learningRateByRole = learningRateByRole(of: variant)
    study.optimizers = [OptimizerEntry(optimizers[variant.optimizer - 1].rule)]
    study.schedules = [schedules[variant.schedule - 1]]
    study.chosenRuns = chosenRuns.map { runs in
      runs.filter { isOf($0, variant) }.map { run in
        var run = run
        (run.optimizer, run.schedule) = (nil, nil)
        return run
      }
    }
    return study
  }
}
