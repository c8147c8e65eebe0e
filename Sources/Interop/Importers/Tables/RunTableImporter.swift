import Runs

/// Tables with a run in each row, CSV or JSON lines, and what `vernier export` writes.
struct RunTableImporter: RunImporter {
  let kind: String
  let reads: String
  let names = FieldNames()
  /// The published table that it knows; `nil` for any.
  private let preset: TablePreset?

  init() {
    kind = "runs"
    reads = "a table with a run a row, CSV or JSON lines, and what vernier export writes"
    preset = nil
  }

  init(_ preset: TablePreset) {
    kind = preset.kind
    reads = preset.reads
    self.preset = preset
  }

  func recognizes(_ file: LogFile) -> Bool {
    guard let header = TableHeader(file) else { return false }
    guard let preset else { return header.isOfRuns }
    return preset.signature.allSatisfy(header.columns.contains)
  }

  func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    try reader(of: place, choices: ImportChoices(), keeping: keeps)
  }

  func reader(
    of place: LogPlace, choices: ImportChoices, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    RunTableReader(place.path, kind: kind, preset: preset, choices: choices)
  }
}

/// Reads a table of runs whole, and again when it has changed.
private final class RunTableReader: RunReader {
  let logs: [RunLog] = []
  private(set) var runs: [ImportedRun] = []
  private(set) var damagedRows: [ImportError] = []
  private let path: String
  private let kind: String
  private let preset: TablePreset?
  private let choices: ImportChoices
  private var bytesRead = -1

  init(_ path: String, kind: String, preset: TablePreset?, choices: ImportChoices) {
    self.path = path
    self.kind = kind
    self.preset = preset
    self.choices = choices
  }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    let length = try FileStream(path).length
    guard length != bytesRead else { return }
    do {
      runs = try read { progress(Int($0 * Double(length))) }
    } catch {
      throw .table(error)
    }
    bytesRead = length
  }

  private func read(_ progress: (Double) -> Void) throws(TableError) -> [ImportedRun] {
    guard
      let header = TableHeader(LogFile(path: path, bytes: 0, head: [])) ?? Self.plainHeader(path)
    else { throw .unreadable(path) }
    let known =
      if let preset, !preset.map.isEmpty { try ColumnMap(parsing: preset.map) } else {
        ColumnMap()
      }
    let map = header.columnMap(beside: choices.columnMap.over(known))
    if let field = choices.values.keys.sorted().first(where: { !Self.fields.contains($0) }) {
      throw .value(
        path, line: 1, column: "--set \(field)", value: choices.values[field] ?? "",
        remedy: "that is for logs; of a table give the fields of its runs")
    }
    var damaged: [ImportError] = []
    let table = try RunTable(
      path: path, map: map, paramsKind: preset?.paramsKind,
      values: choices.values.merging(preset?.values ?? [:]) { given, _ in given },
      words: preset?.words ?? [:], keepsUnfinished: true,
      takeDamage: { error throws(TableError) in
        guard error.isOfRows else { throw error }
        damaged.append(.table(error))
      }, progress: progress)
    let curves = JSONRows.isJSONLines(path) ? try JSONRows.curves(path) : [:]
    var origins: [String: FieldOrigin] = [:]
    for field in table.fields {
      origins[field] = FieldOrigin("column \(map.column(for: field).name)")
    }
    for field in preset?.values.keys.sorted() ?? [] { origins[field] = FieldOrigin("\(kind)") }
    for field in choices.values.keys { origins[field] = FieldOrigin("given") }
    // Our own tables name the source of each run; ids of others are theirs alone.
    var names = RunNames(path: path, keepsIDs: table.isExport)
    var runs: [ImportedRun] = []
    for (record, line) in zip(table.records, table.lines) {
      var record = record
      if record.trainer == nil, preset != nil { record.trainer = kind }
      do {
        record.id = try names.id(of: record, line: line)
        runs.append(ImportedRun(record: record, curve: curves[line] ?? [], origins: origins))
      } catch {
        damaged.append(.table(error))
      }
    }
    damagedRows = damaged
    return runs
  }

  private static let fields = Set(RunField.required + RunField.optional.map(\.name))

  /// Of a table whose name does not say that it is one.
  private static func plainHeader(_ path: String) -> TableHeader? {
    guard var reader = try? CSVReader(path: path), (try? reader.advance()) == true,
      let columns = try? reader.texts()
    else { return nil }
    return TableHeader(columns: columns)
  }
}

extension RunRecord {
  /// The record without what came of it.
  fileprivate var setting: RunRecord {
    var copy = self
    copy.source = nil
    (copy.loss, copy.lossStandardError, copy.initialLoss) = (nil, nil, nil)
    (copy.effectiveLearningRate, copy.divergedAt) = (nil, nil)
    copy.status = .finished
    return copy
  }
}

/// Names the runs of a table: by their own ids, else by what was set, so that a row whose loss is
/// corrected is the same run.
private struct RunNames {
  let path: String
  let keepsIDs: Bool
  private var lines: [String: Int] = [:]
  private var repeats: [String: Int] = [:]

  init(path: String, keepsIDs: Bool) {
    self.path = path
    self.keepsIDs = keepsIDs
  }

  mutating func id(of record: RunRecord, line: Int) throws(TableError) -> String {
    guard let own = record.id else {
      let name = (try? Digest(ofJSON: record.setting).hex) ?? "\(line)"
      repeats[name, default: 0] += 1
      return Digest(of: Array("\(path) \(name) \(repeats[name] ?? 0)".utf8)).shortID
    }
    if let first = lines.updateValue(line, forKey: own) {
      throw .value(
        path, line: line, column: "id", value: own,
        remedy: "line \(first) has the same id; give each run its own, or leave the column out")
    }
    return keepsIDs ? own : Digest(of: Array("\(path) \(own)".utf8)).shortID
  }
}
