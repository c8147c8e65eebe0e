import ArgumentParser
import Foundation
import Runs
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
    guard let outcome = try session.run(writing: place.copiedFrom) else {
      printNote("stopped, and saved; the same command goes on")
      throw ExitCode.failure
    }
    let result = SweepResult(outcome)
    print(format == .json ? try result.json() : result.text)
    printWarnings(result.warnings)
  }
}

/// Where runs can be trained.
enum ExecutorChoice: String, CaseIterable, ExpressibleByArgument {
  case local
}
