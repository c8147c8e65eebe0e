import ArgumentParser
import Foundation
import Interop
import Runs
import ScalingLaws
import Studies

/// How to read runs and how to fit them.
struct RunsOptions: ParsableArguments {
  @OptionGroup var reading: ReadingOptions

  @Option(
    help: ArgumentHelp(
      "Which rate of the runs to fit: peak, or effective, their effective_learning_rate."))
  var rate = FitOptions().rate

  @Option(help: ArgumentHelp("Bootstrap draws.", valueName: "n"))
  var draws = FitOptions().draws

  @Option(help: ArgumentHelp("Share of the intervals.", valueName: "0..1"))
  var confidence = FitOptions().confidence

  @Option(help: ArgumentHelp("Names the random streams of the draws.", valueName: "n"))
  var seed = FitOptions().seed

  /// Whether anything is given that only a fit can heed.
  var saysHowToFit: Bool {
    let usual = FitOptions()
    return reading.saysAnything || draws != usual.draws
      || rate != usual.rate || seed != usual.seed
  }

  func validate() throws {
    try validateConfidence(confidence)
    let least = FitOptions.drawsNeeded(for: confidence)
    guard (least...100_000).contains(draws) else {
      throw ValidationError(
        "--draws is \(draws); give a number from \(least) to 100000 for a confidence of \(confidence)."
      )
    }
  }

  /// Reads the table or the study at `path` and fits a law to it.
  func law(fitting path: String) throws -> LearningRateLaw {
    if let study = try StudyFolder(at: path) {
      return try analysis(of: chosen(of: StudyReading(study))).law
    }
    return try law(fittingRunsAt: path)
  }

  /// Fits a law to the runs of a study that have ended.
  func analysis(of study: StudyReading) throws -> StudyAnalysis {
    try reading.checkForStudy()
    if rate == .effective { try study.checkEffectiveRates() }
    return try study.fitted(paramsKind: reading.paramsKind ?? .total, options: fitOptions)
  }

  /// The part of a study that is to be fitted.
  func chosen(of study: StudyReading) throws -> StudyReading {
    try study.choosing(where: reading.filters)
  }

  /// Compares the variants of a study, each with its own law; `nil` where one is chosen or there is one.
  func rivals(of study: StudyReading) throws -> StudyRivals? {
    guard study.study.variants.count > 1, reading.filters.isEmpty else { return nil }
    try reading.checkForStudy()
    if rate == .effective { try study.checkEffectiveRates() }
    return try study.comparedRivals(paramsKind: reading.paramsKind ?? .total, options: fitOptions)
  }

  private var fitOptions: FitOptions {
    var options = FitOptions()
    options.draws = draws
    options.confidence = confidence
    options.seed = seed
    options.rate = rate
    return options
  }

  private func law(fittingRunsAt path: String) throws -> LearningRateLaw {
    let runs = try reading.readableRuns(at: path)
    let fitting = Progress("fitting \(path)")
    defer { fitting.end() }
    do {
      return try LearningRateLaw(
        fitting: runs.records, from: LawSource(file: path, digest: runs.digest),
        notes: runs.notes, options: fitOptions, progress: { fitting.show($0) })
    } catch {
      throw UnfittableRuns(path: path, reason: error)
    }
  }
}

/// Refuses a confidence that is no share, or more than draws can tell.
func validateConfidence(_ confidence: Double) throws {
  guard (0.5...FitOptions.greatestConfidence).contains(confidence) else {
    throw ValidationError(
      "--confidence is \(confidence); give a share from 0.5 to \(FitOptions.greatestConfidence), "
        + "such as 0.9.")
  }
}

extension LearningRateLaw {
  /// Refuses a confidence that the law's draws are too few for.
  func checkDraws(for confidence: Double) throws {
    let needed = FitOptions.drawsNeeded(for: confidence)
    guard rate.draws.cellDeviations.count < needed else { return }
    throw ValidationError(
      "The law keeps \(rate.draws.cellDeviations.count) draws, too few for a confidence of "
        + "\(confidence); fit again with --draws \(needed).")
  }
}

/// Runs that give no law, with the table that they stand in.
struct UnfittableRuns: Error, CustomStringConvertible {
  let path: String
  let reason: FitError

  var description: String { "\(path): \(reason)" }
}
