import ArgumentParser
import Foundation
import Runs
import ScalingLaws
import Studies

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train the runs of a study, one on each core, and fit what they say.",
    discussion: """
      Horizons of one learning rate branch off one run at the peak, so that each costs its decay \
      only. A sweep that was interrupted, even killed, goes on where it was; a run that has ended is \
      never trained again, and its curve is the same to the bit however often it was interrupted.

      STUDY is a file, or the folder of a study. A file called study.yaml is swept in its own folder, \
      any other in a folder of its name in the current one.
      """)

  @Argument(help: ArgumentHelp("What to train.", valueName: "STUDY"))
  var study: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The study's folder.", valueName: "DIR"))
  var output: String?

  @Option(
    help: ArgumentHelp("The text to train on, in place of the study's.", valueName: "PATH"))
  var corpus: String?

  @Option(
    help: ArgumentHelp("The held-out text, in place of the study's.", valueName: "PATH"))
  var validation: String?

  @Option(help: ArgumentHelp("How many runs at once; by default, one a core.", valueName: "n"))
  var jobs: Int?

  @Option(help: "Where the runs are trained: local.")
  var executor = ExecutorChoice.local

  @Option(help: "How to print the result: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError("--format \(format) is not for a sweep; use text or json")
    }
    guard corpus != "", validation != "" else {
      throw ValidationError("--corpus and --validation need the path of a file or folder")
    }
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs is \(jobs); give a number from 1 to 1024")
    }
  }

  func run() throws {
    let place = try StudyPlace(study, output: output)
    let asked = try place.study(corpus: corpus, validation: validation)
    let session = SweepSession(place.folder, asked, jobs: jobs)
    let ended: SweepSession.Conclusion?
    do {
      ended = try session.run(writing: place.copiedFrom)
    } catch let error as UnfittableRuns where asked.chosenRuns != nil {
      // Runs that a plan chose are often too few for a law, and the next plan reads them all the same.
      print(
        format == .json
          ? try NoLawYet(noLaw: error.reason.description).json : "no law yet: \(error.reason)")
      printNote("the runs are kept; vernier plan \(error.path) reads them and chooses the next")
      return
    }
    guard let conclusion = ended else {
      printNote("stopped, and saved; the same command goes on")
      throw ExitCode.failure
    }
    switch conclusion {
    case .law(let outcome):
      let result = SweepResult(outcome)
      print(format == .json ? try result.json() : result.text)
      printWarnings(result.warnings)
    case .rivals(let outcome):
      let result = RivalResult(outcome)
      print(format == .json ? try result.json() : result.text)
    }
  }
}

/// A sweep that ended without a law.
private struct NoLawYet: Encodable {
  var noLaw: String

  var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self) }
  }
}

/// Where runs can be trained.
enum ExecutorChoice: String, CaseIterable, ExpressibleByArgument {
  case local
}
