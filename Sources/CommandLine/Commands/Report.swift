import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws
import Studies

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a law and its answer, a study or a training run as one HTML page.",
    discussion: """
      Give runs to fit, a law made by vernier fit, the folder of a study or that of a run, either of \
      which may still be going on. Without a target the page of a law answers for ten times the compute of the largest run. The \
      figures need plotly.js, which is taken from --plotly, from share/vernier beside the program, or \
      from the plotly package in .venv.
      """)

  @Argument(
    help: ArgumentHelp(
      "The runs to fit, or the folder of a study or of a run.", valueName: "RUNS.csv|FOLDER"))
  var input: String?

  @Option(help: ArgumentHelp("A law made by vernier fit.", valueName: "LAW.json"))
  var law: String?

  @OptionGroup var target: TargetOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the page goes.", valueName: "HTML"))
  var output = "report.html"

  @Option(help: ArgumentHelp("The plotly.min.js to put into the page.", valueName: "FILE"))
  var plotly: String?

  @OptionGroup var options: RunsOptions

  func validate() throws {
    guard (input == nil) != (law == nil) else {
      throw ValidationError(
        "Give either RUNS.csv, the FOLDER of a study or of a run, or --law LAW.json.")
    }
    guard law == nil || !options.saysHowToFit else {
      throw ValidationError(
        "--map, --where, --params-kind, --rate, --draws and --seed are for RUNS.csv; a law is fitted already."
      )
    }
    let scale = try target.scale()
    guard try runFolder() == nil || (scale == nil && !options.saysHowToFit) else {
      throw ValidationError(
        "\(input ?? "") is the folder of a run, whose page says what happened; a target and how to "
          + "fit are for RUNS.csv.")
    }
  }

  func run() throws {
    let file = try OutputFile(output, sparing: try inputs())
    let drawing = try plotlyScript(given: plotly)
    if let runFolder = try runFolder() {
      let report = try RunReport(runFolder)
      try file.write(Data(try report.page(plotly: drawing).utf8))
      print(output)
      noteMissingFigures(drawing)
      return
    }
    if let studyFolder = try studyFolder() {
      try write(studyFolder, to: file, drawing)
      return
    }
    guard let law = try law.map(LawFile.read) ?? input.map(options.law(fitting:)) else { return }
    try law.checkDraws(for: options.confidence)
    try target.check(try target.scale(), by: law)
    let report = Reports.Report(
      law, target: try target.scale(), confidence: options.confidence,
      program: Vernier.nameAndVersion)
    try file.write(Data(try report.page(plotly: drawing).utf8))
    print(output)
    noteMissingFigures(drawing)
    if report.targetIsAssumed { printNote(report.assumedTargetNote) }
    printWarnings(report.recommendation.warnings)
  }

  /// What the page must not be written over or into.
  private func inputs() throws -> [String] {
    let files = [law, plotly].compactMap(\.self)
    if let runFolder = try runFolder() {
      return files
        + [
          runFolder.manifestURL, runFolder.log.url, runFolder.stateURL, runFolder.checkpointsURL,
        ].map(\.path)
    }
    return files + (input.map(StudyFolder.ownPaths(at:)) ?? [])
  }

  /// The page of a study, with a law where there is one yet.
  private func write(_ folder: StudyFolder, to file: OutputFile, _ drawing: String?) throws {
    let whole = try StudyReading(folder)
    if whole.study.variants.count > 1, let rivals = try rivals(of: whole) {
      let page = try StudyReport(
        try whole.findings(nil, rivals: rivals.comparison), law: nil,
        program: Vernier.nameAndVersion
      ).page(plotly: drawing)
      try file.write(Data(page.utf8))
      print(output)
      noteMissingFigures(drawing)
      return
    }
    let reading = whole.records.isEmpty ? whole : try options.chosen(of: whole)
    var analysis: StudyAnalysis?
    var whyNoLaw: String?
    do {
      analysis = try options.analysis(of: reading)
    } catch let error as UnfittableRuns {
      whyNoLaw = "\(error.reason)"
    } catch StudyError.nothingTrained {
      whyNoLaw = "no run has ended"
    }
    if let whyNoLaw { printNote("there is no law yet: \(whyNoLaw)") }
    let scale =
      try target.scale() ?? reading.study.targetScale
    let answer = analysis.map {
      Reports.Report(
        $0.law, target: scale, confidence: options.confidence, program: Vernier.nameAndVersion)
    }
    let page = try StudyReport(
      try reading.findings(analysis), law: answer, whyNoLaw: whyNoLaw,
      program: Vernier.nameAndVersion
    ).page(plotly: drawing)
    try file.write(Data(page.utf8))
    print(output)
    noteMissingFigures(drawing)
    if let answer, answer.targetIsAssumed { printNote(answer.assumedTargetNote) }
    printWarnings(answer?.recommendation.warnings ?? [])
  }

  /// How the variants of a study compare; `nil` where one is chosen, or where no run has ended.
  private func rivals(of study: StudyReading) throws -> StudyRivals? {
    do {
      return try options.rivals(of: study)
    } catch StudyError.nothingTrained {
      return nil
    }
  }

  private func studyFolder() throws -> StudyFolder? {
    try input.flatMap { try StudyFolder(at: $0) }
  }

  /// The input where it is a folder of no study.
  private func runFolder() throws -> RunFolder? {
    guard let input, try studyFolder() == nil, try ImportedStudy(at: input) == nil else {
      return nil
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: input, isDirectory: &isFolder), isFolder.boolValue
    else { return nil }
    return RunFolder(URL(fileURLWithPath: input, isDirectory: true))
  }
}

extension RunReport {
  fileprivate init(_ folder: RunFolder) throws {
    guard folder.hasRun else { throw NoRunInFolder(path: folder.url.path) }
    self.init(
      try folder.manifest(), events: try folder.log.events(), state: try folder.state(),
      program: Vernier.nameAndVersion)
  }
}

/// A folder without `run.json`.
private struct NoRunInFolder: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path) is a folder without run.json or study.yaml; give the folder of a run or of a study, or a "
      + "table of runs"
  }
}

extension Reports.Report {
  /// Which target was taken as none was given.
  fileprivate var assumedTargetNote: String {
    "no target was given: the page answers for \(targetWords), ten times the compute of the "
      + "largest run; give yours with --params and --tokens"
  }
}
