import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct WandBImporterTests {
  private let folder: TemporaryFolder
  private let importer = WandBImporter()

  init() throws { folder = try TemporaryFolder() }

  private static func file(_ run: String) -> String {
    "wandb/offline-run-20240102_030405-\(run)/run-\(run).wandb"
  }

  private func fixture(_ run: String) throws -> RunLog {
    let logs = try importer.logs(in: Fixtures.path("wandb"))
    return try #require(logs.first { $0.name == run })
  }

  private func write(_ bytes: [UInt8], to name: String = "run-x.wandb") throws -> String {
    try FramedRecords.write(bytes, to: folder.file(name))
    return folder.file(name)
  }

  private func reader(of paths: [String]) throws -> any RunReader {
    try importer.reader(of: LogPlace(path: paths[0], files: paths)) { _ in true }
  }

  @Test("a finished run has its name, its settings and its end")
  func finished() throws {
    let log = try fixture("finished01")
    #expect(log.identity == "wandb sweep/finished01")
    #expect(log.end == .finished)
    #expect(log.settings["optimizer.lr"]?.value == .number(0.003))
    #expect(log.settings["optimizer.betas.1"]?.value == .number(0.95))
    #expect(log.settings["model.tied"]?.value == .flag(false))
    #expect(log.settings["note"]?.value == .text("größe ✓ \"quoted\"\n"))
    #expect(log.settings["resume_from"]?.value == .null)
    #expect(log.settings["summary.final/val_loss"]?.value == .number(3.551))
    #expect(log.settings["summary.train/loss"] == nil)
    #expect(!log.settings.keys.contains { $0.contains("_wandb") || $0.hasPrefix("summary._") })
  }

  @Test("history has every step that was logged, nested metrics too, and nothing of the client's")
  func history() throws {
    let log = try fixture("finished01")
    let steps = Array(0..<140).filter { $0 != 120 }
    #expect(log.series("train/loss")?.steps == steps)
    #expect(log.series("train/tokens")?.values == steps.map { Double(($0 + 1) * 64 * 512) })
    #expect(log.series("optim.group1.lr")?.values.prefix(40).last == 3e-3 / 2)
    #expect(log.series("val/loss")?.steps == [49, 99])
    #expect(log.series("_runtime") == nil)
    #expect(log.series("_step") == nil)
  }

  @Test("a run that diverged has its infinities, its exit code and its last settings")
  func diverged() throws {
    let log = try fixture("diverged01")
    #expect(log.end == .failed("exit code 1"))
    #expect(log.settings["optimizer.lr"]?.value == .number(0.03))
    let losses = try #require(log.series("train/loss")).values
    #expect(losses[30..<35].allSatisfy { $0 == .infinity })
    #expect(losses[35...].allSatisfy { $0.isNaN })
    #expect(log.series("grad_norm")?.values[30] == -.infinity)
  }

  @Test("a run that was killed has what was written")
  func crashed() throws {
    let log = try fixture("crashed001")
    #expect(log.end == .running)
    #expect(log.series("train/loss")?.steps == Array(0..<40))
  }

  @Test("a log that grows in small parts gives what it gives at once")
  func growth() throws {
    let file = try Fixtures.bytes(Self.file("finished01"))
    let path = try write([])
    let reader = try reader(of: [path])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    for part in stride(from: 0, to: file.count, by: 1_021) {
      try handle.write(contentsOf: file[part..<min(part + 1_021, file.count)])
      try reader.advance { _ in }
    }
    let whole = try fixture("finished01")
    #expect(reader.logs.first?.metrics.map(\.values) == whole.metrics.map(\.values))
    #expect(reader.logs.first?.settings.count == whole.settings.count)
    #expect(reader.logs.first?.end == .finished)
  }

  @Test("records over several blocks are whole, wherever a block ends")
  func blocks() throws {
    for length in 32_700..<32_780 {
      let long = [UInt8](repeating: 0x61, count: length)
      let output = field(4, field(2, long))
      let path = try write(FramedRecords.wandBFile([output, history(["loss": "2.5"], step: 7)]))
      let reader = try reader(of: [path])
      try reader.advance { _ in }
      #expect(reader.logs.first?.series("loss")?.steps == [7])
    }
  }

  @Test("damage is told with its place, and what came before it is there")
  func damage() throws {
    let records = (0..<4).map { history(["loss": "\($0 as Int).5"], step: $0) }
    let start = FramedRecords.wandBFile(Array(records[..<2])).count
    for flipped in [0, 5, 6, 12] {
      var file = FramedRecords.wandBFile(records)
      file[start + flipped] ^= 0x80
      let path = try write(file)
      let reader = try reader(of: [path])
      let error = #expect(throws: ImportError.self) { try reader.advance { _ in } }
      #expect(reader.logs.first?.series("loss")?.values == [0.5, 1.5])
      guard case .damaged(let damage) = error else {
        Issue.record("another error")
        continue
      }
      #expect(damage.offset == start)
    }
  }

  @Test("a file that is none of wandb's is told at its first byte")
  func foreign() throws {
    let path = try write(Array("a text".utf8))
    let reader = try reader(of: [path])
    let error = #expect(throws: ImportError.self) { try reader.advance { _ in } }
    #expect(error?.description.contains("byte 0") == true)
  }

  @Test("values are read in every form in which clients wrote them")
  func forms() throws {
    let values = [
      "a": "1e-05", "b": "NaN", "c": "\"Infinity\"", "d": "-Infinity", "e": "true", "f": "\"text\"",
      "g": "{\"x\": {\"y\": 2}, \"z\": \"w\"}", "h": "{\"_type\": \"histogram\", \"bins\": [1]}",
      "i": "12 13", "_step": "41",
    ]
    let path = try write(FramedRecords.wandBFile([history(values, step: nil)]))
    let reader = try reader(of: [path])
    try reader.advance { _ in }
    let log = try #require(reader.logs.first)
    let found = log.metrics.filter { !$0.values.isEmpty }
    #expect(Set(found.map(\.name)) == ["a", "b", "c", "d", "g.x.y"])
    #expect(found.allSatisfy { $0.steps == [41] })
    #expect(log.series("a")?.values == [1e-5])
    #expect(log.series("b")?.values.first?.isNaN == true)
    #expect(log.series("c")?.values == [.infinity])
    #expect(log.series("d")?.values == [-.infinity])
  }

  @Test("old clients' histories in JSON are read, with the files beside them")
  func oldClients() throws {
    let run = "wandb/run-20190102_030405-abc"
    try FileManager.default.createDirectory(
      atPath: folder.file(run), withIntermediateDirectories: true)
    let history = """
      {"_runtime": 1, "_step": 3, "loss": 2.5, "opt": {"lr": 1e-3}, "note": "x"}
      {"_runtime": 1, "_step": 4, "loss": NaN, "h": {"_type": "histogram", "values": [1]}}
      {"_runtime": 1, "_step": 5, "lo
      """
    try folder.write(history, to: run + "/wandb-history.jsonl")
    let config =
      "wandb_version: 1\n_wandb:\n  value:\n    cli: 1\nlr:\n  desc: null\n  value: 0.001\n"
    try folder.write(
      config + "model:\n  desc: null\n  value:\n    width: 64\n", to: run + "/config.yaml")
    try folder.write("{\"_step\": 4, \"loss\": 2, \"best\": 1.5}", to: run + "/wandb-summary.json")
    let log = try #require(try importer.logs(in: folder.path).first)
    #expect(log.name == "run-20190102_030405-abc")
    #expect(log.series("loss")?.steps == [3, 4])
    #expect(log.series("opt.lr")?.values == [1e-3])
    #expect(log.series("h.values.0") == nil)
    let settings = log.settings.mapValues(\.value)
    #expect(
      settings == ["lr": .number(0.001), "model.width": .number(64), "summary.best": .number(1.5)])
  }

  @Test("a log without a configuration has that of the file beside it")
  func configBeside() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("files"), withIntermediateDirectories: true)
    try folder.write("lr:\n  value: 0.5\n", to: "files/config.yaml")
    let path = try write(FramedRecords.wandBFile([history(["loss": "1"], step: 0)]))
    let reader = try reader(of: [path])
    try reader.advance { _ in }
    #expect(reader.logs.first?.settings["lr"]?.value == .number(0.5))
  }

  @Test("folders of one run that was resumed are one place, in the order of their times")
  func places() {
    func file(_ path: String) -> LogFile { LogFile(path: path, bytes: 0, head: []) }
    let places = importer.places(among: [
      file("w/run-20240103_000000-a/run-a.wandb"), file("w/latest-run/run-a.wandb"),
      file("w/offline-run-20240102_000000-a/run-a.wandb"),
      file("w/run-20240102_000000-b/run-b.wandb"),
      file("loose/run-a.wandb"),
    ])
    #expect(
      places.map(\.files) == [
        ["loose/run-a.wandb"],
        ["w/offline-run-20240102_000000-a/run-a.wandb", "w/run-20240103_000000-a/run-a.wandb"],
        ["w/run-20240102_000000-b/run-b.wandb"],
      ])
  }

  /// A field of a message that holds bytes.
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var tag = Int(number) << 3 | 2
    var length = bytes.count
    var head: [UInt8] = []
    for value in [tag, length] {
      tag = value
      repeat {
        head.append(UInt8(tag & 0x7F) | (tag > 0x7F ? 0x80 : 0))
        tag >>= 7
      } while tag > 0
      length = value
    }
    return head + bytes
  }

  private func history(_ values: [String: String], step: Int?) -> [UInt8] {
    let items = values.sorted { $0.key < $1.key }.flatMap { key, value in
      field(1, field(1, Array(key.utf8)) + field(16, Array(value.utf8)))
    }
    return field(2, items + (step.map { field(2, [0x08, UInt8($0)]) } ?? []))
  }
}
