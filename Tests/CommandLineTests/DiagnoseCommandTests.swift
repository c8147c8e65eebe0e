import Foundation
import Support
import Testing

@Suite struct DiagnoseCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  /// The folder of a run that takes a second.
  private func train(telemetry: String = "{every: 512}") throws -> String {
    try folder.write(
      """
      version: 1
      corpus: {kind: synthetic, seed: 0, vocabulary: 16}
      model: {family: llama, width: 8, layers: 2, sequence_length: 32}
      tokens: 12800
      learning_rate: 1e-2
      batch_tokens: 128
      schedule: {warmup_tokens: 512}
      validation: {tokens: 640, every: 1280}
      telemetry: \(telemetry)
      """, to: "run.yaml")
    let trained = try vernier("train", "run.yaml")
    #expect(trained.status == 0, "\(trained.errors)")
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder.file("runs"))
    return "runs/" + (try #require(runs.first))
  }

  private struct Result: Decodable {
    struct Finding: Decodable {
      var kind: String
      var severity: String
    }
    struct Matrix: Decodable {
      struct Point: Decodable { var theory_rms: Double }
      var path: String
      var points: [Point]
    }

    var two_eta_lambda_steps: Double
    var findings: [Finding]
    var matrices: [Matrix]
    var missing: [String]
  }

  @Test("a run that was trained here: words, numbers and a page")
  func run() throws {
    let run = try train()
    let text = try vernier("diagnose", run, "--report", "page.html")
    #expect(text.status == 0, "\(text.errors)")
    for part in ["2ηλS", "no spike", "hidden", "caution [not_equilibrated]"] {
      #expect(text.output.contains(part), "\(part)")
    }
    let page = try folder.read("page.html")
    #expect(page.contains("id=\"norm\"") && page.contains("id=\"effective-rate\""))
    let json = try vernier("diagnose", run, "--format", "json")
    let result = try JSONDecoder().decode(Result.self, from: Data(json.output.utf8))
    #expect(result.two_eta_lambda_steps > 0.1 && result.two_eta_lambda_steps < 0.2)
    #expect(result.matrices.count == 2 + 2 * 7)
    #expect(result.matrices.allSatisfy { $0.points.count > 20 })
    #expect(result.missing.isEmpty)
  }

  @Test("a run without telemetry gets what can be said, and how to get the rest")
  func without() throws {
    let text = try vernier("diagnose", try train(telemetry: "none"))
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("caution [not_equilibrated]"))
    #expect(text.output.contains("put `telemetry: {every: 320}` into the run file"))
  }

  @Test("a log that is torn at its end is read up to there")
  func torn() throws {
    let run = try train()
    let log = try folder.read(run + "/events.jsonl")
    try folder.write(String(log.prefix(log.count / 2)), to: run + "/events.jsonl")
    let text = try vernier("diagnose", run)
    #expect(text.status == 0 && text.output.contains("not finished"))
  }

  @Test("a log that is damaged within, one without a step, and folders of nothing are named errors")
  func wrong() throws {
    let run = try train()
    let log = try folder.read(run + "/events.jsonl")
    try folder.write("{}\n" + log, to: run + "/events.jsonl")
    let damaged = try vernier("diagnose", run)
    #expect(damaged.status == 1 && damaged.errors.contains("events.jsonl:1 is no event"))
    try folder.write("", to: run + "/events.jsonl")
    let empty = try vernier("diagnose", run)
    #expect(empty.status == 1 && empty.errors.contains("has no step in its events.jsonl yet"))
    let nothing = try vernier("diagnose", "runs")
    #expect(nothing.status == 1 && nothing.errors.contains("without run.json, study.yaml"))
    let missing = try vernier("diagnose", "elsewhere")
    #expect(missing.status == 1 && missing.errors.contains("elsewhere is no folder"))
    let over = try vernier("diagnose", run, "--report", run + "/run.json")
    #expect(over.status == 1)
    #expect(try vernier("diagnose", run, "--format", "csv").status == 64)
  }

  @Test("a study: its cells with sensitivity and equilibrium, and a page")
  func study() throws {
    try folder.write(
      """
      version: 1
      corpus: {kind: synthetic, seed: 0, vocabulary: 16}
      model: {family: llama, sequence_length: 32, sizes: [{width: 8, layers: 1}]}
      tokens: [2560, 5120]
      learning_rates: [5e-3, 2e-2, 8e-2]
      batch_tokens: [128]
      schedule: {warmup_tokens: 512}
      validation: {tokens: 640, every: 1280}
      """, to: "study.yaml")
    let swept = try vernier("sweep", "study.yaml", "--output", "study")
    #expect(swept.status == 0, "\(swept.errors)")
    let text = try vernier("diagnose", "study", "--report", "page.html")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("6 runs in 2 cells"))
    #expect(text.output.contains("[unsettled_cells]"))
    #expect(try folder.read("page.html").contains("Sensitivity to the learning rate"))
    let json = try vernier("diagnose", "study", "--format", "json")
    struct Study: Decodable {
      struct Cell: Decodable {
        struct Sensitivity: Decodable { var value: Double }
        var sensitivity: Sensitivity
      }
      var cells: [Cell]
    }
    let study = try JSONDecoder().decode(Study.self, from: Data(json.output.utf8))
    #expect(study.cells.count == 2 && study.cells.allSatisfy { $0.sensitivity.value > 0 })
  }
}
