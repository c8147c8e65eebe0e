import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a law and its answer as one HTML page, readable offline.",
    discussion: """
      Give either runs to fit or a law made by vernier fit. Without a target the page answers for ten \
      times the compute of the largest run. The figures need plotly.js, which is taken from --plotly, \
      from share/vernier beside the program, or from the plotly package in .venv.
      """)

  @Argument(help: ArgumentHelp("The runs to fit.", valueName: "RUNS.csv"))
  var runs: String?

  @Option(help: ArgumentHelp("A law made by vernier fit.", valueName: "LAW.json"))
  var law: String?

  @OptionGroup var target: TargetOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the page goes.", valueName: "HTML"))
  var output = "report.html"

  @Option(help: ArgumentHelp("The plotly.min.js to put into the page.", valueName: "FILE"))
  var plotly: String?

  @OptionGroup var options: RunsOptions

  func validate() throws {
    guard (runs == nil) != (law == nil) else {
      throw ValidationError("Give either RUNS.csv or --law LAW.json.")
    }
    guard law == nil || !options.saysHowToFit else {
      throw ValidationError(
        "--map, --where, --params-kind, --draws and --seed are for RUNS.csv; a law is fitted already."
      )
    }
    _ = try target.scale()
  }

  func run() throws {
    let file = try OutputFile(output, sparing: [runs, law, plotly].compactMap(\.self))
    let drawing = try plotlyScript(given: plotly)
    guard let law = try law.map(LawFile.read) ?? runs.map(options.law(fitting:)) else { return }
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
}

extension Reports.Report {
  /// Which target was taken as none was given.
  fileprivate var assumedTargetNote: String {
    "no target was given: the page answers for \(targetWords), ten times the compute of the "
      + "largest run; give yours with --params and --tokens"
  }
}
