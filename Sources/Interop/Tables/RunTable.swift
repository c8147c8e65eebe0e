package import Runs

/// The run records of one table, and what was noticed while they were read.
package struct RunTable: Sendable {
  /// More runs than any sweep has: such a file is a log of steps.
  package static let maximumRuns = 200_000

  /// Repeats further apart than this, relatively, are not one configuration with other seeds.
  private static let widestSpread = 0.1

  package let path: String
  package private(set) var records: [RunRecord] = []
  /// The line of each record.
  package private(set) var lines: [Int] = []
  /// Fields of the run record that the table has a column for.
  package let fields: Set<String>
  /// Whether its columns are those of a table that we write.
  let isExport: Bool
  /// Columns that no field was read from.
  package let ignoredColumns: [String]
  /// Lines that repeat an earlier one in every field, and were left out.
  package private(set) var repeatedLines: [Int] = []
  /// Lines of runs that had not finished, and were left out.
  package private(set) var unfinishedLines: [Int] = []

  /// Rows that agree with another in all but the loss, and those of them that disagree the most.
  package private(set) var replicates: Replicates?

  /// Reads the table at `path`, CSV or one object of JSON a line, a row at a time.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - map: Which columns hold which fields.
  ///   - filters: Columns and the text they must hold for a row to be read.
  ///   - paramsKind: What the parameter count counts, where the caller knows.
  ///   - values: Fields that all rows have, whatever stands in them.
  ///   - words: For fields, what words of the table mean in a record.
  ///   - keepsUnfinished: Whether runs that have not ended are records too.
  ///   - takeDamage: Called for a row that is none, which is left out if it does not throw; so is what
  ///     follows where the end of the row is not known.
  ///   - progress: Called now and then with the fraction of the file that is read.
  /// - Throws: A `TableError` for the first thing that is wrong.
  package init(
    path: String, map: ColumnMap = ColumnMap(),
    where filters: [(column: String, value: String)] = [],
    paramsKind: ParameterCountKind? = nil, values: [String: String] = [:],
    words: [String: [String: String]] = [:], keepsUnfinished: Bool = false,
    takeDamage: (TableError) throws(TableError) -> Void = { error throws(TableError) in
      throw error
    }, progress: (Double) -> Void = { _ in }
  ) throws(TableError) {
    let layout = { (header: [String]) throws(TableError) in
      try RowLayout(
        header: header, path: path, map: map, filters: filters, paramsKind: paramsKind,
        values: values, words: words)
    }
    if JSONRows.isJSONLines(path) {
      try self.init(
        try JSONRows(path), layout, keepsUnfinished: keepsUnfinished, takeDamage, progress)
    } else {
      try self.init(
        try CSVReader(path: path), layout, keepsUnfinished: keepsUnfinished, takeDamage, progress)
    }
    guard !records.isEmpty || filters.isEmpty else {
      throw .nothingSelected(
        path, filter: filters.map { "\($0.column)=\($0.value)" }.joined(separator: ", "))
    }
    try dropRepeats()
  }

  private init<Rows: TableRows & ~Copyable>(
    _ rows: consuming Rows, _ layout: ([String]) throws(TableError) -> RowLayout,
    keepsUnfinished: Bool, _ takeDamage: (TableError) throws(TableError) -> Void,
    _ progress: (Double) -> Void
  ) throws(TableError) {
    path = rows.path
    guard try rows.advance() else { throw .empty(path, needs: Self.needs) }
    let layout = try layout(rows.texts())
    fields = layout.fields
    ignoredColumns = layout.ignoredColumns
    isExport = layout.isExport

    var count = 0
    while true {
      let record: RunRecord
      do {
        guard try rows.advance() else { break }
        count += 1
        if count.isMultiple(of: 4096) { progress(rows.fractionRead) }
        guard let read = try layout.record(from: rows) else { continue }
        record = read
      } catch {
        try takeDamage(error)
        guard error.isOfRow else { break }
        continue
      }
      if record.status == .unfinished, !keepsUnfinished {
        unfinishedLines.append(rows.line)
        continue
      }
      guard records.count < Self.maximumRuns else {
        throw .tooManyRuns(path, limit: Self.maximumRuns)
      }
      records.append(record)
      lines.append(rows.line)
    }
    guard count > 0 else { throw .empty(path, needs: Self.needs) }
  }

  /// Columns that were not read though their name is almost that of a field, with that field.
  package var misspeltColumns: [(column: String, field: String)] {
    let unread = (RunField.required + RunField.optional.map(\.name)).filter { !fields.contains($0) }
    return ignoredColumns.compactMap { column in
      guard column.count >= 5, let field = column.lowercased().nearest(in: unread) else {
        return nil
      }
      return (column, field)
    }
  }

  private static let needs =
    "a header with \(RunField.required.joined(separator: ", ")), and a row for each finished run"

  /// Leaves out rows that repeat an earlier one, and refuses those that contradict one.
  ///
  /// Two rows are one run when all that decides the run is equal and they carry the same seed or the
  /// same id; other rows that are equal in all that decides the run are repeats of unknown seed.
  private mutating func dropRepeats() throws(TableError) {
    var seen: [RunRecord: Outcomes] = [:]
    var kept: [(record: RunRecord, line: Int)] = []
    for (record, line) in zip(records, lines) {
      // What a run was at before its end contradicts nothing.
      guard record.status != .unfinished else {
        kept.append((record, line))
        continue
      }
      let configuration = record.configuration
      let outcome = Outcome(record)
      if seen[configuration]?.lines[outcome] != nil {
        repeatedLines.append(line)
        continue
      }
      if let earlier = seen[configuration]?.first, let loss = seen[configuration]?.firstLoss,
        record.seed != nil || record.id != nil
      {
        throw .disagreeingDuplicates(
          path, lines: [earlier, line], losses: [loss, record.loss ?? .nan])
      }
      seen[configuration, default: Outcomes(first: line, firstLoss: record.loss ?? .nan)]
        .lines[outcome] = line
      kept.append((record, line))
    }
    records = kept.map(\.record)
    lines = kept.map(\.line)
    replicates = Replicates(among: Array(seen.values))
    if let replicates, replicates.spread > Self.widestSpread, replicates.spread.isFinite {
      throw .disagreeingRepeats(
        path, lines: replicates.lines, percent: (100 * replicates.spread).rounded())
    }
  }
}

