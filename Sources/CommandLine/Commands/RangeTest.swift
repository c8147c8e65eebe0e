import ArgumentParser
import Foundation
import Runs
import ScalingLaws
import Training

struct RangeTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "range",
    abstract: "Bracket the learning rates of a sweep by one short run whose rate rises.",
    discussion: """
      The run of RUN is trained from its start while the learning rate grows by a constant factor from \
      step to step, until the loss rises. What is printed goes into a study file. It is a bracket and no \
      recommendation: short runs bear other rates than long ones, so the rate is for the sweep to choose.

      RUN is a run file as for vernier train; its learning_rate, schedule and tokens do not matter here. \
      Nothing is written.
      """)

  @Argument(help: ArgumentHelp("What to train, in YAML.", valueName: "run.yaml"))
  var description: String

  @Option(help: ArgumentHelp("The first learning rate.", valueName: "rate"))
  var from = 1e-5

  @Option(help: ArgumentHelp("The last learning rate.", valueName: "rate"))
  var to = 1.0

  @Option(help: ArgumentHelp("How many steps.", valueName: "n"))
  var steps = 300

  @Option(help: "How to print the result: text, json or csv for the steps.")
  var format = OutputFormat.text

  private static let leastRatio = 10.0
  private static let mostSteps = 100_000

  func validate() throws {
    guard format != .markdown else {
      throw ValidationError("--format markdown is not for a bracket; use text, json or csv")
    }
    guard from > 0, to.isFinite, to >= Self.leastRatio * from else {
      throw ValidationError(
        "--from is \(from) and --to is \(to); give rates above 0, the last at least "
          + "\(Self.leastRatio.plain) times the first.")
    }
    guard (RateBracket.leastSteps...Self.mostSteps).contains(steps) else {
      throw ValidationError(
        "--steps is \(steps); give \(RateBracket.leastSteps) to \(Self.mostSteps).")
    }
  }

  func run() throws {
    let file = URL(fileURLWithPath: description)
    let run = try TrainingRun(
      RunDescription(contentsOfFile: description), relativeTo: file.deletingLastPathComponent())
    let (progress, interruption) = (Progress("training"), Interruption())
    defer { progress.end() }
    let made = try run.rangeTest(over: from...to, steps: steps) { done in
      progress.show(Double(done) / Double(steps))
      return interruption.wasAsked
    }
    progress.end()
    guard !interruption.wasAsked else {
      printNote("stopped; nothing was written, and the same command begins anew")
      throw ExitCode.failure
    }
    if format == .csv {
      print(made.table.csv)
      return
    }
    let bracket = try RateBracket(
      made.map { RateBracket.Step(learningRate: $0.learningRate, loss: $0.loss) })
    print(format == .json ? try RangeResult(bracket).json() : bracket.text)
    printWarnings(bracket.warnings)
  }
}

extension [TrainingRun.RangeStep] {
  fileprivate var table: ResultTable {
    ResultTable(
      Array<(Int, TrainingRun.RangeStep)>(zip(1..., self)),
      [
        .init(name: "step", exact: { "\($0.0)" }, readable: { "\($0.0)" }),
        .rate("learning_rate") { $0.1.learningRate },
        .init(name: "loss", exact: { $0.1.loss.isFinite ? $0.1.loss.plain : nil }),
      ])
  }
}

/// The bracket for a program.
private struct RangeResult: Encodable {
  struct Rates: Encodable {
    var from: Double
    var to: Double
    var points: Int
  }

  var learningRates: Rates
  var steepest: Double
  var lowest: Double
  var risen: Double?
  var scope: String
  var warnings: [FitWarning]

  init(_ bracket: RateBracket) {
    learningRates = Rates(from: bracket.from, to: bracket.to, points: bracket.points)
    steepest = bracket.steepest
    lowest = bracket.lowest
    risen = bracket.risen
    scope = RateBracket.scope
    warnings = bracket.warnings
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }
}

extension RateBracket {
  /// What must not be read into the bracket.
  fileprivate static let scope =
    "a bracket for a sweep, not a recommendation: a short run bears other rates than a long one, and the "
    + "best rate falls as runs get longer. Put it into a study file and sweep it (vernier sweep)"

  fileprivate var text: String {
    func rate(_ value: Double) -> String { Quantity.learningRate(value) }
    return """
      learning_rates: {from: \(rate(from)), to: \(rate(to)), points: \(points)}
      the loss fell fastest at \(rate(steepest)), was least at \(rate(lowest)) and \
      \(risen.map { "had risen again at \(rate($0))" } ?? "never rose")
      \(Self.scope)
      """
  }

  fileprivate var warnings: [FitWarning] {
    var warnings: [FitWarning] = []
    if startsTooHigh {
      warnings.append(
        FitWarning(
          .rangeTooNarrow,
          "the loss fell fastest at the first rates tried; begin lower with --from"))
    }
    if risen == nil {
      warnings.append(
        FitWarning(
          .rangeTooNarrow,
          "the loss had not risen at the last rate tried; go on to a higher one with --to"))
    }
    return warnings
  }
}
