import Foundation
import Runs
import ScalingLaws
import Studies
import Synchronization

/// A sweep from its plan to its findings, with what a person at a terminal sees of it.
struct SweepSession {
  let folder: StudyFolder
  let study: StudyDescription
  let jobs: Int?

  init(_ folder: StudyFolder, _ study: StudyDescription, jobs: Int?) {
    self.folder = folder
    self.study = study
    self.jobs = jobs
  }

  /// What a sweep came to: a law, or of several variants how they compare.
  enum Conclusion {
    case law(Outcome)
    case rivals(RivalOutcome)

    /// `nil` where there are several variants.
    var outcome: Outcome? {
      if case .law(let outcome) = self { outcome } else { nil }
    }
  }

  /// What came of a sweep of several variants.
  struct RivalOutcome {
    let reading: StudyReading
    let rivals: StudyRivals
    let trainedTokens: Int
    let trainingSeconds: Double
  }

  /// What came of a sweep, and what this call trained for it.
  struct Outcome {
    let reading: StudyReading
    let analysis: StudyAnalysis
    let findings: StudyFindings
    let trainedTokens: Int
    /// The time in which they were trained on.
    let trainingSeconds: Double
  }

  /// - Parameter file: The study's file, when the folder is to get one of its own.
  /// - Returns: `nil` when a stop was asked for.
  /// - Throws: What keeps the study from being trained, or its runs from giving a law.
  func run(writing file: String?) throws -> Conclusion? {
    let interruption = Interruption()
    let watch = SweepWatch()
    defer { watch.end() }
    let observer = StudySweep.Observer(
      progress: { watch.show($0) }, notice: { watch.note($0) },
      isStopped: { interruption.wasAsked })
    if file != nil { try folder.checkReplaceable(by: study) }
    let sweep = try StudySweep(study, in: folder, observer)
    if let file { try folder.write(study, from: file) }
    let executor =
      try jobs.map { try LocalExecutor(slots: $0, sweep.corpora) } ?? LocalExecutor(sweep.corpora)
    guard try sweep.train(sweep.plan.runs, with: executor, observer) else { return nil }
    watch.end()
    let trained = try StudyReading(folder)
    guard study.variants.count == 1 else {
      return .rivals(
        RivalOutcome(
          reading: trained, rivals: try trained.comparedRivals(), trainedTokens: watch.tokens,
          trainingSeconds: watch.seconds))
    }
    let analysis: StudyAnalysis
    do {
      analysis = try trained.fitted()
    } catch {
      // What was trained was paid for, whether or not it gives a law.
      printNote("every run is trained and kept; \(trained.cost.summary)")
      throw error
    }
    guard try sweep.trainHeldOut(analysis.law, with: executor, observer) else { return nil }
    watch.end()
    let reading = try StudyReading(folder)
    return .law(
      Outcome(
        reading: reading, analysis: analysis, findings: try reading.findings(analysis),
        trainedTokens: watch.tokens, trainingSeconds: watch.seconds))
  }
}

/// Shows a sweep's progress, and measures what this process trained.
final class SweepWatch: Sendable {
  private struct State {
    var progress = SweepView(Progress("training"))
    /// Of parts of the sweep that have ended, and of the one that goes on.
    var tokensBefore = 0
    var tokens = 0
    var began = ContinuousClock.now
    var trained = Duration.zero
  }

  private let state = Mutex(State())

  var tokens: Int { state.withLock { $0.tokensBefore + $0.tokens } }
  /// The time in which they were trained on.
  var seconds: Double { state.withLock { $0.trained / .seconds(1) } }

  func show(_ progress: SweepProgress) {
    state.withLock { state in
      if state.tokens == 0 { state.began = .now }
      state.tokens = progress.tokens
      let seconds = (ContinuousClock.now - state.began) / .seconds(1)
      let speed = seconds > 1 ? Double(progress.tokens) / seconds : 0
      state.progress.view.show(
        progress.fraction,
        detail: ", \(progress.endedRuns) of \(progress.plannedRuns) runs"
          + (speed > 0 ? ", \(Quantity.format(speed)) tokens/s" : ""))
    }
  }

  func note(_ notice: StudySweep.Notice) {
    state.withLock { state in
      state.progress.view.end()
      printNote("\(notice)")
    }
  }

  func end() {
    state.withLock { state in
      state.progress.view.end()
      if state.tokens > 0 { state.trained += .now - state.began }
      state.tokensBefore += state.tokens
      state.tokens = 0
      state.progress = SweepView(Progress("training"))
    }
  }
}

/// A progress that only its owner's lock lets anyone touch.
private struct SweepView: @unchecked Sendable {
  let view: Progress

  init(_ view: Progress) { self.view = view }
}
