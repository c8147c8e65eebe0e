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
    if let study = StudyFolder(at: path) { return try analysis(of: StudyReading(study)).law }
    return try law(fittingTable: path)
  }

  /// Fits a law to the runs of a study that have ended.
  func analysis(of study: StudyReading) throws -> StudyAnalysis {
    try reading.checkForStudy()
    guard rate == .peak else {
      throw ValidationError(
        "--rate effective is for tables; a study's runs carry no effective rate.")
    }
    return try study.fitted(paramsKind: reading.paramsKind ?? .total, options: fitOptions)
  }

  private var fitOptions: FitOptions {
    var options = FitOptions()
    options.draws = draws
    options.confidence = confidence
    options.seed = seed
    options.rate = rate
    return options
  }

  private func law(fittingTable path: String) throws -> LearningRateLaw {
    let table = try reading.table(at: path)
    let fitting = Progress("fitting \(path)")
    defer { fitting.end() }
    do {
      return try LearningRateLaw(
        fitting: table.records, from: LawSource(file: path, digest: try digest(of: path)),
        notes: table.notes, options: fitOptions, progress: { fitting.show($0) })
    } catch let error as FitError {
      throw UnfittableRuns(path: path, reason: error)
    }
  }

  /// The digest of a plain file; a stream can be read only once.
  private func digest(of path: String) throws -> String? {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
    return try Digest(ofFile: path).hex
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

extension RunTable {
  /// What reading the table noticed, as warnings of the fit.
  var notes: [FitWarning] {
    var notes: [FitWarning] = []
    if !repeatedLines.isEmpty {
      notes.append(
        FitWarning(
          .repeatedRows,
          "\(repeatedLines.count) rows repeat an earlier one and were left out, the first on line "
            + "\(repeatedLines[0])"))
    }
    for (column, field) in misspeltColumns {
      notes.append(
        FitWarning(
          .misspeltColumn,
          "the column \(column) is not read; if it is \(field), say --map '\(field)=\(column)'"))
    }
    if !unfinishedLines.isEmpty {
      notes.append(
        FitWarning(
          .unfinishedRuns,
          "\(unfinishedLines.count) runs had not finished and were left out, the first on line "
            + "\(unfinishedLines[0])"))
    }
    if let replicates = replicates {
      notes.append(
        FitWarning(
          .replicates,
          "\(replicates.count) rows agree with another in all but the loss and carry no seed; they "
            + "are taken as repeats, of which the least loss counts. Those furthest apart, lines "
            + "\(replicates.lines.map(String.init).joined(separator: " and ")), differ by "
            + "\((100 * replicates.spread).rounded(places: 2)) %: check them, or add a seed column")
      )
    }
    return notes
  }
}