extension RunTable {
  /// Unlabelled repeats of one run.
  package struct Replicates: Hashable, Sendable {
    /// How many rows have a repeat.
    package var count: Int
    /// The two of one run that are furthest apart, and the relative difference of their losses.
    package var lines: [Int]
    package var spread: Double

    /// - Returns: `nil` where nothing is repeated.
    fileprivate init?(among outcomes: [Outcomes]) {
      let repeated = outcomes.filter { $0.lines.count > 1 }.sorted { $0.first < $1.first }
      guard let widest = repeated.max(by: { $0.spread < $1.spread }) else { return nil }
      count = repeated.reduce(0) { $0 + $1.lines.count }
      lines = [widest.least.line, widest.greatest.line].sorted()
      spread = widest.spread
    }
  }

  /// The outcomes of one configuration, with the line of each.
  fileprivate struct Outcomes {
    var lines: [Outcome: Int] = [:]
    let first: Int
    let firstLoss: Double

    init(first: Int, firstLoss: Double) {
      self.first = first
      self.firstLoss = firstLoss
    }

    var least: (loss: Double, line: Int) { ends.least }
    var greatest: (loss: Double, line: Int) { ends.greatest }
    var spread: Double { greatest.loss / least.loss - 1 }

    /// A run that diverged without a number counts as an infinite loss.
    private var ends: (least: (loss: Double, line: Int), greatest: (loss: Double, line: Int)) {
      var least = (loss: Double.infinity, line: first)
      var greatest = (loss: -Double.infinity, line: first)
      for (outcome, line) in lines {
        let loss = outcome.loss ?? .infinity
        if (loss, line) < least { least = (loss, line) }
        if loss > greatest.loss || (loss == greatest.loss && line < greatest.line) {
          greatest = (loss, line)
        }
      }
      return (least, greatest)
    }
  }

  /// What a run ended with.
  fileprivate struct Outcome: Hashable {
    let loss: Double?
    let lossStandardError: Double?
    let status: RunStatus

    init(_ record: RunRecord) {
      loss = record.loss
      lossStandardError = record.lossStandardError
      status = record.status
    }
  }
}

extension RunRecord {
  /// The record without its outcome and place: equal for repeats of one run.
  fileprivate var configuration: RunRecord {
    var copy = self
    copy.source = nil
    copy.loss = nil
    copy.effectiveLearningRate = nil
    copy.lossStandardError = nil
    copy.status = .finished
    copy.divergedAt = nil
    return copy
  }
}
