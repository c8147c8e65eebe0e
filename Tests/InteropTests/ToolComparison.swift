import Foundation
import Interop
import Support
import Testing

/// What an importer reads of logs beside what the tool's own reader does.
struct ToolComparison {
  private(set) var runs = 0
  private(set) var metrics = 0
  private(set) var values = 0
  private(set) var settings = 0
  private(set) var differences: [String] = []

  /// The importer leaves out longer settings.
  private static let mostTextBytes = 1 << 16

  private let logs: ToolLogs
  private let theirs: ToolReading
  /// Holds what a dump is turned into.
  private let database: TemporaryFolder

  init(_ logs: ToolLogs, in folder: String) throws {
    self.logs = logs
    let path = folder + "/" + logs.path
    theirs = try ToolReading(logs.reader, of: path)
    let importer = try #require(RunImporters.all.first { $0.kind == logs.kind })
    database = try TemporaryFolder()
    var places = importer.places(among: try importer.logFiles(in: path))
    if path.hasSuffix(".sql") {
      let file = database.file("mlflow.db")
      try ImporterFixtures.run(String(contentsOfFile: path, encoding: .utf8), on: file)
      places = [LogPlace(path: file, files: [file])]
    }
    var seen: Set<String> = []
    for place in places {
      let reader = try importer.reader(of: place) { _ in true }
      try reader.advance { _ in }
      for log in reader.logs {
        let names = logs.isByFile ? place.files : [place.files[0].parentFolder]
        let keys = log.identity.map { [$0.lastName] } ?? names.map { $0.below(path) }
        seen.formUnion(keys)
        compare(log, keys)
      }
    }
    let unread = theirs.runs.keys.filter { key in
      !seen.contains(key) && !(logs.copies.map { key.contains($0) } ?? false)
    }
    differences += unread.sorted().map { "\($0) is not read" }
  }

  private mutating func compare(_ log: RunLog, _ keys: [String]) {
    let parts = keys.compactMap { theirs.runs[$0] }
    if parts.isEmpty { differences.append("\(log.name) is no run of the tool's") }
    var series: [String: [(step: Int, value: Double)]] = [:]
    for part in parts {
      for (metric, points) in part.series {
        let numbers = points.compactMap { point in point.value.map { (point.step, $0) } }
        if !numbers.isEmpty, !isOwn(metric) { series[metric, default: []] += numbers }
      }
    }
    runs += 1
    let found = Set(log.metrics.filter { !$0.values.isEmpty }.map(\.name))
    differences += found.symmetricDifference(series.keys).sorted().map {
      "\(log.name): only \(found.contains($0) ? "the importer" : "the tool") has \($0)"
    }
    for (metric, points) in series.sorted(by: { $0.key < $1.key }) {
      guard let ours = log.series(metric) else { continue }
      let isPurged = logs.purged.contains(log.name)
      compare(isPurged ? ours.resumed : ours, points, "\(log.name) \(metric)")
    }
    for part in parts { compareSettings(log, part) }
  }

  private mutating func compare(
    _ ours: MetricSeries, _ theirs: [(step: Int, value: Double)], _ name: String
  ) {
    metrics += 1
    values += theirs.count
    if ours.steps != theirs.map(\.step) {
      differences.append("\(name): \(ours.steps.count) steps, or others than \(theirs.count)")
      return
    }
    for (ours, theirs) in zip(ours.values, theirs) where !Self.isSame(ours, theirs.value) {
      differences.append("\(name): \(ours) for \(theirs.value) at \(theirs.step)")
    }
  }

  private mutating func compareSettings(_ log: RunLog, _ part: ToolReading.Run) {
    let logged = part.series.keys
    for (key, value) in part.settings {
      let group = logs.settings.first { key.hasPrefix($0.key + ".") }
      guard let group else { continue }
      let name = String(key.dropFirst(group.key.count + 1))
      if isOwn(name) { continue }
      // What the history tells, the summary only repeats.
      if group.key == "summary", logged.contains(where: { (name + ".").hasPrefix($0 + ".") }) {
        continue
      }
      if case .text(let text) = value, text.utf8.count > Self.mostTextBytes { continue }
      settings += 1
      let ours = log.settings[group.value + name]?.value
      if !Self.isSame(ours, value) {
        let read = ours.map { "\($0)" } ?? "nothing"
        differences.append("\(log.name): \(key) is \(value), read as \(read)")
      }
    }
  }

  private static func isSame(_ ours: LoggedValue?, _ theirs: LoggedValue) -> Bool {
    if case .number(let number) = ours, case .text(let text) = theirs {
      return Written.notFinite[text].map { isSame(number, $0) } ?? false
    }
    return ours == theirs
  }

  private static func isSame(_ ours: Double, _ theirs: Double) -> Bool {
    ours.bitPattern == theirs.bitPattern || (ours.isNaN && theirs.isNaN)
  }

  private func isOwn(_ name: String) -> Bool { logs.own.contains { name.hasPrefix($0) } }
}

extension String {
  /// The last part of an identity such as `wandb PROJECT/ID`.
  fileprivate var lastName: String {
    split { $0 == "/" || $0 == " " }.last.map(String.init) ?? self
  }

  fileprivate var parentFolder: String {
    URL(fileURLWithPath: self).deletingLastPathComponent().path
  }

  fileprivate func below(_ folder: String) -> String {
    let root = URL(fileURLWithPath: folder).path
    return self == root ? "." : String(dropFirst(root.count + 1))
  }
}
