import Foundation
import Optimizers
import Parametrizations
import ProxyModels
import Runs
import Support
import Testing
import Training

/// Every rule of the catalog trains a small model, and goes on from a checkpoint as if never stopped.
@Suite struct EveryOptimizerTests {
  /// A rate that suits the rule on the small run, and what it must be told.
  private static func run(_ kind: OptimizerKind) throws -> SmallRun {
    try SmallRun {
      $0.optimizer.name = kind.name
      $0.optimizer.weightDecay = 0
      if kind.needsPlainLoss { $0.optimizer.clip = nil }
      switch kind.name {
      case "muon", "normuon":
        $0.optimizer.settings["scale"] = .text("moonlight")
      case "scion":
        $0.learningRate = 1e-2
        $0.optimizer.settings["radius"] = .number(10)
        $0.optimizer.settings["output_radius"] = .number(100)
        $0.optimizer.settings["embedding_radius"] = .number(1)
      case "sgd", "momo": $0.learningRate = 1
      case "sgd-sai": $0.learningRate = 0.03
      case "lion": $0.learningRate = 3e-3
      case "d-adaptation", "prodigy":
        $0.learningRate = 1
        $0.optimizer.settings["first_distance"] = .number(1e-3)
      default: break
      }
    }
  }

  @Test("rules count what changes their steps, so that runs of others stay what they are")
  func versions() {
    func version(_ name: String) -> String {
      var optimizer = OptimizerDescription()
      optimizer.name = name
      return TrainingRun.engineVersion(for: optimizer)
    }
    #expect(version("adamw") == "1" && version("lion") == "1")
    #expect(version("adam-mini") == "1, adam-mini 2")
  }

  @Test("learns, and is resumed to the bit", arguments: OptimizerCatalog.all.map(\.name))
  func trains(name: String) throws {
    let run = try Self.run(try OptimizerCatalog.kind(name))
    let state = try run.train()
    #expect(state.state == .finished)
    let losses = try run.folder("run").log.events().compactMap { event -> Double? in
      if case .validation(let validation) = event.content { validation.loss } else { nil }
    }
    let (first, last) = (try #require(losses.first), try #require(losses.last))
    #expect(last < first - 0.3, "\(name): from \(first) to \(last)")
    try run.train("again", stop: 13)
    try run.train("again")
    #expect(try run.log("again") == run.log())
  }

  typealias Settings = [String: OptimizerDescription.Setting]

  @Test(
    "what a rule can be told is resumed to the bit too",
    arguments: [
      ("adafactor", ["momentum": .number(0.9)]), ("adafactor", ["form": .text("pytorch")]),
      ("momo", ["bias_corrected": .flag(true), "estimates_lower_bound": .flag(true)]),
      ("momo-adam", ["estimates_lower_bound": .flag(true)]),
      ("scion", ["constrained": .flag(false)]),
      ("muon", ["moves": .text("hidden-and-output"), "nesterov": .flag(false)]),
      ("normuon", ["scale": .text("rms")]), ("dion", ["rank_fraction": .number(1)]),
      ("schedule-free-adamw", ["step_power": .number(1)]),
      ("prodigy", ["beta3": .number(0.9), "guards_warmup": .flag(true)]),
      ("d-adaptation", ["bias_corrected": .flag(true), "growth": .number(2)]),
    ] as [(String, Settings)])
  func resumes(name: String, settings: Settings) throws {
    var run = try Self.run(try OptimizerCatalog.kind(name))
    run.description.optimizer.settings.merge(settings) { $1 }
    run.description.optimizer.weightDecay = 0.1
    try run.train()
    try run.train("again", stop: 13)
    try run.train("again")
    #expect(try run.log("again") == run.log())
  }

  @Test("Adam-mini has a second moment for each head of queries and keys, else for each row")
  func heads() throws {
    let description = try SmallRun().description
    let model = try proxyModel(for: description.model)
    let rule = AdamMini(beta1: 0.9, beta2: 0.95)
    func blocks(_ name: String) -> Int? {
      let path = ParameterPath("blocks.1.attention.\(name)")
      return model.parameters[path].map { rule.states(of: $0)[1].count }
    }
    #expect(blocks("query") == description.model.heads)
    #expect(blocks("key") == description.model.kvHeads)
    #expect(blocks("value") == description.model.kvHeads * description.model.headWidth)
    #expect(blocks("output") == description.model.width)
    #expect(blocks("norm") == 1)
  }
}
