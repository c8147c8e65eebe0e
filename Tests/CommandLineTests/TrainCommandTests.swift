import Foundation
import Support
import Testing

@Suite struct TrainCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Some seconds of training if it is `long`, a part of one if not.
  private func runFile(
    long: Bool = false, tokens: String = "4096", model: String = "width: 16, layers: 2, heads: 2",
    more: String = ""
  ) throws -> String {
    let words = ["red ", "green ", "blue ", "violet "]
    func text(_ count: Int) -> String { (0..<count).map { words[$0 * $0 % 7 % 4] }.joined() }
    try folder.write(text(9000), to: "train.txt")
    try folder.write(text(1000) + "end", to: "valid.txt")
    return try folder.write(
      """
      version: 1
      corpus: {kind: bytes, path: train.txt, validation: valid.txt}
      model: {family: llama, \(model), sequence_length: 32}
      tokens: \(long ? "300000" : tokens)
      learning_rate: 1e-2
      batch_tokens: 128
      schedule: {warmup_tokens: 512}
      validation: {tokens: 640}
      checkpoint: {every: 6400}
      \(more)
      """, to: "run.yaml")
  }

  private func train(
    _ arguments: String..., environment: [String: String] = [:],
    interruption: (Int32) throws -> Void = { _ in }
  ) throws -> VernierProcess {
    try VernierProcess(
      ["train", "run.yaml"] + arguments, in: folder.path, environment: environment,
      interruption: interruption)
  }

  @Test("it trains, says how it ended, and leaves the run in a folder named by its id")
  func output() throws {
    _ = try runFile()
    let result = try train()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[0].hasSuffix(": finished after 4.1k tokens"))
    #expect(lines[1].contains(" +- "))
    #expect(lines[2].hasSuffix("passes through the training text"))
    #expect(lines[3].hasSuffix("tokens per second"))
    let ids = try FileManager.default.contentsOfDirectory(atPath: folder.file("runs"))
    #expect(ids.count == 1)
    #expect(lines[0].contains("run \(ids[0]) in runs/\(ids[0])"))
    // Once more: nothing is trained, and all but the speed is said again.
    let again = try train()
    let saidAgain = again.output.split(separator: "\n").map(String.init)
    #expect(saidAgain == lines.filter { !$0.hasSuffix("tokens per second") })
  }

  @Test("the result as JSON")
  func json() throws {
    _ = try runFile()
    let result = try train("--output", "here", "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let values = try #require(object as? [String: Any])
    #expect(values["state"] as? String == "finished")
    #expect(values["folder"] as? String == "here")
    #expect(values["step"] as? Int == 32)
    #expect(values["tokens"] as? Int == 4096)
    #expect((values["loss"] as? Double ?? 9) < 5.5)
    #expect((values["loss_standard_error"] as? Double ?? 0) > 0)
    #expect((values["tokens_per_second"] as? Double ?? 0) > 0)
  }

  /// Variables that slow libraries down, give them threads, or pin them to one core.
  @Test("what the environment says to numerical libraries changes no byte")
  func environment() throws {
    _ = try runFile()
    _ = try train("--output", "plain")
    let result = try train(
      "--output", "other",
      environment: [
        "OPENBLAS_CORETYPE": "Prescott", "OMP_NUM_THREADS": "7", "OMP_PROC_BIND": "true",
        "OMP_DYNAMIC": "true", "ONEDNN_MAX_CPU_ISA": "SSE41", "DNNL_MAX_CPU_ISA": "SSE41",
        "ONEDNN_VERBOSE": "2",
      ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(!result.output.contains("onednn_verbose"))
    #expect(try folder.read("plain/events.jsonl") == folder.read("other/events.jsonl"))
  }

  private func waitForLines(_ count: Int, in name: String) throws {
    for _ in 0..<2000 {
      if let text = try? folder.read(name), text.split(separator: "\n").count >= count { return }
      Thread.sleep(forTimeInterval: 0.005)
    }
    Issue.record("\(name) never had \(count) lines")
  }

  @Test("a run that was asked to stop, or killed, goes on to the same curve")
  func interruptions() throws {
    _ = try runFile(long: true, more: "telemetry: none")
    _ = try train("--output", "whole")
    let stopped = try train("--output", "parts") { process in
      try waitForLines(150, in: "parts/events.jsonl")
      kill(process, SIGINT)
    }
    #expect(stopped.status == 1)
    #expect(stopped.output.contains("and saved; the same command goes on"))
    #expect(try folder.read("parts/status.json").contains("\"stopped\""))
    for lines in [400, 700, 1100] {
      let killed = try train("--output", "parts") { process in
        try waitForLines(lines, in: "parts/events.jsonl")
        kill(process, SIGKILL)
      }
      #expect(killed.status == SIGKILL)
    }
    let finished = try train("--output", "parts")
    #expect(finished.status == 0)
    #expect(finished.errors.contains("note: going on from step "))
    #expect(try folder.read("parts/events.jsonl") == folder.read("whole/events.jsonl"))
  }

  @Test(
    "a mistake is named with its place, and nothing is written",
    arguments: [
      ("layers: 2", "layer: 2", "unknown key `layer`; did you mean `layers`?"),
      ("heads: 2", "heads: 3", "`heads` 3 does not divide `width` 16"),
      ("train.txt", "gone.txt", "gone.txt: no such file or folder"),
      ("valid.txt}", "train.txt}", "train.txt is the file that is trained on"),
      ("train.txt", "/dev/null", "/dev/null is neither a file nor a folder"),
      ("sequence_length: 32", "sequence_length: 48", "`batch_tokens` 128 is not a whole number"),
      ("llama", "gpt2", "`family` gpt2 is not among those the built-in trainer trains"),
      ("width: 16", "width: 2000000000", "bytes of memory"),
      ("tokens: 4096", "tokens: 100", "less than one"),
      ("learning_rate: 1e-2", "learning_rate: -1", "must be a positive number"),
    ])
  func mistakes(right: String, wrong: String, message: String) throws {
    let file = try runFile()
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try #require(text.contains(right))
    try folder.write(
      text.replacingOccurrences(of: right, with: wrong), to: "run.yaml")
    let result = try train("--output", "out")
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("Error: "))
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test("text that is empty, too short or no text is named")
  func corpora() throws {
    _ = try runFile()
    for (content, message) in [
      ("", "is empty"), ("short", "has 5 tokens, but sequences of 32"), ("a\0b", "is no text"),
    ] {
      try folder.write(content, to: "train.txt")
      let result = try train("--output", "out")
      #expect(result.status == 1)
      #expect(result.errors.contains("train.txt") && result.errors.contains(message))
    }
    // A folder of texts is one text; a binary file among them is named.
    let manager = FileManager.default
    try manager.removeItem(atPath: folder.file("train.txt"))
    try manager.createDirectory(atPath: folder.file("train.txt"), withIntermediateDirectories: true)
    try folder.write(String(repeating: "some text ", count: 90), to: "train.txt/a")
    try folder.write(String(repeating: "more text ", count: 90), to: "train.txt/b")
    #expect(try train("--output", "folder").status == 0)
    try folder.write("\u{0}\u{1}", to: "train.txt/c.bin")
    #expect(try train("--output", "out").errors.contains("train.txt/c.bin is no text"))
  }

  @Test("the folder of another run is refused and stays as it is")
  func otherRun() throws {
    _ = try runFile()
    _ = try train("--output", "out")
    let before = try folder.read("out/events.jsonl")
    let file = try runFile(more: "seed: 1")
    try #require(file.hasSuffix("run.yaml"))
    let result = try train("--output", "out")
    #expect(result.status == 1)
    #expect(result.errors.contains("holds another run"))
    #expect(try folder.read("out/events.jsonl") == before)
  }

  @Test(
    "a disk that fills up ends the run, which goes on when there is room",
    .enabled(if: SmallDisk.isAvailable, "a small disk cannot be mounted here: needs root"))
  func fullDisk() throws {
    let disk = try SmallDisk()
    _ = try runFile(long: true, more: "telemetry: none")
    _ = try train("--output", "whole")
    let output = disk.path + "/run"
    let ballast = URL(fileURLWithPath: disk.path + "/ballast")
    try Data(count: 850_000).write(to: ballast)
    let full = try train("--output", output)
    #expect(full.status == 1)
    #expect(full.errors.contains("space"), "\(full.errors)")
    try FileManager.default.removeItem(at: ballast)
    let finished = try train("--output", output)
    #expect(finished.status == 0, "\(finished.errors)")
    let log = try String(contentsOfFile: output + "/events.jsonl", encoding: .utf8)
    #expect(try log == folder.read("whole/events.jsonl"))
  }

  @Test("a folder that cannot be written to is named")
  func noPermission() throws {
    _ = try runFile()
    try folder.write("", to: "file")
    let result = try train("--output", "file/run")
    #expect(result.status == 1)
    #expect(result.errors.contains("file/run was not written"))
  }
}
