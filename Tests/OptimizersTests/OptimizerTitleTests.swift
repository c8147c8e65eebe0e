import Optimizers
import Runs
import Testing

@Suite struct OptimizerTitleTests {
  private func optimizer(
    _ name: String, _ settings: [String: OptimizerDescription.Setting] = [:]
  ) -> OptimizerDescription {
    var optimizer = OptimizerDescription()
    optimizer.name = name
    optimizer.settings = settings
    return optimizer
  }

  @Test("a setting spelled out at its default makes no other title")
  func defaults() {
    let spelled = optimizer(
      "muon",
      [
        "scale": .text("moonlight"), "momentum": .number(0.95), "nesterov": .flag(true),
        "moves": .text("hidden"), "newton_schulz_steps": .number(5),
      ])
    let short = optimizer("muon", ["scale": .text("moonlight")])
    #expect(spelled.title == "muon scale=moonlight")
    #expect(short.title == spelled.title)
    #expect(short.canonical == spelled.canonical)
    #expect(optimizer("adamw").title == "adamw")
  }

  @Test("settings are in the catalog's order, and those that must be given always there")
  func order() {
    let set = optimizer(
      "muon", ["nesterov": .flag(false), "momentum": .number(0.9), "scale": .text("original")])
    #expect(set.title == "muon scale=original momentum=0.9 nesterov=false")
  }

  @Test("rules that the catalog does not have keep all that they are given")
  func unknown() {
    #expect(optimizer("other", ["b": .number(2), "a": .text("x")]).title == "other a=x b=2")
  }

  @Test(
    "what a weight decay of zero would mean tells no rules apart, and one of another number does")
  func decay() {
    var (a, b) = (optimizer("adamw"), optimizer("adamw"))
    b.decayConvention = .coupled
    #expect(a.canonical != b.canonical)
    (a.weightDecay, b.weightDecay) = (0, 0)
    #expect(a.canonical == b.canonical)
  }

  @Test(
    "every rule of the catalog is itself with all its defaults spelled out",
    arguments: OptimizerCatalog.all.map(\.name))
  func every(name: String) throws {
    var spelled = optimizer(name)
    for setting in try OptimizerCatalog.kind(name).settings {
      switch setting.value {
      case .number(_, let standard?): spelled.settings[setting.name] = .number(standard)
      case .flag(let standard): spelled.settings[setting.name] = .flag(standard)
      case .choice(_, let standard?): spelled.settings[setting.name] = .text(standard)
      default: break
      }
    }
    #expect(spelled.title == name)
    #expect(spelled.canonical == optimizer(name).canonical)
  }
}
