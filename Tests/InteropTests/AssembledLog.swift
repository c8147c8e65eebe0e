import Foundation
import Interop
import Runs

/// A log that is built in code, and the run that is made of it.
struct AssembledLog {
  var log = RunLog(name: "run") { _ in true }
  var choices = ImportChoices()

  private struct Incomplete: Error {
    var missing: [String]
  }

  /// What a record needs besides a loss.
  static var sized: AssembledLog {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "seq_len": 1000])
    built.set(["global_batch_size": 100, "max_steps": 1000])
    return built
  }

  /// A run that did what it was set to do: a warm-up of 50 steps, then a cosine to a tenth.
  static var clean: AssembledLog {
    var built = sized
    built.set(["warmup_steps": 50, "min_lr_ratio": 0.1])
    built.set("lr_scheduler_type", .text("cosine"))
    built.logLoss()
    built.logRate(rate: Self.cosine)
    return built
  }

  static func cosine(_ step: Int) -> Double {
    step < 50
      ? Double(step) / 50 : 0.1 + 0.9 * (1 + cos(.pi * Double(step - 50) / 950)) / 2
  }

  mutating func set(_ settings: [String: Double]) {
    for (key, value) in settings { set(key, .number(value)) }
  }

  mutating func set(_ key: String, _ value: LoggedValue) {
    log.set(key, value, at: "config.yaml")
  }

  mutating func append(_ name: String, _ points: [(Int, Double)]) {
    for (step, value) in points { log.append(value, at: step, to: name) }
  }

  /// A loss that falls from 10.5 to 2.5 with a little noise, every 5 steps.
  mutating func logLoss(_ name: String = "train/loss", to last: Int = 1000) {
    var random = KeyedRandom(seed: 7)
    append(
      name,
      stride(from: 5, through: last, by: 5).map { step in
        (step, 2.5 + 8 * exp(-Double(step) / 60) + 0.01 * random.normal())
      })
  }

  /// A rate every 5 steps, as a multiple of 1e-3.
  mutating func logRate(
    _ name: String = "lr", to last: Int = 1000, rate: (Int) -> Double
  ) {
    append(name, stride(from: 5, through: last, by: 5).map { ($0, 1e-3 * rate($0)) })
  }

  var outcome: RunAssembly.Outcome {
    var assembly = RunAssembly(log, names: FieldNames(), choices: choices)
    return assembly.outcome(kind: "tool", path: "/logs/run")
  }

  func run() throws -> ImportedRun {
    switch outcome {
    case .run(let run): return run
    case .incomplete(let run): throw Incomplete(missing: run.missing.map(\.field))
    }
  }

  /// The fields that no record can be made without.
  var missing: [String] {
    guard case .incomplete(let run) = outcome else { return [] }
    return run.missing.map(\.field)
  }
}

extension ImportedRun {
  var codes: [ImportWarning.Code] { warnings.map(\.code) }

  func message(_ code: ImportWarning.Code) -> String {
    warnings.first { $0.code == code }?.message ?? ""
  }
}
