import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct TensorBoardImporterTests {
  private let folder: TemporaryFolder
  private let importer = TensorBoardImporter()

  init() throws { folder = try TemporaryFolder() }

  private func fixture(_ name: String) throws -> RunLog {
    try #require(try importer.logs(in: Fixtures.path("tensorboard/\(name)")).first)
  }

  /// What the script that made the fixtures logs as a loss.
  private func loss(_ step: Int) -> Double {
    2.5 + 5 * pow(Double(step + 1), -0.4) + 0.02 * sin(7 * Double(step))
  }

  private func write(_ bytes: [UInt8], to name: String) throws -> String {
    try FramedRecords.write(bytes, to: folder.file(name))
    return folder.file(name)
  }

  @Test("scalars of PyTorch's writer have their steps and values, not-numbers too")
  func scalars() throws {
    let log = try fixture("scalars")
    #expect(log.name == "scalars")
    let losses = try #require(log.series("lm loss"))
    #expect(losses.steps == Array(0..<120))
    #expect(losses.values == (0..<120).map { Double(Float(loss($0))) })
    let norms = try #require(log.series("grad-norm"))
    #expect(norms.values[70].isNaN)
    #expect(norms.values[71] == .infinity)
    #expect(log.series("lm loss vs samples")?.steps.last == 120 * 32)
    #expect(log.series("batch-size")?.steps == [-1])
    #expect(log.settings["arguments"]?.value.text.hasPrefix("| lr | 3e-3 |") == true)
  }

  @Test(
    "tensors of one element are scalars, in every layout",
    arguments: ["float32", "float64", "float16", "bfloat16", "int32", "int64"],
    ["values", "content"])
  func tensors(kind: String, layout: String) throws {
    let series = try #require(try fixture("tensors").series("\(kind)/\(layout)"))
    #expect(series.steps == Array(0..<20))
    for (step, value) in series.values.enumerated() {
      switch kind {
      case "float64": #expect(value == loss(step))
      case "float32": #expect(value == Double(Float(loss(step))))
      case "bfloat16":
        let bits = Float(loss(step)).bitPattern & 0xFFFF_0000
        #expect(value == Double(Float(bitPattern: bits)))
      case "float16": #expect(abs(value - loss(step)) <= 0x1p-9)
      default: #expect(value == loss(step).rounded(.toNearestOrEven))
      }
    }
  }

  @Test("vectors and histograms are no metrics")
  func vectors() throws {
    let log = try fixture("tensors")
    #expect(log.series("vector")?.steps ?? [] == [])
    #expect(log.series("weights") == nil)
    #expect(log.series("new_style_double")?.values == (0..<30).map(loss))
  }

  @Test("files of a run follow one another in time, and the last attempt counts")
  func resumed() throws {
    for name in ["resumed", "repeated"] {
      let series = try #require(try fixture(name).series("train/loss"))
      #expect(series.steps == Array(0..<80) + Array(60..<140))
      #expect(series.resumed.steps == Array(0..<140))
      #expect(series.resumed.values[60] == Double(Float(loss(60) + 0.001)))
    }
  }

  @Test("a log that grows byte by byte gives what it gives at once")
  func growth() throws {
    let file = try Fixtures.bytes(
      "tensorboard/tensors/events.out.tfevents.1704165245.machine.1.1")
    let path = try write([], to: "events.out.tfevents.1.a.1.0")
    let reader = try importer.reader(of: LogPlace(path: folder.path, files: [path])) { _ in true }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    for part in stride(from: 0, to: file.count, by: 61) {
      try handle.write(contentsOf: file[part..<min(part + 61, file.count)])
      try reader.advance { _ in }
    }
    #expect(reader.logs.first?.series("float64/values")?.values == (0..<20).map(loss))
  }

  @Test("damage is told with its place, and what came before it is there")
  func damage() throws {
    let records = FramedRecords.records(
      ofEventFile: try Fixtures.bytes(
        "tensorboard/repeated/events.out.tfevents.1704164645.machine.1.0"))
    let start = FramedRecords.eventFile(Array(records[..<41])).count
    for flipped in [0, 9, 20] {
      var file = FramedRecords.eventFile(records)
      file[start + flipped] ^= 1
      let path = try write(file, to: "events.out.tfevents.1.a.1.0")
      let reader = try importer.reader(of: LogPlace(path: folder.path, files: [path])) { _ in true }
      let error = #expect(throws: ImportError.self) { try reader.advance { _ in } }
      guard case .damaged(let damage) = error else {
        Issue.record("another error")
        continue
      }
      #expect(damage.file == path)
      #expect(damage.offset == start)
      #expect(reader.logs.first?.series("train/loss")?.steps == Array(0..<20))
    }
  }

  @Test("a length that no event has is damage, though its checksum is right")
  func length() throws {
    let huge = FramedRecords.eventFile([[]])
    var file = [UInt8](repeating: 0xFF, count: 8)
    let sum = file.withUnsafeBytes { CyclicRedundancyCheck.castagnoli.checksum(of: $0) }
    let masked = (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    file += withUnsafeBytes(of: masked.littleEndian) { Array($0) } + huge
    let path = try write(file, to: "tfevents")
    let reader = try importer.reader(of: LogPlace(path: folder.path, files: [path])) { _ in true }
    #expect(throws: ImportError.self) { try reader.advance { _ in } }
  }

  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var length = bytes.count
    var varint: [UInt8] = []
    repeat {
      varint.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
      length >>= 7
    } while length > 0
    return [number << 3 | 2] + varint + bytes
  }

  private func text(_ tag: String, _ text: String) -> [UInt8] {
    let tensor = [0x08, 0x07] + field(2, field(2, [0x08, 0x01])) + field(8, Array(text.utf8))
    let metadata = field(1, field(1, Array("text".utf8)))
    return field(5, field(1, field(1, Array(tag.utf8)) + field(9, metadata) + field(8, tensor)))
  }

  @Test("texts are settings: one each as Megatron-LM writes them, or JSON as Hugging Face does")
  func texts() throws {
    let json = "{\n  \"learning_rate\": 0.0003,\n  \"betas\": [0.9, 0.95],\n  \"fp16\": false\n}"
    let file = FramedRecords.eventFile([
      text("lr/text_summary", "0.0006"), text("untie/text_summary", "True"),
      text("seed/text_summary", "None"), text("optimizer/text_summary", "adam"),
      text("args/text_summary", json), text("config/text_summary", "```json\n\(json)\n```"),
    ])
    _ = try write(file, to: "events.out.tfevents.1.a.1.0")
    let log = try #require(try importer.logs(in: folder.path).first)
    #expect(log.settings["lr"]?.value == .number(0.0006))
    #expect(log.settings["untie"]?.value == .flag(true))
    #expect(log.settings["seed"]?.value == .null)
    #expect(log.settings["optimizer"]?.value == .text("adam"))
    #expect(log.settings["args.learning_rate"]?.value == .number(0.0003))
    #expect(log.settings["args.betas.1"]?.value == .number(0.95))
    #expect(log.settings["config.fp16"]?.value == .flag(false))
  }

  @Test("hyperparameters in a folder called by the time are the run's, their metrics are not")
  func hyperparameters() throws {
    func entry(_ key: String, _ value: [UInt8]) -> [UInt8] {
      field(1, field(1, Array(key.utf8)) + field(2, value))
    }
    let rate = [0x11] + withUnsafeBytes(of: (0.003).bitPattern.littleEndian) { Array($0) }
    let session = field(3, entry("lr", rate) + entry("bias", [0x20, 1]))
    let plugin = field(1, field(1, Array("hparams".utf8)) + field(2, session))
    let tag = Array("_hparams_/session_start_info".utf8)
    let start = field(5, field(1, field(1, tag) + field(9, plugin)))
    let loss = field(5, field(1, field(1, Array("loss".utf8)) + [0x15, 0, 0, 0x80, 0x3F]))
    let files = FileManager.default
    for name in ["run/1700000000.5", "run/0.003"] {
      try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
    }
    let curves = FramedRecords.eventFile([loss, loss])
    _ = try write(curves, to: "run/events.out.tfevents.1700000000.a.1.0")
    _ = try write(curves, to: "run/0.003/events.out.tfevents.1700000000.a.1.0")
    _ = try write(
      FramedRecords.eventFile([start, loss]),
      to: "run/1700000000.5/events.out.tfevents.1700000001.a.1.0")
    let logs = try importer.logs(in: folder.path)
    #expect(logs.map(\.name) == ["run", "0.003"])
    #expect(logs.first?.settings["lr"]?.value == .number(0.003))
    #expect(logs.first?.settings["bias"]?.value == .flag(true))
    #expect(logs.first?.series("loss")?.values == [1, 1])
  }
}
