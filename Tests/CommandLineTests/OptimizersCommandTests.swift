import Foundation
import Support
import Testing

/// The catalog of update rules, and runs that name them.
@Suite struct OptimizersCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ optimizer: String) throws -> VernierProcess {
    try folder.write(
      """
      version: 1
      corpus: {kind: synthetic, seed: 0}
      model: {family: llama, width: 16, layers: 1, heads: 2, sequence_length: 32}
      tokens: 16384
      learning_rate: 1e-2
      batch_tokens: 512
      schedule: {warmup_tokens: 2048}
      optimizer: \(optimizer)
      validation: {tokens: 4096}
      """, to: "run.yaml")
    return try VernierProcess(["train", "run.yaml"], in: folder.path)
  }

  @Test("the list has every rule with its source, and a rule its settings")
  func list() throws {
    let list = try VernierProcess(["optimizers"], in: folder.path)
    #expect(list.output.split(separator: "\n").count == 19)
    #expect(list.output.contains("arXiv 2502.07529"))
    let muon = try VernierProcess(["optimizers", "muon"], in: folder.path)
    #expect(muon.output.contains("scale") && muon.output.contains("must be given"))
    let json = try VernierProcess(["optimizers", "--format", "json"], in: folder.path)
    let rules = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(rules.count == 18)
    let unknown = try VernierProcess(["optimizers", "muno"], in: folder.path)
    #expect(unknown.status != 0 && unknown.errors.contains("did you mean muon?"))
  }

  @Test("a rate of one of Muon's scales is converted to the others, for each matrix")
  func converts() throws {
    func vernier(_ arguments: String...) throws -> VernierProcess {
      try VernierProcess(["optimizers"] + arguments, in: folder.path)
    }
    let text = try vernier(
      "muon", "--convert", "0.02", "--scale", "original", "--shape", "1024x256", "--shape", "8x8")
    #expect(text.status == 0, "\(text.errors)")
    let row = try #require(text.output.split(separator: "\n").first { $0.hasPrefix("1024x256") })
    #expect(
      row.split(separator: " ") == ["1024x256", "0.02", "0.00625", "0.02", "0.04"], "\(row)")
    let json = try vernier(
      "normuon", "--convert", "0.02", "--scale", "original", "--shape", "1024x256", "--format",
      "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    let rates = try #require(rows.first?["learning_rates"] as? [String: Double])
    #expect(abs((rates["moonlight"] ?? 0) - 0.00625) < 1e-12 && rows[0]["rows"] as? Int == 1024)
    for (arguments, message) in [
      (["muon", "--convert", "0.02"], "needs the --scale of its rate: original, moonlight"),
      (["muon", "--convert", "0.02", "--scale", "keller"], "--scale is keller; give one of"),
      (["muon", "--convert", "0.02", "--scale", "original"], "such as 4096x1024"),
      (
        ["muon", "--convert", "0", "--scale", "original", "--shape", "8x8"],
        "give a learning rate above 0"
      ),
      (["muon", "--shape", "8x8"], "give --convert with it"),
      (
        ["muon", "--convert", "1", "--scale", "original", "--shape", "8by8"],
        "The value '8by8' is invalid"
      ),
      (
        ["adamw", "--convert", "1", "--scale", "original", "--shape", "8x8"],
        "name one of muon, normuon"
      ),
    ] {
      let refused = try VernierProcess(["optimizers"] + arguments, in: folder.path)
      #expect(refused.status == 64 && refused.errors.contains(message), "\(refused.errors)")
    }
  }

  @Test("a run is trained with the rule that it names")
  func named() throws {
    let run = try train("{name: muon, scale: moonlight}")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(
    "settings that a rule does not have are refused before anything runs",
    arguments: [
      ("{name: muon}", "scale of muon is not given"),
      ("{name: lion, momentum: 0.9}", "lion has no setting momentum"),
      ("{name: adamw, beats: [0.9, 0.95]}", "did you mean `betas`?"),
      ("{name: adamh}", "weight_decay: 0"),
      ("{name: sgd, momentum: 1}", "from 0 to below 1"),
      ("{name: adamw, betas: [0.9, 1]}", "from 0 to below 1"),
    ])
  func refused(optimizer: String, message: String) throws {
    let run = try train(optimizer)
    #expect(run.status != 0)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run.yaml"])
  }
}
