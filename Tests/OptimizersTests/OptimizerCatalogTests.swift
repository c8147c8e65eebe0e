import Optimizers
import Parametrizations
import Runs
import Testing

@Suite struct OptimizerCatalogTests {
  private func described(
    _ name: String, _ settings: [String: OptimizerDescription.Setting] = [:],
    _ change: (inout OptimizerDescription) -> Void = { _ in }
  ) -> OptimizerDescription {
    var description = OptimizerDescription()
    description.name = name
    description.settings = settings
    change(&description)
    return description
  }

  private func error(_ description: OptimizerDescription) -> OptimizerError? {
    do {
      _ = try OptimizerCatalog.kind(description.name).optimizer(description)
      return nil
    } catch {
      return error
    }
  }

  @Test("every rule is told apart by its name, with a source and what it was checked against")
  func names() {
    let all = OptimizerCatalog.all
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(all.count == 18)
    for kind in all { #expect(!kind.source.isEmpty && !kind.reference.isEmpty) }
  }

  @Test("every setting of every rule can be written in a file")
  func written() throws {
    for kind in OptimizerCatalog.all {
      for setting in kind.settings {
        let text =
          switch setting.value {
          case .number(_, let standard): "\(standard ?? 1)"
          case .flag(let standard): "\(standard)"
          case .choice(let words, _): words[0]
          }
        let yaml = """
          version: 1
          corpus: {kind: synthetic, seed: 0}
          model: {family: llama, width: 16, layers: 1, heads: 2, sequence_length: 32}
          tokens: 1M
          learning_rate: 1e-2
          optimizer: {name: \(kind.name), \(setting.name): \(text)}
          """
        let run = try RunDescription(yaml: yaml, file: "run.yaml")
        #expect(run.optimizer.settings[setting.name] != nil, "\(kind.name), \(setting.name)")
      }
    }
  }

  @Test("what a rule does not have, or cannot have, is refused by name")
  func refused() {
    let cases: [(OptimizerDescription, String)] = [
      (described("muno"), "did you mean muon?"),
      (described("muon"), "scale of muon is not given; give one of original, moonlight"),
      (described("muon", ["scale": .text("mine")]), "scale of muon is `mine`"),
      (
        described("muon", ["scale": .text("original"), "momentun": .number(0.9)]),
        "did you mean momentum?"
      ),
      (described("sgd", ["momentum": .number(1)]), "a number from 0 to below 1"),
      (described("sgd", ["momentum": .number(0), "nesterov": .flag(true)]), "a momentum above 0"),
      (described("lion") { $0.epsilon = 1e-6 }, "lion has no setting epsilon"),
      (described("lion") { $0.decayConvention = .coupled }, "decoupled or independent"),
      (described("adamh"), "weight_decay: 0"),
      (described("scion"), "weight_decay of scion is 0.1"),
      (described("adafactor", ["scaled": .number(1)]), "true or false"),
      (described("dion", ["rank_fraction": .number(2)]), "to 1"),
      (
        described("muonh", ["newton_schulz_steps": .number(2.5)]) { $0.weightDecay = 0 },
        "newton_schulz_steps of muonh is `2.5`; give a whole number from 1 to 99"
      ),
      (described("momo"), "clip of momo is 1; give `none`"),
      (described("momo-adam") { $0.clip = 5 }, "clip of momo-adam is 5"),
      (described("adafactor", ["epsilon1": .number(1e-60)]), "a number from 1e-37 to 1"),
      (described("adam-atan2", ["slope": .number(1e30)]), "slope of adam-atan2"),
      (described("prodigy", ["first_distance": .number(1e-30)]), "first_distance of prodigy"),
      (described("schedule-free-adamw", ["rate_power": .number(50)]), "from 0 to 10"),
    ]
    for (description, expected) in cases {
      let message = error(description)?.description ?? "nothing"
      #expect(message.contains(expected), "\(message) and not \(expected)")
    }
  }

  @Test("Adafactor's forms have the first epsilon of their packages")
  func firstEpsilon() throws {
    for (form, expected) in [("pytorch", Double(Float.ulpOfOne)), ("transformers", 1e-30)] {
      let rule = try OptimizerCatalog.kind("adafactor").optimizer(
        described("adafactor", ["form": .text(form)]))
      #expect((rule as? Adafactor)?.epsilon1 == expected)
    }
  }

  @Test("what asks for a plain loss, or for no decay, says so")
  func asks() {
    let all = OptimizerCatalog.all
    #expect(all.filter(\.needsPlainLoss).map(\.name) == ["momo", "momo-adam"])
    #expect(all.filter(\.wantsNoDecay).map(\.name) == ["schedule-free-adamw"])
  }

  @Test("rules that need memory for a while tell how much")
  func scratch() throws {
    let spec = ParameterSpec(role: .hidden, shape: ParameterShape(fanOut: 8, fanIn: 12))
    let gain = ParameterSpec(role: .norm, shape: ParameterShape(fanOut: 8, fanIn: 1))
    func scalars(_ name: String, _ spec: ParameterSpec) throws -> Int {
      let settings: [String: OptimizerDescription.Setting] =
        name == "muon" ? ["scale": .text("original")] : [:]
      return try OptimizerCatalog.kind(name).optimizer(described(name, settings))
        .scratchScalars(of: spec)
    }
    // A direction, its next, and two matrices of the shorter side.
    #expect(try scalars("muon", spec) == 2 * 96 + 2 * 64)
    // Two bases of rank 2, and what their rows have along each other.
    #expect(try scalars("dion", spec) == 20 * 2 + 2 * 2)
    #expect(try scalars("adafactor", spec) == 96)
    #expect(try scalars("adamw", spec) == 0)
    #expect(try scalars("muon", gain) == 0)
  }

  @Test("a rule of matrices refuses a vector, and leaves it to AdamW in a model")
  func vectors() throws {
    let gain = ParameterSpec(role: .norm, shape: ParameterShape(fanOut: 8, fanIn: 1))
    for name in ["muon", "normuon", "muonh", "adamh", "dion"] {
      let settings: [String: OptimizerDescription.Setting] =
        ["muon", "normuon"].contains(name) ? ["scale": .text("original")] : [:]
      let rule = try OptimizerCatalog.kind(name).optimizer(
        described(name, settings) { $0.weightDecay = 0 })
      #expect(try rule.states(of: gain).map(\.name) == ["moment1", "moment2"])
    }
    let muon = Muon(
      momentum: OrthogonalMomentum(kept: 0.9, isNesterov: true), scale: .original)
    #expect(throws: OptimizerError.notAMatrix(rule: "muon", role: "norm")) {
      try muon.states(of: gain)
    }
  }

  @Test("learning rates of Muon's conventions are converted by their scales")
  func conversion() {
    let converted = Muon.Scale.original.convert(0.02, to: .moonlight, rows: 1024, columns: 256)
    #expect(abs(converted - 0.02 * 2 / 6.4) < 1e-15)
  }
}
