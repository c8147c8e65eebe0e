import ArgumentParser
import Foundation
import Reports
import Runs
import Studies

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what weights, logits and losses of a run or a study mean, and what to do.",
    discussion: """
      FOLDER is that of a run (runs/ID) or of a study, either of which may still be going on. What is said \
      of weights and logits comes from the run's telemetry, which training writes unless the run file has \
      telemetry: none. Every finding names its numbers and what to do.

        vernier diagnose runs/ID --report diagnosis.html
        vernier diagnose study --format json
      """)

  @Argument(help: ArgumentHelp("The folder of a run or of a study.", valueName: "FOLDER"))
  var folder: String

  @Option(help: "How to print it: text, or json with every number.")
  var format = OutputFormat.text

  @Option(help: ArgumentHelp("Draw it as a page too.", valueName: "HTML"))
  var report: String?

  @Option(help: ArgumentHelp("The plotly.min.js to put into the page.", valueName: "FILE"))
  var plotly: String?

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError(
        "--format \(format.rawValue) is not for a diagnosis; use text or json.")
    }
    if plotly != nil, report == nil {
      throw ValidationError("--plotly needs --report beside it.")
    }
  }

  func run() throws {
    let place = try DiagnosisPlace(folder)
    let page = try report.map {
      try OutputFile(
        $0, sparing: place.ownPaths + [plotly].compactMap(\.self), option: "--report")
    }
    let drawing = page == nil ? nil : try plotlyScript(given: plotly)
    let html: String
    switch place {
    case .run(let folder):
      let diagnosis = RunDiagnosis(try RunEvidence(folder))
      print(format == .json ? try RunDiagnosisResult(diagnosis).json() : diagnosis.text)
      guard let page else { return }
      html = try RunDiagnosisReport(diagnosis, program: Vernier.nameAndVersion).page(
        plotly: drawing)
      try page.write(Data(html.utf8))
    case .study(let folder):
      let progress = Progress("reading")
      defer { progress.end() }
      let diagnosis = try StudyDiagnosis(folder) { progress.show($0) }
      progress.end()
      print(format == .json ? try StudyDiagnosisResult(diagnosis).json() : diagnosis.text)
      guard let page else { return }
      html = try StudyDiagnosisReport(diagnosis, program: Vernier.nameAndVersion).page(
        plotly: drawing)
      try page.write(Data(html.utf8))
    }
    noteMissingFigures(drawing)
  }
}

/// What a folder is the folder of.
private enum DiagnosisPlace {
  case run(RunFolder)
  case study(StudyFolder)

  init(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw DiagnosisError.noFolder(path) }
    let url = URL(fileURLWithPath: path, isDirectory: true)
    let run = RunFolder(url)
    if run.hasRun {
      self = .run(run)
    } else if StudyFolder.isStudy(url) {
      self = .study(StudyFolder(url))
    } else if run.hasParts {
      throw RunFolderError.noManifest(path)
    } else {
      throw DiagnosisError.nothingInFolder(path)
    }
  }

  /// What no page may be written over or into.
  var ownPaths: [String] {
    switch self {
    case .run(let folder):
      [folder.manifestURL, folder.log.url, folder.stateURL, folder.checkpointsURL].map(\.path)
    case .study(let folder): StudyFolder.ownPaths(at: folder.url.path)
    }
  }
}
