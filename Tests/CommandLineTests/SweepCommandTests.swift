import Foundation
import Support
import Testing

@Suite struct SweepCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two sizes, four horizons and five rates, in a second or two.
  private static let study = """
    version: 1
    corpus: {kind: synthetic, seed: 0, vocabulary: 16}
    model: {family: llama, sequence_length: 32, sizes: [{width: 8, layers: 1}, {width: 16, layers: 1}]}
    tokens: [2k, 4k, 6k, 8k]
    predict_tokens: [12k]
    learning_rates: {from: 2e-3, to: 2e-1, points: 5}
    batch_tokens: [128]
    schedule: {warmup_tokens: 512}
    validation: {tokens: 2048, every: 4k}
    checkpoint: {every: 1k}
    hold_out: {model: {width: 24, layers: 1}, tokens: 12k}
    target: {params: 1M, tokens: 10M}

    """

  private func write(_ changes: [(String, String)] = [], to name: String = "small.yaml") throws {
    var text = Self.study
    for (right, wrong) in changes {
      try #require(text.contains(right))
      text = text.replacingOccurrences(of: right, with: wrong)
    }
    try folder.write(text, to: name)
  }

  private func vernier(
    _ arguments: String..., interruption: (Int32) throws -> Void = { _ in }
  ) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path, interruption: interruption)
  }

  private func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file(path)).sorted()
  }

  private func logs(_ name: String) throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try names(in: "\(name)/runs").map {
        ($0, try folder.read("\(name)/runs/\($0)/events.jsonl"))
      })
  }

  @Test("a study is swept, fitted, tested on a larger run, and taken by the other commands")
  func sweeps() throws {
    try write()
    let result = try vernier("sweep", "small.yaml")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count { $0.hasPrefix("gap ") } == 1)
    #expect(lines.contains { $0.hasPrefix("cost: ") && $0.contains("the full grid") })
    #expect(lines.contains { $0.hasPrefix("horizons: 40 of the 50 cells of the grid") })
    #expect(
      try names(in: "small") == [".lock", "runs", "study.sqlite", "study.yaml"])

    let logs = try logs("small")
    let again = try vernier("sweep", "small", "--format", "json")
    #expect(again.status == 0, "\(again.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(again.output.utf8))
    let values = try #require(object as? [String: Any])
    #expect(values["trained_tokens"] as? Int == 0)
    #expect(values["runs"] as? Int ?? 0 >= 45)
    #expect((values["held_out"] as? [String: Any])?["gap_percent"] as? Double ?? -1 >= 0)
    #expect(try self.logs("small") == logs)

    let fit = try vernier("fit", "small", "--output", "law.json")
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(fit.output.contains("40 runs (0 diverged"))
    for arguments in [
      ["--law", "law.json", "--params", "1M", "--tokens", "10M"], ["--law", "small"],
    ] {
      let advice = try VernierProcess(
        ["recommend", "--format", "csv"] + arguments, in: folder.path)
      #expect(advice.status == 0, "\(advice.errors)")
      #expect(advice.output.contains("\n1000000,10000000,"))
    }
    let smaller = try vernier("fit", "small", "--params-kind", "non-embedding")
    #expect(smaller.status == 0 && smaller.output != fit.output)
    let report = try vernier("report", "small", "--output", "page.html")
    #expect(report.status == 0, "\(report.errors)")
    let page = try folder.read("page.html")
    for id in ["held-out", "training-curves", "trunk-and-branches", "horizon-law", "basins"] {
      #expect(page.contains("id=\"\(id)\""), "\(id)")
    }
  }

  /// How far the log of the run in `path` is ahead of its newest checkpoint, in steps.
  private func stepsAtRisk(_ path: String) throws -> Int {
    let log = (try? folder.read(path + "/events.jsonl")) ?? ""
    let last = log.split(separator: "\n").last ?? ""
    let step = (last.firstMatch(of: /"step":([0-9]+)/)?.1).flatMap { Int($0) } ?? 0
    let names = (try? names(in: path + "/checkpoints")) ?? []
    let saved = names.compactMap { $0.hasPrefix("step-") ? Int($0.dropFirst(5)) : nil }.max()
    let manifest = try folder.read(path + "/run.json")
    let branch = (manifest.firstMatch(of: /"branch_step" : ([0-9]+)/)?.1).flatMap { Int($0) }
    return step - (saved ?? branch ?? 0)
  }

  /// At any moment: while planning, between runs, in the middle of a step, of a checkpoint, of a log.
  @Test("a sweep that is killed at 20 random moments ends with the same curves", .tags(.slow))
  func kills() throws {
    // Long enough for twenty kills.
    try write([
      ("[2k, 4k, 6k, 8k]", "[3k, 6k, 12k, 24k]"), ("[12k]", "[36k]"), ("every: 1k", "every: 3k"),
    ])
    let began = Date()
    #expect(try vernier("sweep", "small.yaml", "--output", "whole").status == 0)
    // Twenty pieces do not make a whole, so that every kill hits a sweep at work.
    let longest = Date().timeIntervalSince(began) / 15
    var random = SystemRandomNumberGenerator()
    var moments: [Double] = []
    var inTraining = 0
    for _ in 0..<20 {
      let moment = Double.random(in: 0.01...longest, using: &random)
      let killed = try vernier("sweep", "small.yaml", "--output", "parts") { process in
        Thread.sleep(forTimeInterval: moment)
        kill(process, SIGKILL)
      }
      moments.append(moment)
      #expect(killed.status == SIGKILL || killed.status == 0, "\(killed.errors)")
      var isOpen = false
      for id in (try? names(in: "parts/runs")) ?? [] {
        let path = "parts/runs/\(id)"
        guard let state = try? folder.read(path + "/status.json"), state.contains("\"running\"")
        else { continue }
        isOpen = true
        // A checkpoint every 3000 tokens, of steps of 128.
        #expect(try stepsAtRisk(path) <= 24, "\(id) after \(moments)")
      }
      inTraining += isOpen ? 1 : 0
    }
    #expect(inTraining >= 8, "\(moments)")
    let last = try vernier("sweep", "small.yaml", "--output", "parts")
    #expect(last.status == 0, "killed after \(moments): \(last.errors)")
    let (whole, parts) = (try logs("whole"), try logs("parts"))
    #expect(whole.count > 50)
    #expect(whole.keys.sorted() == parts.keys.sorted())
    for (id, log) in whole { #expect(parts[id] == log, "\(id) after \(moments)") }
  }

  @Test("no output is written over a part of a study, nor a study over another")
  func outputs() throws {
    try write([("tokens: 12k}", "tokens: 12k, factors: [1]}")])
    try #require(try vernier("sweep", "small.yaml").status == 0)
    let run = try #require(try names(in: "small/runs").first)
    for path in ["small/study.yaml", "small/study.sqlite", "small/runs/\(run)/events.jsonl"] {
      let before = try Data(contentsOf: URL(fileURLWithPath: folder.file(path)))
      for command in ["report", "fit"] {
        let result = try vernier(command, "small", "--output", path)
        #expect(result.status == 1)
        #expect(result.errors.contains("is the input itself, or a part of it"), "\(result.errors)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file(path))) == before)
    }
    try FileManager.default.createDirectory(
      atPath: folder.file("mine"), withIntermediateDirectories: true)
    try folder.write(
      "# by hand\n" + Self.study.replacingOccurrences(of: "seed: 0", with: "seed: 3"),
      to: "mine/study.yaml")
    let other = try vernier("sweep", "small.yaml", "--output", "mine")
    #expect(other.errors.contains("was not written by vernier, so it is not replaced"))
    #expect(try folder.read("mine/study.yaml").hasPrefix("# by hand"))
    #expect(try names(in: "mine") == ["study.yaml"])
    let inRun = try vernier("sweep", "small.yaml", "--output", "small/runs/\(run)")
    #expect(inRun.errors.contains("is the folder of a run"))
  }

  @Test("what is said on a standard error that cannot be written to stops nothing")
  func closedErrors() throws {
    try write([("tokens: 12k}", "tokens: 12k, factors: [1]}")])
    try #require(try vernier("sweep", "small.yaml").status == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec \"$0\" fit small 2>/dev/full >/dev/null", try VernierProcess.executable(),
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(
    "a mistake in the study is named with its place, and nothing is written",
    arguments: [
      (
        "learning_rates:", "learning_rate:",
        "small.yaml:6:1: unknown key `learning_rate`; did you mean `learning_rates`?"
      ),
      ("warmup_tokens: 512", "warmup_tokens: 1700", "longer than a run of 2000"),
      ("tokens: 12k}", "tokens: 100}", "longer than a run of 100"),
      ("[2k, 4k, 6k, 8k]", "[2k, 4k, 6k]", "`predict_tokens` needs at least 4 horizons"),
      ("predict_tokens: [12k]", "predict_tokens: [8k]", "`predict_tokens` holds 8000"),
      ("tokens: 12k}", "tokens: 12k, factors: [0.5, 2]}", "1 among them"),
      ("tokens: 12k}", "tokens: 12k, factor: [1]}", "did you mean `factors`?"),
      (
        "kind: synthetic, seed: 0, vocabulary: 16",
        "kind: bytes, path: gone.txt, validation: v.txt", "gone.txt: no such file"
      ),
      ("llama", "gpt2", "`family` gpt2 is not among those the built-in trainer trains"),
      (
        "batch_tokens: [128]", "budget: {flops: 1e6}\nbatch_tokens: [128]",
        "more than `budget.flops`"
      ),
      (
        "batch_tokens: [128]",
        "trainer: {kind: command, argv: [x], log: l, format: f}\nbatch_tokens: [128]",
        "only the builtin trainer"
      ),
      ("version: 1", "version: 2", "this program reads version 1"),
    ])
  func mistakes(right: String, wrong: String, message: String) throws {
    try write([(right, wrong)])
    let result = try vernier("sweep", "small.yaml")
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("Error: "))
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("small")))
  }

  @Test("what is no study, or no place for one, is named")
  func places() throws {
    try write()
    try folder.write("", to: "file")
    #expect(try vernier("sweep", "gone.yaml").errors.contains("gone.yaml: no such file or folder"))
    #expect(try vernier("sweep", ".").errors.contains("holds no study.yaml"))
    #expect(
      try vernier("sweep", "small.yaml", "--output", "file").errors.contains("file is no folder"))
    #expect(
      try vernier("sweep", "small.yaml", "--output", "file/study").errors
        .contains("file/study was not written"))
    #expect(
      try vernier("sweep", "small.yaml", "--corpus", "x").errors.contains("another kind than bytes")
    )
    #expect(try vernier("sweep", "small.yaml", "--jobs", "0").status == 64)
    #expect(try vernier("sweep", "small.yaml", "--executor", "moon").status == 64)
    for command in ["fit", "report"] {
      try write([], to: "study.yaml")
      let result = try vernier(command, ".")
      #expect(result.errors.contains("has ended"), "\(result.errors)")
    }
  }

  @Test("a second sweep on the same folder is refused; the first is not disturbed")
  func twice() throws {
    try write()
    let first = try vernier("sweep", "small.yaml") { process in
      for _ in 0..<4000 where !FileManager.default.fileExists(atPath: folder.file("small/runs")) {
        Thread.sleep(forTimeInterval: 0.005)
      }
      let second = try vernier("sweep", "small.yaml")
      #expect(second.status == 1)
      #expect(second.errors.contains("is in use by another vernier"), "\(second.errors)")
    }
    #expect(first.status == 0, "\(first.errors)")
  }

  @Test("a sweep that is asked to stop saves, and goes on")
  func stops() throws {
    try write()
    let stopped = try vernier("sweep", "small.yaml") { process in
      for _ in 0..<4000 where !FileManager.default.fileExists(atPath: folder.file("small/runs")) {
        Thread.sleep(forTimeInterval: 0.005)
      }
      Thread.sleep(forTimeInterval: 0.1)
      kill(process, SIGTERM)
    }
    #expect(stopped.status == 1)
    #expect(stopped.errors.contains("stopped, and saved"), "\(stopped.errors)")
    #expect(try vernier("sweep", "small.yaml").status == 0)
  }

  @Test(
    "a disk that fills up ends the sweep with nothing lost",
    .enabled(if: SmallDisk.isAvailable, "a small disk cannot be mounted here: needs root"))
  func fullDisk() throws {
    let disk = try SmallDisk(megabytes: 3)
    try write()
    let output = disk.path + "/study"
    let full = try vernier("sweep", "small.yaml", "--output", output)
    #expect(full.status == 1)
    #expect(full.errors.contains("space") || full.errors.contains("full"), "\(full.errors)")
    #expect(try vernier("sweep", "small.yaml", "--output", output).status == 1)
    // The same folder on a larger disk goes on, and ends as a sweep that had room.
    try FileManager.default.copyItem(atPath: output, toPath: folder.file("moved"))
    let moved = try vernier("sweep", "moved")
    #expect(moved.status == 0, "\(moved.errors)")
    #expect(try vernier("sweep", "small.yaml", "--output", "whole").status == 0)
    #expect(try logs("moved") == logs("whole"))
  }
}
