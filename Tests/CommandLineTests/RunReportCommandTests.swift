import Foundation
import Support
import Testing

@Suite struct RunReportCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("run"), withIntermediateDirectories: true)
  }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  private static let manifest = """
    {"version": 1, "id": "0123456789abcdef", "params_total": 107712, "params_non_embedding": 91328,
     "engine_version": "1", "memory_bytes": 1e8,
     "machine": {"instruction_set": "avx2", "matrix_library": "openblas"},
     "corpus": {"digest": "aa", "validation_digest": "bb", "loss_floor": 1.4},
     "description": {
       "version": 1, "corpus": {"kind": "synthetic", "seed": 0, "vocabulary": 64},
       "model": {"family": "llama", "width": 64, "layers": 2, "sequence_length": 256},
       "tokens": 819200, "learning_rate": 3e-3, "batch_tokens": 8192, "seed": 0, "z_loss": 0,
       "parametrization": {"name": "standard"},
       "schedule": {"kind": "wsd", "warmup_tokens": 81920, "decay_fraction": 0.2,
                    "decay_shape": "linear", "floor": 0},
       "optimizer": {"name": "adamw", "betas": [0.9, 0.95], "epsilon": 1e-8, "weight_decay": 0.1,
                     "decay_convention": "decoupled", "clip": 1},
       "validation": {"tokens": 262144, "every": 81920}, "checkpoint": {"every": 81920}}}
    """

  private static let events = """
    {"kind":"validation","loss":4.2,"sequences":1024,"standard_error":0.01,"step":0,"tokens":0}
    {"gradient_norm":1.5,"kind":"train","learning_rate":0.0003,"loss":4.1,"step":1,"tokens":8192}
    {"gradient_norm":1.4,"kind":"train","learning_rate":0.0006,"loss":3.9,"step":2,"tokens":16384}

    """

  @Test("the folder of a run in progress becomes its page")
  func page() throws {
    try folder.write(Self.manifest, to: "run/run.json")
    // A line is being written as the page is made.
    try folder.write(Self.events + "{\"kind\":\"tra", to: "run/events.jsonl")
    let result = try vernier("report", "run", "--output", "page.html")
    #expect(result.status == 0)
    #expect(result.output == "page.html\n")
    let page = try folder.read("page.html")
    #expect(page.contains("Training run 0123456789abcdef"))
    #expect(page.contains("has come to <strong>2\u{A0}%</strong>"))
  }

  @Test("a run without events has a page too, and its state is read")
  func state() throws {
    try folder.write(Self.manifest, to: "run/run.json")
    #expect(try vernier("report", "run").status == 0)
    #expect(try folder.read("report.html").contains("<strong>not begun</strong>"))
    try folder.write(
      #"{"state":"failed","step":0,"attempt":1,"reason":"disk full","updated":"2026-01-02T03:04:05Z"}"#,
      to: "run/status.json")
    #expect(try vernier("report", "run").status == 0)
    #expect(try folder.read("report.html").contains("disk full"))
  }

  @Test("a folder that is no run's is an error that says so")
  func noRun() throws {
    let result = try vernier("report", "run")
    #expect(result.status == 1)
    #expect(result.errors.contains("run is a folder without run.json or study.yaml"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("report.html")))
  }

  @Test("a damaged log is an error that names its line")
  func damaged() throws {
    try folder.write(Self.manifest, to: "run/run.json")
    try folder.write("{}\n" + Self.events, to: "run/events.jsonl")
    let result = try vernier("report", "run")
    #expect(result.status == 1)
    #expect(result.errors.contains("events.jsonl:1 is no event"))
  }

  @Test(
    "what is for runs to fit is refused",
    arguments: [
      ["--params", "7B", "--tokens", "1T"], ["--map", "loss=x"], ["--where", "a=b"],
      ["--seed", "7"],
    ])
  func fitOptions(arguments: [String]) throws {
    try folder.write(Self.manifest, to: "run/run.json")
    let result = try VernierProcess(["report", "run"] + arguments, in: folder.path)
    #expect(result.status == 64)
    #expect(result.errors.contains("run is the folder of a run"))
  }

  @Test("the page does not take the place of the run's own files", arguments: ["run", "events"])
  func sparing(name: String) throws {
    try folder.write(Self.manifest, to: "run/run.json")
    try folder.write(Self.events, to: "run/events.jsonl")
    let file = name == "run" ? "run/run.json" : "run/events.jsonl"
    let result = try vernier("report", "run", "--output", file)
    #expect(result.status == 1)
    #expect(result.errors.contains("is the input itself"))
  }
}
