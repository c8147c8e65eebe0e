package import Optimizers
package import Parametrizations
package import ProxyModels
import Runs

/// Everything a run does, with nothing left to look up.
package struct TrainingPlan: Sendable {
  package var model: any ProxyModel
  package var settings: ModelSettings
  package var optimizer: any Optimizer
  /// The largest norm of the whole gradient; `nil` clips nothing.
  package var clip: Double?
  package var schedule: LearningRateSchedule
  /// The peak that the schedule's factor multiplies, for the record; settings hold each parameter's.
  package var learningRate: Double
  /// The weight of the squared log partition beside the cross-entropy.
  package var zWeight: Double
  package var seed: UInt64
  package var steps: Int
  /// The sequences of one step.
  package var batchSequences: Int
  package var training: any TokenSource
  package var validation: any TokenSource
  /// How many sequences of the validation source are read each time.
  package var validationSequences: Int

  package init(
    model: any ProxyModel, settings: ModelSettings, optimizer: any Optimizer, clip: Double?,
    schedule: LearningRateSchedule, learningRate: Double, zWeight: Double, seed: UInt64,
    steps: Int, batchSequences: Int, training: any TokenSource, validation: any TokenSource,
    validationSequences: Int
  ) {
    self.model = model
    self.settings = settings
    self.optimizer = optimizer
    self.clip = clip
    self.schedule = schedule
    self.learningRate = learningRate
    self.zWeight = zWeight
    self.seed = seed
    self.steps = steps
    self.batchSequences = batchSequences
    self.training = training
    self.validation = validation
    self.validationSequences = validationSequences
  }

  package var batchTokens: Int { batchSequences * model.description.sequenceLength }

  /// The model on a tape of one or two sequences, whose activations then stay in cache.
  package var recorded: RecordedModel {
    RecordedModel(
      model, settings, sequences: batchSequences.isMultiple(of: 2) ? 2 : 1, zWeight: zWeight)
  }

  /// The sequences of the step that `step` others precede, each made when it is asked for.
  package func batch(_ step: Int) -> LazyMapSequence<Range<Int>, [Int32]> {
    let source = training
    return (step * batchSequences..<(step + 1) * batchSequences).lazy.map(source.sequence)
  }

  /// How often the training text has been gone through after `step` steps; `nil` if it never ends.
  func epochs(after step: Int) -> Double? {
    training.sequencesPerEpoch.map { Double(step * batchSequences) / Double($0) }
  }
}
