import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a law and its answer, or a training run, as one HTML page, readable offline.",
    discussion: """
      Give runs to fit, a law made by vernier fit, or the folder of a run, which may still be going \
      on. Without a target the page of a law answers for ten times the compute of the largest run. The \
      figures need plotly.js, which is taken from --plotly, from share/vernier beside the program, or \
      from the plotly package in .venv.
      """)

  @Argument(
    help: ArgumentHelp("The runs to fit, or the folder of one run.", valueName: "RUNS.csv|FOLDER"))
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
      throw ValidationError("Give either RUNS.csv, the FOLDER of a run, or --law LAW.json.")
    }
    guard law == nil || !options.saysHowToFit else {
      throw ValidationError(
        "--map, --where, --params-kind, --draws and --seed are for RUNS.csv; a law is fitted already."
      )
    }
    let scale = try target.scale()
    guard runFolder == nil || (scale == nil && !options.saysHowToFit) else {
      throw ValidationError(
        "\(input ?? "") is the folder of a run, whose page says what happened; a target and how to "
          + "fit are for RUNS.csv.")
    }
  }

  func run() throws {
    let inputs = [input, law, plotly, runFolder?.manifestURL.path, runFolder?.log.url.path]
    let file = try OutputFile(output, sparing: inputs.compactMap(\.self))
    let drawing = try plotlyScript(given: plotly)
    if let runFolder {
      let report = try RunReport(runFolder)
      try file.write(Data(try report.page(plotly: drawing).utf8))
      print(output)
      noteMissingFigures(drawing)
      return
    }
    guard let law = try law.map(LawFile.read) ?? input.map(options.law(fitting:)) else { return }
    try law.checkDraws(for: options.confidence)
    let report = Reports.Report(
      law, target: try target.scale(), confidence: options.confidence,
      program: Vernier.nameAndVersion)
    try file.write(Data(try report.page(plotly: drawing).utf8))
    print(output)
    noteMissingFigures(drawing)
    if report.targetIsAssumed { printNote(report.assumedTargetNote) }
    printWarnings(report.recommendation.warnings)
  }

  /// The input where it is a folder.
  private var runFolder: RunFolder? {
    guard let input else { return nil }
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
    "\(path) is a folder without run.json; give the folder of a run, or a table of runs"
  }
}

extension Reports.Report {
  /// Which target was taken as none was given.
  fileprivate var assumedTargetNote: String {
    "no target was given: the page answers for \(targetWords), ten times the compute of the "
      + "largest run; give yours with --params and --tokens"
  }
}
