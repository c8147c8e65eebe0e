package import Optimizers
package import Parametrizations
package import ProxyModels
package import Runs

/// Everything a run does, with nothing left to look up.
package struct TrainingPlan: Sendable {
  package var model: any ProxyModel
  package var settings: ModelSettings
  package var optimizer: any Optimizer
  /// Whether weight decay multiplies weights, and is no part of gradients.
  package var shrinksWeights: Bool
  /// The largest norm of the whole gradient; `nil` clips nothing.
  package var clip: Double?
  package var schedule: LearningRateSchedule
  /// The checkpoints that are merged into the result, if any.
  package var merge: CheckpointMerge? {
    CheckpointMerge(schedule.description, horizon: schedule.horizon, batches: batches)
  }
  /// The peak that the schedule's factor multiplies, for the record; settings hold each parameter's.
  package var learningRate: Double
  /// The weight of the squared log partition beside the cross-entropy.
  package var zWeight: Double
  package var seed: UInt64
  package var steps: Int
  package var batches: BatchStages
  package var training: any TokenSource
  package var validation: any TokenSource
  /// How many sequences of the validation source are read each time.
  package var validationSequences: Int

  package init(
    model: any ProxyModel, settings: ModelSettings, optimizer: any Optimizer,
    shrinksWeights: Bool = true, clip: Double?,
    schedule: LearningRateSchedule, learningRate: Double, zWeight: Double, seed: UInt64,
    steps: Int, batches: BatchStages, training: any TokenSource, validation: any TokenSource,
    validationSequences: Int
  ) {
    self.model = model
    self.settings = settings
    self.optimizer = optimizer
    self.shrinksWeights = shrinksWeights
    self.clip = clip
    self.schedule = schedule
    self.learningRate = learningRate
    self.zWeight = zWeight
    self.seed = seed
    self.steps = steps
    self.batches = batches
    self.training = training
    self.validation = validation
    self.validationSequences = validationSequences
  }

  /// The model on a tape of one or two sequences, whose activations then stay in cache.
  package var recorded: RecordedModel {
    let smallest = batches.stages[0].batchTokens / model.description.sequenceLength
    return RecordedModel(
      model, settings, sequences: smallest.isMultiple(of: 2) ? 2 : 1, zWeight: zWeight)
  }

  /// The sequences of the step that `step` others precede, each made when it is asked for.
  package func batch(_ step: Int) -> LazyMapSequence<Range<Int>, [Int32]> {
    let source = training
    return (sequences(after: step)..<sequences(after: step + 1)).lazy.map(source.sequence)
  }

  private func sequences(after step: Int) -> Int {
    batches.tokens(after: step) / model.description.sequenceLength
  }

  /// What `step`, counted from 1, multiplies every peak learning rate by.
  func factor(of step: Int) -> Double { schedule.factor(of: step, in: batches) }

  /// How often the training text has been gone through after `step` steps; `nil` if it never ends.
  func epochs(after step: Int) -> Double? {
    training.sequencesPerEpoch.map { Double(sequences(after: step)) / Double($0) }
  }
}
