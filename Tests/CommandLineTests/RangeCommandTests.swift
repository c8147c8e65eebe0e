import Foundation
import Support
import Testing

/// A bracket of learning rates from one short run.
@Suite struct RangeCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      version: 1
      corpus: {kind: synthetic, seed: 0}
      model: {family: llama, width: 16, layers: 1, heads: 2, sequence_length: 32}
      tokens: 65536
      learning_rate: 1e-2
      batch_tokens: 512
      schedule: {warmup_tokens: 4096}
      validation: {tokens: 4096}
      """, to: "run.yaml")
  }

  private func range(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(["range", "run.yaml"] + arguments, in: folder.path)
  }

  @Test(
    "the bracket holds the rate that a small sweep finds best, twice the same, and writes nothing")
  func bracket() throws {
    let result = try range("--steps", "200", "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try range("--steps", "200", "--format", "json").output == result.output)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run.yaml"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let rates = try #require(object["learning_rates"] as? [String: Double])
    let (from, to) = (try #require(rates["from"]), try #require(rates["to"]))
    var losses: [(rate: Double, loss: Double)] = []
    for power in 0..<6 {
      let rate = 1e-3 * pow(4, Double(power))
      try folder.write(
        try folder.read("run.yaml").replacingOccurrences(
          of: "learning_rate: 1e-2", with: "learning_rate: \(rate)"), to: "one.yaml")
      let run = try VernierProcess(
        ["train", "one.yaml", "--output", "run-\(power)", "--format", "json"], in: folder.path)
      let values =
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      losses.append((rate, values?["loss"] as? Double ?? .infinity))
    }
    let best = try #require(losses.min { $0.loss < $1.loss })
    #expect(best.rate >= from && best.rate <= to, "\(from) to \(to): \(losses)")
  }

  @Test("what is printed can stand in a study file, and says that it is no recommendation")
  func text() throws {
    let result = try range("--steps", "120")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("learning_rates: {from: "))
    #expect(result.output.contains("not a recommendation"))
  }

  @Test("a range that brackets nothing is refused or warned of")
  func badInput() throws {
    let flat = try range("--from", "1e-9", "--to", "1e-7", "--steps", "60")
    #expect(flat.status == 1)
    #expect(flat.errors.contains("the loss did not fall"))
    let low = try range("--from", "1e-5", "--to", "3e-3", "--steps", "120")
    #expect(low.errors.contains("go on to a higher one with --to"))
    #expect(try range("--from", "1", "--to", "2").status == 64)
    #expect(try range("--steps", "10").status == 64)
    #expect(try VernierProcess(["range", "gone.yaml"], in: folder.path).status == 1)
  }
}
