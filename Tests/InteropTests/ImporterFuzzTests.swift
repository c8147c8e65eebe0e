import Foundation
import Interop
import Runs
import Support
import Testing

/// Imports damaged logs, from finding them to run records and their export.
///
/// Each is made of a seed and its number alone; that of a process that died lies in its temporary
/// folder still.
@Suite struct ImporterFuzzTests {
  private static let asked =
    ProcessInfo.processInfo.environment["VERNIER_FUZZ_INPUTS"].flatMap { Int($0) }
  private static let inputs = asked ?? 10_000
  private static let mostSeconds = 5.0
  /// Of all memory that the process has ever had at once, beyond what it had before.
  private static let mostMemory = 1 << 29

  @Test(
    "no damage to a log does more than an error or fewer runs",
    arguments: RunImporters.all.map(\.kind))
  func damage(kind: String) throws {
    let seeds = try FuzzSeed.all(of: kind)
    try #require(!seeds.isEmpty, "FuzzSeed.all has no log for \(kind)")
    let before = Self.peakMemory
    let count = Self.inputs / (RunImporters.all.count * seeds.count) + 1
    for (place, seed) in seeds.enumerated() {
      let target = try Target(seed)
      let found = try LogSearch(target.folder.path).findings
      #expect(found.map(\.importer.kind) == [kind], "the seed itself, \(place)")
      for input in 0..<count {
        var random = KeyedRandom(seed: 19, UInt64(place), UInt64(input))
        let (path, bytes) = seed.damaged(&random)
        let start = ContinuousClock.now
        try target.put(bytes, at: path)
        let name = "input \(input) of seed \(place)"
        let runs = target.importAll(name)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        #expect(seconds < Self.mostSeconds, "\(name)")
        if input.isMultiple(of: 8) { try target.checkExport(of: runs, name) }
      }
    }
    if Self.asked != nil { print("\(kind): \(count * seeds.count) damaged inputs") }
    if let before, let after = Self.peakMemory { #expect(after - before < Self.mostMemory) }
  }

  /// The most memory that this process has had, in bytes; `nil` where the system does not tell.
  private static var peakMemory: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
  }

  /// A seed's files in a folder, one of them damaged.
  private final class Target {
    let folder: TemporaryFolder
    private let exports: TemporaryFolder
    private let seed: FuzzSeed
    private var damaged: String?

    init(_ seed: FuzzSeed) throws {
      self.seed = seed
      folder = try TemporaryFolder()
      exports = try TemporaryFolder()
      for (path, bytes) in seed.files {
        let url = URL(fileURLWithPath: folder.file(path))
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
      }
    }

    /// Damages one file, the others whole again.
    func put(_ bytes: [UInt8], at path: String) throws {
      if let damaged, damaged != path, let whole = seed.files.first(where: { $0.path == damaged }) {
        try Mutation.write(whole.bytes, to: folder.file(damaged))
      }
      damaged = path
      try Mutation.write(bytes, to: folder.file(path))
    }

    func importAll(_ name: String) -> [ImportedRun] {
      var runs: [ImportedRun] = []
      do throws(ImportError) {
        for finding in try LogSearch(folder.path).findings {
          let place = try PlaceImport(finding, choices: ImportChoices())
          if let damage = place.read() { check(damage, name) }
          runs += place.contents.runs
        }
      } catch {
        check(error, name)
      }
      return runs
    }

    /// An error names the file.
    private func check(_ error: ImportError, _ name: String) {
      #expect(error.description.contains(folder.path), "\(name): \(error)")
    }

    /// Runs are written so that they read back the same.
    func checkExport(of runs: [ImportedRun], _ name: String) throws {
      guard !runs.isEmpty else { return }
      let lines = try runs.map { try $0.record.jsonLine(curve: $0.curve) }
      let texts = [
        "runs.jsonl": Data(lines.joined()),
        "runs.csv": Data(RunTable.csv(of: runs.map(\.record)).utf8),
      ]
      for (file, text) in texts {
        try Mutation.write(Array(text), to: exports.file(file))
        let finding = try #require(
          try LogSearch(exports.file(file), kind: "runs").findings.first, "\(name)")
        let place = try PlaceImport(finding, choices: ImportChoices())
        #expect(place.read() == nil, "\(name), \(file)")
        #expect(place.contents.runs.map(\.record) == runs.map(\.record), "\(name), \(file)")
      }
    }
  }
}
