import Optimizers
import ProxyModels
package import Runs
import Training

/// The runs that a study takes, in the order of its models, batch sizes, variants, seeds and learning
/// rates.
package struct StudyPlan: Sendable {
  package let study: StudyDescription
  /// Each trunk before its branches.
  package private(set) var runs: [PlannedRun] = []
  /// The places of trunks among the runs.
  private var trunks: [String: Int] = [:]

  /// - Parameters:
  ///   - study: What is asked, with absolute paths.
  ///   - corpora: The text of the study, opened.
  /// - Throws: What would keep a run from being trained.
  package init(_ study: StudyDescription, _ corpora: StudyCorpora) throws {
    guard case .builtin = study.trainer else { throw StudyError.unknownTrainer }
    self.study = study
    try study.checkRivals()
    for (size, model) in study.models.enumerated() {
      // Whatever the trainer refuses, it refuses before anything is written.
      var examples: [StudyDescription.Variant: PlannedRun] = [:]
      for batch in study.batchTokens {
        for variant in study.variants {
          let rival = study.only(variant)
          for seed in study.seeds {
            for rate in rival.learningRates.values {
              let settings = Settings(
                model: model, batchTokens: batch, seed: seed, learningRate: rate)
              let horizons = rival.horizons(
                ofSize: size + 1, batchTokens: batch, learningRate: rate)
              let planned = try Self.runs(of: rival, settings, horizons: horizons, corpora)
              add(planned)
              examples[variant] = planned.last ?? examples[variant]
            }
          }
        }
      }
      for variant in study.variants {
        if let run = examples[variant] { try corpora.check(run.description) }
      }
    }
    if study.holdOut != nil { try corpora.check(heldOutRun(at: 1)) }
  }

  /// Adds the runs of a series, whose trunk may be there already.
  private mutating func add(_ planned: [PlannedRun]) {
    for run in planned {
      guard run.role == .trunk, let place = trunks[run.id] else {
        if run.role == .trunk { trunks[run.id] = runs.count }
        runs.append(run)
        continue
      }
      // Schedules that differ in their decay alone share the peak, to where the longest leaves it.
      runs[place].description.tokens = max(
        runs[place].description.tokens, run.description.tokens)
    }
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
    guard study.sharesTrunk, let longest = horizons.last(where: { $0.branchStep > 0 }) else {
      return try horizons.map { try corpora.plan($0, as: .whole) }
    }
    var trunk = study.run(
      settings, tokens: longest.batches.tokens(after: longest.branchStep))
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
    run.learningRateByRole = learningRateByRole
    run.zLoss = zLoss
    run.batchRamp = batchRamp
    run.parametrization = parametrization
    run.validation = validation
    run.checkpoint = checkpoint
    run.telemetry = telemetry
    return run
  }
}

extension RunDescription {
  /// The steps that a run of a longer horizon makes too; none where these are no run by themselves.
  ///
  /// It depends on no other horizon, so that one more leaves the runs of the others what they are.
  fileprivate var branchStep: Int {
    let step = min(steps - 1, peakSteps)
    let tokens = batches.tokens(after: step)
    // A trunk warms up, and its batch is whole before it ends.
    let isRun = tokens >= max(schedule.warmupTokens, batchTokens) && tokens > batchRamp?.tokens ?? 0
    return isRun ? step : 0
  }

  /// The steps before any that a decay has lowered, or up to the first checkpoint that is merged.
  private var peakSteps: Int {
    if let merge = CheckpointMerge(schedule, horizon: trainedTokens, batches: batches) {
      return merge.firstStep
    }
    let start = LearningRateSchedule(schedule, horizon: trainedTokens).decayStart
    let step = batches.steps(for: Int(start))
    // A step's factor is taken in the middle of its tokens.
    let middle = Double(batches.tokens(after: step - 1) + batches.tokens(after: step)) / 2
    return middle <= start ? step : step - 1
  }
}
