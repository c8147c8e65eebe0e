import Runs

/// The import of the runs at one place, which may still be written: each call reads on.
package final class PlaceImport {
  package let importer: any RunImporter
  package let place: LogPlace
  private let choices: ImportChoices
  private let makeReader: () throws(ImportError) -> any RunReader
  private var reader: any RunReader
  /// The files as they were before the last call.
  private var versions: [FileVersion?]
  private var wasRead = false
  /// Where the log is damaged, once that was seen.
  package private(set) var damage: ImportError?

  /// What the logs have come to say.
  package struct Contents: Sendable {
    package var runs: [ImportedRun] = []
    package var incomplete: [IncompleteRun] = []
    package var damagedRows: [ImportError] = []
  }

  package init(
    _ finding: LogSearch.Finding, choices: ImportChoices
  ) throws(ImportError) {
    importer = finding.importer
    place = finding.place
    self.choices = choices
    let wanted = WantedMetrics(importer.names, choices: choices)
    versions = place.files.map { FileVersion($0) }
    makeReader = { [importer, place] () throws(ImportError) in
      try importer.reader(of: place, choices: choices) { wanted.contains($0) }
    }
    reader = try makeReader()
  }

  /// Starts from the beginning where a file was replaced or cut, as a log that is begun again is.
  private func restartIfAnew() throws(ImportError) {
    let now = place.files.map { FileVersion($0) }
    // A file that is missing may come back, and be another then.
    defer { versions = zip(now, versions).map { $0 ?? $1 } }
    let isAnew = zip(now, versions).contains { new, old in
      if let new, let old { new.isAnew(since: old) } else { false }
    }
    guard isAnew else { return }
    reader = try makeReader()
  }

  /// Reads what was written since the last call, or all where a file was begun again.
  ///
  /// - Parameters:
  ///   - isWhole: Whether no more is waited for, so that a last line without an end is one.
  ///   - progress: Called now and then with the bytes read in this call.
  /// - Returns: What is wrong with the log, now and whenever it is asked again.
  package func read(isWhole: Bool = true, progress: (Int) -> Void = { _ in }) -> ImportError? {
    if let damage { return damage }
    do {
      try restartIfAnew()
      try reader.advance(progress: progress)
      if isWhole { try reader.finish() }
      wasRead = true
    } catch {
      // What cannot be opened now may be there in a moment.
      guard !error.isOfAccess else { return error }
      damage = error
    }
    return damage
  }

  /// Whether a file is another than it was when it was read last, or none was read yet.
  package var hasChanged: Bool { !wasRead || place.files.map { FileVersion($0) } != versions }

  /// Whether the log says that all its runs have ended, or nothing more can be read of it.
  package var hasEnded: Bool {
    damage != nil
      || (!reader.logs.isEmpty
        && reader.logs.allSatisfy { $0.end != .unknown && $0.end != .running })
  }

  /// The runs as far as they were read; of a damaged log, those before the damage.
  package var contents: Contents {
    var contents = Contents(runs: reader.runs, damagedRows: reader.damagedRows)
    for log in reader.logs {
      var assembly = RunAssembly(log, names: importer.names, choices: choices)
      switch assembly.outcome(kind: importer.kind, path: place.path) {
      case .run(let run): contents.runs.append(run)
      case .incomplete(let run): contents.incomplete.append(run)
      }
    }
    return contents
  }
}

/// The metrics that a record or its curve may be made of.
private struct WantedMetrics: Sendable {
  private let exact: Set<String>
  private let patterns: [MetricName]

  init(_ names: FieldNames, choices: ImportChoices) {
    let all = names.merging(.common).metrics.values.flatMap(\.self)
    exact = Set(all.map(\.name)).union(choices.keys.values.map(\.key))
    patterns = all.filter { $0.name.contains("*") }
  }

  func contains(_ name: String) -> Bool {
    exact.contains(name) || patterns.contains { $0.matches(name) }
  }
}
