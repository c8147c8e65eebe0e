import Foundation
import Support
import Testing

/// Slow: writes and imports ten thousand runs, and reads a log of 300 megabytes.
@Suite(.tags(.slow)) struct ImportRobustnessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let runs = 10_000

  /// What the program says of an import.
  private struct Result: Decodable {
    var new: Int
    var damaged: [Damaged]

    struct Damaged: Decodable {
      var path: String
      var message: String
      var offset: Int?
    }
  }

  @Test("of ten thousand runs with one in a hundred damaged, the others are imported")
  func damagedRuns() throws {
    let damaged = try writeRuns()
    #expect(damaged.count == Self.runs / 100)
    let process = try VernierProcess(
      [
        "import", "logs", "--study", "study", "--set", "params_total=1M", "--set",
        "batch_tokens=1024", "--set", "learning_rate=0.001", "--format", "json",
      ], in: folder.path, memoryLimit: 2_000_000_000)
    #expect(process.status == 2, "\(process.errors)")
    let decoder = JSONDecoder()
    let result = try decoder.decode(Result.self, from: Data(process.output.utf8))
    #expect(result.new == Self.runs - damaged.count)
    let found = result.damaged.map { URL(fileURLWithPath: $0.path).lastPathComponent }
    #expect(found.sorted() == damaged.keys.sorted())
    for log in result.damaged {
      let name = URL(fileURLWithPath: log.path).lastPathComponent
      #expect(log.offset == damaged[name], "\(log.message)")
      #expect(log.message.contains("byte \(damaged[name] ?? -1)"), "\(log.message)")
    }
  }

  /// Logs of three tools, one in a hundred of them damaged.
  ///
  /// - Returns: The names of the damaged ones, and the bytes before the damage.
  private func writeRuns() throws -> [String: Int] {
    let (events, places) = try Self.events()
    let steps = 1...20
    let megatron = steps.map {
      " iteration \($0)/ 20 | consumed samples: \(8 * $0) | learning rate: 3.0E-04 | "
        + "lm loss: \(5 - Double($0) / 10) |\n"
    }.joined()
    let lines = steps.map { "{\"step\":\($0),\"loss\":\(5 - Double($0) / 10),\"lr\":0.001}\n" }
    var damaged: [String: Int] = [:]
    for run in 0..<Self.runs {
      let name = "run-\(run)"
      let isDamaged = run % 1000 < 10
      switch run % 10 {
      case 0..<5:
        var bytes = events
        // Half of them in what a record holds, the others in how long it says it is.
        if isDamaged { bytes[places[5] + (run.isMultiple(of: 2) ? 14 : 3)] ^= 0x40 }
        try Self.write(bytes, to: folder.file("logs/\(name)/events.out.tfevents.1.machine.1.0"))
        if isDamaged { damaged[name] = places[5] }
      case 5..<8 where !isDamaged:
        try Self.write(Array(megatron.utf8), to: folder.file("logs/\(name).log"))
      default:
        var bytes = Array(lines.joined().utf8)
        if isDamaged {
          let place = lines.prefix(4).joined().utf8.count
          bytes.replaceSubrange(place..<place + 4, with: [0xFF, 0, 0xFE, 0x7B])
          damaged["\(name).jsonl"] = place
        }
        try Self.write(bytes, to: folder.file("logs/\(name).jsonl"))
      }
    }
    return damaged
  }

  /// The first records of a fixture, and where each of them begins.
  private static func events() throws -> (bytes: [UInt8], places: [Int]) {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let path =
      "InteropTests/Fixtures/tensorboard/resumed/events.out.tfevents.1704164645.machine.1.0"
    let whole = Array(try Data(contentsOf: tests.appending(path: path)))
    var places = [0]
    while let place = places.last, places.count <= 40, place + 8 <= whole.count {
      let length = whole[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      places.append(place + 16 + length)
    }
    let end = places.removeLast()
    return (Array(whole[..<end]), places)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let file = try #require(fopen(path, "wb"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  @Test("a log of 300 megabytes is read in bounded memory")
  func largeLog() throws {
    let path = folder.file("train.log")
    let file = try #require(fopen(path, "wb"))
    let lines = 2000
    var written = 0
    for block in 0..<1200 {
      var text = ""
      for line in 1...lines {
        text +=
          " iteration \(block * lines + line)/ 2400000 | consumed samples: 8 | elapsed time per "
          + "iteration (ms): 350.0 | learning rate: 3.0E-04 | lm loss: 2.5E+00 | grad norm: 0.5 |\n"
      }
      written += text.utf8.count
      #expect(text.withCString { fputs($0, file) } >= 0)
    }
    fclose(file)
    #expect(written > 300_000_000)
    let process = try VernierProcess(
      [
        "import", "train.log", "--study", "study", "--set", "params_total=1M", "--set",
        "batch_tokens=1024",
      ], in: folder.path, memoryLimit: 1_500_000_000)
    #expect(process.status == 0, "\(process.errors)")
    #expect(process.output.contains("1 run imported"))
  }
}
