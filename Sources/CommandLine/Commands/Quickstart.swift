import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws
import Studies

struct Quickstart: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The main job in minutes: sweep small models, fit, predict a larger one, verify.",
    discussion: """
      Small models are trained on a made-up language at several horizons and learning rates. The law \
      fitted to them recommends a rate for a larger, longer run, which is then trained at that rate \
      and around it: `gap` is what the recommendation costs against the best of those. The folder is \
      a study like any other: vernier fit, recommend and report take it. A finished folder is only \
      printed again; an interrupted one is gone on with.
      """)

  @Argument(help: ArgumentHelp("The folder to fill.", valueName: "DIR"))
  var folder = "vernier-quickstart"

  @Flag(help: "Train again although the folder holds a result.")
  var fresh = false

  @Option(help: .hidden)
  var study: String?

  func run() throws {
    let asked =
      try study.map(StudyDescription.init(contentsOfFile:))
      ?? StudyDescription(yaml: QuickstartStudy.yaml, file: "the quickstart's study")
    guard asked.variants.count == 1 else {
      throw ValidationError(
        "The study has \(asked.variants.count) variants, and a quickstart makes one law; vernier sweep compares "
          + "them.")
    }
    let folder = try QuickstartFolder(folder)
    if fresh {
      let lock = try FolderLock(URL(fileURLWithPath: folder.path, isDirectory: true))
      try folder.clear()
      withExtendedLifetime(lock) {}
    } else if let finished = try folder.result() {
      print(finished.text(folder))
      return
    }
    let session = SweepSession(
      StudyFolder(URL(fileURLWithPath: folder.path, isDirectory: true)), asked, jobs: nil)
    guard let outcome = try session.run(writing: "the quickstart's study")?.outcome else {
      printNote("stopped, and saved; the same command goes on")
      throw ExitCode.failure
    }
    let law = outcome.analysis.law
    try folder.write(try LawFile.data(of: law), to: "law.json")
    let script = try plotlyScript(given: nil)
    let answer = Reports.Report(
      law,
      target: asked.targetScale,
      confidence: FitOptions().confidence, program: Vernier.nameAndVersion)
    let page = try StudyReport(
      outcome.findings, law: answer, program: Vernier.nameAndVersion
    ).page(plotly: script)
    try folder.write(Data(page.utf8), to: "report.html")
    let result = QuickstartResult(outcome, answer: answer.recommendation)
    try folder.finish(result)
    print(result.text(folder))
    noteMissingFigures(script)
  }
}
