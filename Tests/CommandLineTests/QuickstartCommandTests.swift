import Foundation
import Support
import Testing

/// The quickstart on a study that takes seconds; `make demo` runs the real one, in CI too.
@Suite struct QuickstartCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      version: 1
      corpus: {kind: synthetic, seed: 0, vocabulary: 16}
      model: {family: llama, sequence_length: 32, sizes: [{width: 8, layers: 1}, {width: 16, layers: 1}]}
      tokens: [1k, 2k, 3k, 4k]
      learning_rates: {from: 2e-3, to: 2e-1, points: 5}
      batch_tokens: [128]
      schedule: {warmup_tokens: 512}
      validation: {tokens: 2048, every: 2k}
      hold_out: {model: {width: 24, layers: 1}, tokens: 6k}
      target: {params: 100k, tokens: 1M}

      """, to: "small.yaml")
  }

  private func quickstart(
    _ arguments: String..., interruption: (Int32) throws -> Void = { _ in }
  ) throws -> VernierProcess {
    try VernierProcess(
      ["quickstart", "--study", "small.yaml"] + arguments, in: folder.path,
      interruption: interruption)
  }

  /// All that is printed but how long it took.
  private func untimed(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { !$0.hasPrefix("runs ") }
  }

  @Test("it prints the gap of the larger run, the law, the rate and where the report is")
  func output() throws {
    let result = try quickstart()
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    let gap = try #require(lines.first { $0.hasPrefix("gap ") })
    #expect(gap.wholeMatch(of: /gap \d+\.\d\d % \+- \d+\.\d\d %: .*/) != nil, "\(gap)")
    #expect(lines.count { $0.hasPrefix("gap") } == 1)
    for word in ["runs ", "law  ", "test ", "advice", "report"] {
      #expect(lines.contains { $0.hasPrefix(word) }, "\(word)")
    }
    #expect(lines.contains { $0.contains(" s of training") })
    let text = try folder.read("vernier-quickstart/result.json")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let numbers = try #require(object as? [String: Any])
    #expect(numbers["runs"] as? Int ?? 0 >= 45)
    #expect((numbers["training_seconds"] as? Double ?? 0) > 0)
    let heldOut = try #require(numbers["held_out"] as? [String: Any])
    #expect(heldOut["gap_percent"] as? Double ?? -1 >= 0)
  }

  @Test("its folder is a study, with the law and the report, which the other commands take")
  func files() throws {
    _ = try quickstart("here")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("here"))
    #expect(
      Set(names) == [
        ".vernier-quickstart", ".lock", "runs", "study.sqlite", "study.yaml", "law.json",
        "report.html", "result.json",
      ])
    let fit = try VernierProcess(["fit", "here", "--format", "json"], in: folder.path)
    #expect(
      fit.output.trimmingCharacters(in: .newlines) == (try folder.read("here/law.json")))
  }

  @Test(
    "a finished folder is printed again at once, a fresh one is trained anew to the same result")
  func again() throws {
    let first = try quickstart()
    try folder.write("changed", to: "vernier-quickstart/law.json")
    let began = Date()
    #expect(try quickstart().output == first.output)
    #expect(Date().timeIntervalSince(began) < 10)
    #expect(try folder.read("vernier-quickstart/law.json") == "changed")
    #expect(try untimed(quickstart("--fresh").output) == untimed(first.output))
    #expect(try folder.read("vernier-quickstart/law.json") != "changed")
  }

  @Test("a folder that holds something else is left alone")
  func foreign() throws {
    for arguments in [["."], [".", "--fresh"]] {
      let result = try VernierProcess(["quickstart"] + arguments, in: folder.path)
      #expect(result.status == 1)
      #expect(result.errors.contains("holds small.yaml"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["small.yaml"])
  }

  @Test("a quickstart that was killed is gone on with")
  func interrupted() throws {
    let whole = try quickstart("whole")
    let killed = try quickstart("parts") { process in
      for _ in 0..<4000 where !FileManager.default.fileExists(atPath: folder.file("parts/runs")) {
        Thread.sleep(forTimeInterval: 0.005)
      }
      Thread.sleep(forTimeInterval: 0.2)
      kill(process, SIGKILL)
    }
    #expect(killed.status == SIGKILL)
    let result = try quickstart("parts")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      untimed(result.output).map { $0.replacingOccurrences(of: "parts", with: "whole") }
        == untimed(whole.output).map(String.init))
    try FileManager.default.removeItem(atPath: folder.file("parts/report.html"))
    #expect(try quickstart("parts").status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.file("parts/report.html")))
  }

  @Test("a quickstart that is at work is not cleared by another")
  func fresh() throws {
    let first = try quickstart { process in
      for _ in 0..<4000
      where !FileManager.default.fileExists(atPath: folder.file("vernier-quickstart/runs")) {
        Thread.sleep(forTimeInterval: 0.005)
      }
      let second = try quickstart("--fresh")
      #expect(second.status == 1)
      #expect(second.errors.contains("is in use by another vernier"), "\(second.errors)")
    }
    #expect(first.status == 0, "\(first.errors)")
  }

  @Test("a damaged result is an error that names the way out")
  func damaged() throws {
    _ = try quickstart()
    try folder.write("{", to: "vernier-quickstart/result.json")
    let result = try quickstart()
    #expect(result.status == 1)
    #expect(result.errors.contains("--fresh"))
    #expect(try quickstart("--fresh").status == 0)
  }
}
