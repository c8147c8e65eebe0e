import ArgumentParser
import Foundation
import Interop
import Runs
import ScalingLaws
import Studies

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Choose the runs that tell most about a target's learning rate for their price.",
    discussion: """
      RUNS, a table or the folder of a study, is what is known; there may be none. Each step is the run, \
      or the two runs of one scale, that lower the expected loss at the target most per operation. Train \
      the first steps, add their losses to RUNS and plan again: what they show changes what is best next.
      """)

  @Argument(
    help: ArgumentHelp(
      "Finished runs, or a study: its grid is what could be trained, and its folder what is known.",
      valueName: "RUNS|STUDY"))
  var runs: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "For a study: where to write it with the runs that were trained or are planned, and no others.",
      valueName: "STUDY.yaml"))
  var output: String?

  @OptionGroup var target: TargetOptions

  @Option(
    help: ArgumentHelp(
      "Many targets, which count alike: a table with params, tokens and, where wanted, batch_tokens.",
      valueName: "TARGETS.csv"))
  var targets: String?

  @Option(
    help: ArgumentHelp("Operations that may be spent, such as 1e20.", valueName: "flops"))
  var budget: OperationsArgument?

  @Option(
    help: ArgumentHelp(
      "Operations after which to stop and look at results; all of the budget without it.",
      valueName: "flops"))
  var round: OperationsArgument?

  @Option(
    help: ArgumentHelp("How many runs can be looked after for the budget.", valueName: "n"))
  var mostRuns = 100

  @OptionGroup var candidates: CandidateOptions

  @Option(
    help: ArgumentHelp(
      "Horizons share a trunk, whose last part is their own, such as their decay; a further one costs little more.",
      valueName: "0..1"))
  var shareTrunk: Double?

  @Option(
    help: ArgumentHelp(
      "Stop where spending as much again as so far gains less of loss than this.",
      valueName: "percent"))
  var leastGain = 0.005

  @OptionGroup var devices: DeviceOptions
  @OptionGroup var reading: ReadingOptions

  @Option(help: ArgumentHelp("Share of the intervals.", valueName: "0..1"))
  var confidence = FitOptions().confidence

  @Option(help: "How to print: text, json, csv or markdown.")
  var format = OutputFormat.text

  func validate() throws {
    try validateConfidence(confidence)
    guard try target.scale() == nil || targets == nil else {
      throw ValidationError("Give one target by --params and --tokens, or many by --targets.")
    }
    if let shareTrunk, !(shareTrunk > 0 && shareTrunk < 1) {
      throw ValidationError(
        "--share-trunk is \(shareTrunk); give the share of a run that is its own, such as that of its decay, 0.2."
      )
    }
    guard leastGain >= 0 else {
      throw ValidationError("--least-gain is \(leastGain); give a percentage of loss, 0 or above.")
    }
    guard mostRuns > 0 else {
      throw ValidationError("--most-runs is \(mostRuns); give a whole number above 0.")
    }
    guard budget != nil || runs != nil else {
      throw ValidationError("Give --budget, the operations that may be spent, such as 1e20.")
    }
  }

  func run() throws {
    let study = try runs.flatMap {
      try PlannableStudy(at: $0, paramsKind: reading.paramsKind, where: reading.filters)
    }
    guard study != nil || output == nil else {
      throw ValidationError("--output is for a study; print a plan with --format csv instead.")
    }
    if study != nil { try reading.checkForStudy() }
    let file = try output.map { try OutputFile($0, sparing: study?.ownPaths ?? []) }
    let targets = try scales(of: study)
    let known = try study?.known ?? runs.map { try reading.records(at: $0) } ?? []
    let batches = Set(known.compactMap(\.batchTokens)).sorted()
    var planner = Planner(
      candidates: try candidates.isGiven || study == nil
        ? candidates.runs(for: targets, batchesKnown: batches) : study?.grid.candidates ?? [],
      budget: budget?.value ?? 0, round: round?.value ?? .infinity)
    guard !planner.candidates.isEmpty || budget == nil else { throw NothingToTrain() }
    planner.leastGainPercent = leastGain
    planner.mostRuns = mostRuns
    let prices = RunPrices(sharedDecay: shareTrunk ?? study?.sharedDecay)
    let progress = Progress("planning")
    let plan = try naming(runs) {
      try planner.next(
        known: known, target: targets, prices: prices,
        progress: { progress.show($0) })
    }
    progress.end()
    if let study, let file {
      guard !known.isEmpty || !plan.runs.isEmpty else { throw NothingPlanned(end: plan.end) }
      try file.write(Data(study.grid.study(of: known, and: plan.runs).yaml.utf8))
    }
    let result = try PlanResult(
      plan,
      answers: TargetAnswer.surest(known: known, outlook: plan.known, confidence: confidence),
      knownRuns: known.count, sharesTrunks: prices.sharedDecay != nil, on: devices,
      confidence: confidence)
    switch format {
    case .text: print(result.text)
    case .json: print(try result.json)
    case .csv: print(result.table.csv)
    case .markdown: print(result.table.markdown)
    }
    for remark in PlanRemarks(known, targets, result).all { printNote(remark) }
  }

  private func scales(of study: PlannableStudy?) throws -> [RunScale] {
    if let targets { return try TargetTable.read(targets).map(\.scale) }
    guard let scale = try target.scale() ?? study?.target else {
      throw ValidationError(
        "Give one target by --params and --tokens, or many by --targets"
          + (study == nil ? "." : "; the study names none."))
    }
    return [scale]
  }

  /// Names the runs in what is wrong with them.
  private func naming<Result>(_ path: String?, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FitError {
      throw UnfittableRuns(path: path ?? "the plan", reason: error)
    }
  }
}

/// No size and horizon makes a run.
private struct NothingToTrain: Error, CustomStringConvertible {
  let description =
    "no run could be trained: every size is below \(Quantity.format(RunRecord.smallestCount)) params or "
    + "every horizon shorter than a batch; give --sizes, --horizons and --batch-sizes that go together"
}

/// A plan of no runs for a study of which none is trained.
private struct NothingPlanned: Error, CustomStringConvertible {
  let end: RunPlan.End

  var description: String { "--output is not written, as there is no run to write: \(end.words)" }
}
