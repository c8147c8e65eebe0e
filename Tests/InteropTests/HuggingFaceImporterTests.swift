import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct HuggingFaceImporterTests {
  private let importer = HuggingFaceImporter()
  private let fixtures = ImporterFixtures.path("huggingface")
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ state: String) throws -> RunLog {
    let reader = try importer.reader(of: LogPlace(path: state, files: [state])) { _ in true }
    try reader.advance { _ in }
    return try #require(reader.logs.first)
  }

  private func number(_ log: RunLog, _ key: String) -> Double? {
    log.settings[key].flatMap { Double($0.value.text) }
  }

  @Test("checkpoints of a run are one run, read where its history is longest")
  func places() throws {
    let files = ImporterFixtures.files(fixtures).filter { importer.recognizes($0) }
    #expect(files.count == 5)
    let run = fixtures + "/run"
    #expect(
      importer.places(among: files) == [
        LogPlace(
          path: fixtures + "/diverged", files: [fixtures + "/diverged/trainer_state.json"],
          ownedFolders: [fixtures + "/diverged/runs"]),
        LogPlace(
          path: run, files: [run + "/trainer_state.json"], ownedFolders: [run + "/runs"]),
      ])
    let checkpoints = files.filter { $0.path.contains("/run/checkpoint") }
    #expect(
      importer.places(among: checkpoints).map(\.files) == [
        [run + "/checkpoint-60/trainer_state.json"]
      ])
    let old = LogFile(
      path: run + "/trainer_state.json", bytes: 40, head: Array("{\"global_step\": 45,".utf8))
    #expect(
      importer.places(among: [old] + checkpoints).map(\.files)
        == [[run + "/checkpoint-60/trainer_state.json"]])
  }

  @Test("the curve, the settings and the params are those of the files")
  func run() throws {
    let log = try read(fixtures + "/run/trainer_state.json")
    #expect(log.name == "run")
    #expect(log.end == .finished)
    let loss = try #require(log.series("loss"))
    #expect(loss.steps == [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60])
    #expect(loss.values.first == 4.168272018432617 && loss.values.last == 0.32263162136077883)
    #expect(log.series("learning_rate")?.values.last == 8.459208643659122e-06)
    #expect(log.series("eval_loss")?.resumed.steps == [20, 40, 60])
    #expect(log.series("num_input_tokens_seen")?.values.last == 31680)
    #expect(log.series("train_loss") == nil)
    #expect(number(log, "train_loss") == 1.389532979329427)
    #expect(number(log, "max_steps") == 60 && number(log, "train_batch_size") == 8)
    #expect(number(log, "config.hidden_size") == 32)
    #expect(number(log, "safetensors.params_total") == number(log, "counted.params_total"))
    #expect(
      number(log, "safetensors.params_non_embedding")
        == number(log, "counted.params_non_embedding"))
    #expect(number(log, "safetensors.params_embedding") == 4096)
    #expect(log.remarks.contains { $0.contains("training_args.bin is a pickle") })
  }

  @Test("a loss that is no number is a point of the curve")
  func diverged() throws {
    let log = try read(fixtures + "/diverged/trainer_state.json")
    let loss = try #require(log.series("loss"))
    #expect(loss.steps.count > 3 && loss.values[2].isNaN)
  }

  @Test(
    "arguments that a user wrote give batch, schedule and weight decay",
    arguments: ["json", "yaml"])
  func arguments(format: String) throws {
    let state = try folder.write(
      #"{"global_step": 10, "max_steps": 200, "log_history": [{"loss": 2.5, "step": 10}]}"#,
      to: "trainer_state.json")
    let values: [(String, String)] = [
      ("learning_rate", "0.0003"), ("weight_decay", "0.1"), ("per_device_train_batch_size", "4"),
      ("gradient_accumulation_steps", "8"), ("world_size", "2"), ("warmup_ratio", "0.03"),
      ("warmup_steps", "0"),
    ]
    _ =
      format == "json"
      ? try folder.write(
        "{" + values.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}", to: "args.json")
      : try folder.write(values.map { "\($0): \($1)\n" }.joined(), to: "args.yaml")
    let log = try read(state)
    #expect(number(log, "args.learning_rate") == 0.0003)
    #expect(log.remarks.isEmpty)
    #expect(log.end == .unknown)
    var choices = ImportChoices()
    try choices.set("params_total", to: "124M", at: "the test")
    try choices.set("sequence_length", to: "1024", at: "the test")
    var assembly = RunAssembly(log, names: importer.names, choices: choices)
    guard case .run(let run) = assembly.outcome(kind: "huggingface", path: state) else {
      Issue.record("no run")
      return
    }
    #expect(run.record.batchTokens == 65_536)
    #expect(run.record.schedule.warmup == 393_216)
  }

  @Test("a state that is being written gives what is there, and is read again")
  func growing() throws {
    let text = #"{"global_step": 2, "log_history": [{"loss": 2.5, "step": 1}, {"loss": 2.25, "#
    let state = try folder.write(text, to: "trainer_state.json")
    let reader = try importer.reader(of: LogPlace(path: state, files: [state])) { _ in true }
    try reader.advance { _ in }
    #expect(reader.logs.first?.series("loss")?.values == [2.5])
    #expect(reader.logs.first?.remarks.contains { $0.contains("cut at the end") } == true)
    _ = try folder.write(text + #""step": 2}], "max_steps": 2}"#, to: "trainer_state.json")
    try reader.advance { _ in }
    #expect(reader.logs.first?.series("loss")?.values == [2.5, 2.25])
    #expect(reader.logs.first?.end == .finished)
  }

  @Test("damage is an error at its place, and what came before it stays")
  func damage() throws {
    let text = #"{"log_history": [{"loss": 2.5, "step": 1}, nonsense]}"#
    let state = try folder.write(text, to: "trainer_state.json")
    let reader = try importer.reader(of: LogPlace(path: state, files: [state])) { _ in true }
    let error = try #require(throws: ImportError.self) { try reader.advance { _ in } }
    #expect(error.description.hasPrefix("\(state), byte 43: no JSON: expected `null`"))
    #expect(reader.logs.first?.series("loss")?.values == [2.5])
  }

  @Test("files beside the state that are damaged are passed over with a remark")
  func sidecars() throws {
    let state = try folder.write(#"{"log_history": []}"#, to: "trainer_state.json")
    _ = try folder.write("{\"hidden_size\": }", to: "config.json")
    _ = try folder.write("a: [1, &x 2, *x]", to: "args.yaml")
    _ = try folder.write("\u{FF}garbage garbage", to: "model.safetensors")
    let log = try read(state)
    #expect(log.remarks.count == 3)
    #expect(log.remarks.allSatisfy { $0.contains("passed over") }, "\(log.remarks)")
  }
}
