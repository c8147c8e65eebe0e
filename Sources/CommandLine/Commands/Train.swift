import ArgumentParser
import Foundation
import Runs
import Training

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train one small language model on one core, as a run file says.",
    discussion: """
      The run's folder gets run.json, events.jsonl, status.json and checkpoints. A run that was \
      interrupted goes on from its last checkpoint, and its curve is the same to the bit; one that \
      has ended is not trained again.

      A run file:
        version: 1
        corpus: {kind: bytes, path: train.txt, validation: valid.txt}
        model: {family: llama, width: 128, layers: 4}
        tokens: 10M
        learning_rate: 4e-3
      """)

  @Argument(help: ArgumentHelp("What to train, in YAML.", valueName: "run.yaml"))
  var description: String

  @Option(name: .shortAndLong, help: "The run's folder; by default, runs/ID.")
  var output: String?

  @Option(help: "How to print the result.")
  var format = OutputFormat.text

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError("--format \(format) is not for one run; use text or json")
    }
  }

  func run() throws {
    let file = URL(fileURLWithPath: description)
    let run = try TrainingRun(
      RunDescription(contentsOfFile: description), relativeTo: file.deletingLastPathComponent())
    let folder = RunFolder(URL(fileURLWithPath: output ?? "runs/\(run.manifest.id)"))
    let (watch, interruption) = (TrainingWatch(run), Interruption())
    defer { watch.end() }
    let state = try run.train(
      in: folder,
      TrainingRun.Observer(
        event: watch.show, notice: { printNote("\($0)") },
        isStopped: { interruption.wasAsked }))
    watch.end()
    let result = try TrainingResult(run.manifest, folder, state, speed: watch.tokensPerSecond)
    print(format == .json ? try result.json() : result.text)
    // Not an error, but nothing that should follow a finished run may follow this.
    if state.state == .stopped { throw ExitCode.failure }
  }
}
