import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws

struct Quickstart: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the main job, from runs to a recommendation and a report.",
    discussion: """
      The runs are simulated from a planted law with noise and divergence, and go through the same \
      steps as your own would: a table, a fit, a recommendation, a report. The folder keeps each of \
      them. A finished folder is only printed again.
      """)

  @Argument(help: ArgumentHelp("The folder to fill.", valueName: "DIR"))
  var folder = "vernier-quickstart"

  @Flag(help: "Do it again although the folder holds a result.")
  var fresh = false

  func run() throws {
    let folder = try QuickstartFolder(folder)
    if !fresh, let finished = try folder.result() {
      print(finished.text(report: folder.path("report.html")))
      return
    }
    let study = SimulatedStudy()
    try folder.write(Data(RunTable.csv(of: study.runs).utf8), to: "runs.csv")
    let path = folder.path("runs.csv")
    let law = try LearningRateLaw(
      fitting: try RunTable(path: path).records,
      from: LawSource(file: "runs.csv", digest: try Digest(ofFile: path).hex))
    try folder.write(try LawFile.data(of: law), to: "law.json")
    let recommendation = Recommendation(
      law, at: study.target, confidence: FitOptions().confidence)
    let script = try plotlyScript(given: nil)
    let page = try Reports.Report(
      law, target: study.target, confidence: FitOptions().confidence,
      program: Vernier.nameAndVersion
    ).page(plotly: script)
    try folder.write(Data(page.utf8), to: "report.html")
    let result = QuickstartResult(study, law: law, recommendation: recommendation)
    try folder.finish(result)
    print(result.text(report: folder.path("report.html")))
    noteMissingFigures(script)
  }
}
