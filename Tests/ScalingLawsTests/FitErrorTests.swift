import Runs
import ScalingLaws
import Testing

@Suite struct FitErrorTests {
  private let runs = PlantedLaw().runs(
    at: PlantedSweeps.scales(), learningRates: PlantedSweeps.rates(), seed: 31)

  private func message(_ runs: [RunRecord]) throws -> String {
    var message: String?
    do { _ = try PlantedSweeps.fit(runs) } catch let error as FitError {
      message = error.description
    }
    return try #require(message)
  }

  @Test("no runs")
  func none() {
    #expect(throws: FitError.noRuns) { try PlantedSweeps.fit([]) }
  }

  @Test("two learning rates only")
  func twoRates() throws {
    let message = try message(runs.filter { [1e-3, 2e-3].contains($0.learningRate) })
    #expect(message.contains("no scale has 3 learning rates"))
    #expect(message.contains("the most is 2"))
  }

  @Test("all runs diverged")
  func allDiverged() throws {
    let diverged = runs.map { run in
      var run = run
      run.loss = nil
      return run
    }
    #expect(try message(diverged).contains("all \(runs.count) runs diverged"))
  }

  @Test("every optimum at the edge says which way to widen the sweep")
  func everyEdge() throws {
    #expect(try message(runs.filter { $0.learningRate < 6e-4 }).contains("widen the sweep upwards"))
    let high = runs.filter { $0.learningRate > 3e-3 && $0.loss != nil }
    #expect(try message(high).contains("widen the sweep downwards"))
  }

  @Test("learning rates that differ by rounding are one")
  func roundedRates() throws {
    var two = runs.filter { [1e-3, 2e-3].contains($0.learningRate) }
    for run in two where run.learningRate == 2e-3 {
      var copy = run
      copy.learningRate *= 1.0001
      copy.trunk = "copy"
      two.append(copy)
    }
    #expect(try message(two).contains("no scale has 3 learning rates"))
  }

  @Test("a batch size given for some runs only")
  func someBatches() throws {
    var some = runs
    some[3].batchTokens = nil
    some[3].source = RunSource(file: "runs.csv", line: 5)
    #expect(try message(some).contains("batch_tokens is empty for 1 run and"))
    #expect(try message(some).contains("the first on line 5"))
  }

  @Test(
    "losses of different kinds are never fitted together",
    arguments: ["loss_kind", "corpus", "tokenizer", "schedule.kind", "schedule.decay"])
  func mixed(field: String) throws {
    var mixed = runs
    for index in mixed.indices {
      let other = index.isMultiple(of: 2)
      switch field {
      case "loss_kind": mixed[index].lossKind = other ? "training" : "validation"
      case "corpus": mixed[index].corpus = other ? "a" : "b"
      case "tokenizer": mixed[index].tokenizer = other ? nil : "a"
      case "schedule.kind": mixed[index].schedule.kind = other ? "wsd" : "cosine"
      default: mixed[index].schedule.decay = other ? 0.1 : 0.2
      }
    }
    let message = try message(mixed)
    #expect(message.contains("differ in \(field)"))
    let examples = [
      "loss_kind": "training", "corpus": "a", "tokenizer": "a", "schedule.kind": "wsd",
      "schedule.decay": "0.1",
    ]
    #expect(message.contains("--where \(field)=\(try #require(examples[field]))"))
  }

  @Test(
    "runs of different optimizers or schedules are never fitted together",
    arguments: ["optimizer.name", "schedule.shape", "schedule.settings", "remedies"])
  func rivals(field: String) throws {
    var mixed = runs
    for index in mixed.indices {
      let text = index.isMultiple(of: 2) ? "a" : "b"
      switch field {
      case "optimizer.name": mixed[index].optimizer.name = text
      case "remedies": mixed[index].remedies = text
      case "schedule.shape": mixed[index].schedule.shape = text
      default: mixed[index].schedule.settings = text
      }
    }
    let message = try message(mixed)
    #expect(message.contains("differ in \(field)"))
    #expect(message.contains("--where \(field)=a"))
  }

  @Test("runs that do not say their optimizer are fitted with those of one that do, as before")
  func unknownOptimizer() throws {
    var some = runs
    for index in some.indices where index.isMultiple(of: 2) { some[index].optimizer.name = "adamw" }
    let law = try PlantedSweeps.fit(some)
    #expect(law.recipe.mixedFields == ["optimizer"])
    #expect(!law.recipe.unknownFields.contains("optimizer.name"))
  }
}
