import Optimizers
import ProxyModels
package import Runs
import Training

/// The runs that a study takes, in the order of its models, batch sizes, seeds and learning rates.
package struct StudyPlan: Sendable {
  package let study: StudyDescription
  /// Each trunk before its branches.
  package private(set) var runs: [PlannedRun] = []

  /// - Parameters:
  ///   - study: What is asked, with absolute paths.
  ///   - corpora: The text of the study, opened.
  /// - Throws: What would keep a run from being trained.
  package init(_ study: StudyDescription, _ corpora: StudyCorpora) throws {
    guard case .builtin = study.trainer else { throw StudyError.unknownTrainer }
    self.study = study
    for (size, model) in study.models.enumerated() {
      for batch in study.batchTokens {
        for seed in study.seeds {
          for rate in study.learningRates.values {
            let settings = Settings(
              model: model, batchTokens: batch, seed: seed, learningRate: rate)
            let horizons = study.horizons(
              ofSize: size + 1, batchTokens: batch, learningRate: rate)
            runs += try Self.runs(of: study, settings, horizons: horizons, corpora)
          }
        }
      }
      // Whatever the trainer refuses, it refuses before anything is written.
      if let run = runs.last { try corpora.check(run.description) }
    }
    if study.holdOut != nil { try corpora.check(heldOutRun(at: 1)) }
  }

  /// What tells one series of horizons from another.
  struct Settings {
    var model: ModelDescription
    var batchTokens: Int
    var seed: Int
    var learningRate: Double
  }

  private static func runs(
    of study: StudyDescription, _ settings: Settings, horizons tokens: [Int],
    _ corpora: StudyCorpora
  ) throws -> [PlannedRun] {
    let horizons = tokens.map { study.run(settings, tokens: $0) }
    guard study.sharesTrunk, let longest = horizons.last, longest.branchStep > 0 else {
      return try horizons.map { try corpora.plan($0, as: .whole) }
    }
    var trunk = study.run(settings, tokens: longest.branchStep * settings.batchTokens)
    trunk.schedule = ScheduleDescription(.constant)
    trunk.schedule.warmupTokens = study.schedule.warmupTokens
    let shared = try corpora.plan(trunk, as: .trunk)
    return [shared]
      + (try horizons.map { run in
        run.branchStep > 0
          ? try corpora.plan(run, as: .branch, of: shared.id, at: run.branchStep)
          : try corpora.plan(run, as: .whole)
      })
  }

  /// The hold-out at a learning rate.
  ///
  /// - Precondition: The study has one.
  func heldOutRun(at learningRate: Double) -> RunDescription {
    guard let holdOut = study.holdOut else { preconditionFailure("no hold-out") }
    let settings = Settings(
      model: holdOut.model, batchTokens: study.batchTokens[0], seed: study.seeds[0],
      learningRate: learningRate)
    return study.run(settings, tokens: holdOut.tokens)
  }
}

extension StudyDescription {
  /// A run of the study to one horizon.
  func run(_ settings: StudyPlan.Settings, tokens: Int) -> RunDescription {
    var run = RunDescription(
      corpus: corpus, model: settings.model, tokens: tokens, learningRate: settings.learningRate)
    run.batchTokens = settings.batchTokens
    run.seed = settings.seed
    run.schedule = schedule
    run.optimizer = optimizer
    run.parametrization = parametrization
    run.validation = validation
    run.checkpoint = checkpoint
    return run
  }
}

extension RunDescription {
  /// The steps at the peak and before it, whose factor no decay has lowered; none where it decays
  /// from the start.
  fileprivate var branchStep: Int {
    let start = LearningRateSchedule(schedule, horizon: steps * batchTokens).decayStart
    // A step's factor is taken in the middle of its tokens.
    return min(steps - 1, Int((start / Double(batchTokens) + 0.5).rounded(.down)))
  }
}
