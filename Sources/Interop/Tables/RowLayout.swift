import Runs

/// Where in a row each field stands, and how a row becomes a run record.
struct RowLayout {
  let path: String
  let fields: Set<String>
  let ignoredColumns: [String]

  private let columnCount: Int
  private let params: Place
  private let tokens: Place
  private let learningRate: Place
  private let loss: Place
  private let optional: [(field: RunField, place: Place)]
  private let filters: [(index: Int, value: String)]
  private let paramsKind: ParameterCountKind
  private let words: [String: [String: String]]
  /// Whether the table was written by us, whose counts are in no other unit.
  let isExport: Bool

  private struct Place {
    /// In the row; `nil` where all rows have the same value, which somebody gives.
    var index: Int?
    var column: String
    var factor: Double?
    var given = ""
  }

  /// Columns that can stand in for `params`, with what they count.
  private static let paramsColumns: [(field: String, kind: ParameterCountKind)] = [
    ("params", .unspecified), ("params_non_embedding", .nonEmbedding), ("params_total", .total),
    ("params_active", .active),
  ]

  init(
    header: [String], path: String, map: ColumnMap, filters: [(column: String, value: String)],
    paramsKind: ParameterCountKind?, values: [String: String] = [:],
    words: [String: [String: String]] = [:]
  ) throws(TableError) {
    self.path = path
    self.words = words
    columnCount = header.count
    let places = try Self.places(of: header, path: path)
    // Unread, mixtures that differ in it alone would pass for repeats of one run.
    guard places["active_share"] == nil else { throw .shareOfRuns(path) }
    /// The place of `field`, or `nil` where the table lacks it and no mapping asks for it.
    func place(_ field: String) throws(TableError) -> Place? {
      if let value = values[field] {
        return Place(index: nil, column: "--set \(field)", given: value)
      }
      let column = map.column(for: field)
      if let index = places[column.name] {
        return Place(index: index, column: column.name, factor: column.factor)
      }
      guard map.columns[field] == nil else {
        throw .missingColumn(path, field: field, column: column.name, found: header)
      }
      return nil
    }

    var params: Place?
    var kind = ParameterCountKind.unspecified
    for candidate in Self.paramsColumns where params == nil {
      params = try place(candidate.field)
      kind = candidate.kind
    }
    let required = [
      params, try place("tokens"), try place("learning_rate"), try place("loss"),
    ]
    let missing = zip(RunField.required, required).filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty, let params = required[0], let tokens = required[1],
      let learningRate = required[2], let loss = required[3]
    else { throw .missingFields(path, fields: missing, found: header) }
    self.params = params
    self.tokens = tokens
    self.learningRate = learningRate
    self.loss = loss
    self.paramsKind = paramsKind ?? kind
    var optional: [(field: RunField, place: Place)] = []
    for field in RunField.optional {
      if let place = try place(field.name) { optional.append((field, place)) }
    }
    self.optional = optional
    fields = Set(optional.map(\.field.name)).union(RunField.required)
    isExport = Set(["params_kind", "status"]).isSubset(
      of: optional.filter { $0.place.index != nil }.map(\.field.name))

    var indices: [(index: Int, value: String)] = []
    for filter in filters {
      guard let index = places[map.column(for: filter.column).name] else {
        throw .missingColumn(path, field: filter.column, column: filter.column, found: header)
      }
      indices.append((index, filter.value))
    }
    self.filters = indices
    let used =
      [self.params, tokens, learningRate, loss].map(\.column) + optional.map(\.place.column)
    ignoredColumns = header.filter { !used.contains($0) }
  }

  /// Where each named column of `header` stands.
  ///
  /// - Throws: `.isJSON` or `.repeatedColumn`.
  static func places(of header: [String], path: String) throws(TableError) -> [String: Int] {
    guard header.first?.hasPrefix("{") != true else { throw .isJSON(path) }
    var places: [String: Int] = [:]
    for (index, name) in header.enumerated() where !name.isEmpty {
      guard places.updateValue(index, forKey: name) == nil else {
        throw .repeatedColumn(path, column: name)
      }
    }
    return places
  }

  /// The record in the reader's current row, or `nil` when a filter leaves it out.
  func record(
    from reader: borrowing some TableRows & ~Copyable
  ) throws(TableError) -> RunRecord? {
    guard reader.fieldCount == columnCount else {
      throw .fieldCount(
        path, line: reader.line, found: reader.fieldCount, expected: columnCount)
    }
    for filter in filters where !Self.agree(try reader.field(filter.index), filter.value) {
      return nil
    }

    var record = RunRecord(
      params: try count(params, what: "parameters", in: reader),
      tokens: try count(tokens, what: "tokens", in: reader),
      learningRate: try number(learningRate, in: reader, within: 1e-12...1e3), loss: nil)
    record.paramsKind = paramsKind
    record.source = RunSource(file: path, line: reader.line)
    for (field, place) in optional {
      let written = try self.text(place, in: reader)
      let text = try scaled(words[field.name]?[written] ?? written, by: place.factor)
      guard !text.isEmpty else { continue }
      guard field.set(text, in: &record) else {
        throw error(place, text, in: reader, remedy: "write \(field.expected)")
      }
    }
    try readLoss(into: &record, from: reader)
    return record
  }

  private func text(
    _ place: Place, in reader: borrowing some TableRows & ~Copyable
  ) throws(TableError) -> String {
    guard let index = place.index else { return place.given }
    return try reader.field(index)
  }

  private func count(
    _ place: Place, what: String, in reader: borrowing some TableRows & ~Copyable
  ) throws(TableError) -> Double {
    let value = try number(place, in: reader, within: RunRecord.smallestCount / 1e12...1e21)
    guard value >= RunRecord.smallestCount || isExport else {
      let text = try self.text(place, in: reader)
      guard place.factor == nil else {
        throw error(
          place, text, in: reader,
          remedy: "times the factor of --map that is \(value), too few \(what) to be a count; "
            + "check the factor")
      }
      guard place.index != nil else {
        throw error(place, text, in: reader, remedy: "that is too few \(what) to be a count")
      }
      throw error(
        place, text, in: reader,
        remedy: "that is too few \(what) to be a count; if the column is in billions write "
          + "\(text)B, or --map \(what == "tokens" ? "tokens" : "params")=\(place.column)*1e9")
    }
    return value
  }

  /// A positive number in the unit of its field.
  private func number(
    _ place: Place, in reader: borrowing some TableRows & ~Copyable,
    within range: ClosedRange<Double>
  ) throws(TableError) -> Double {
    let text = try text(place, in: reader)
    guard let written = Quantity.parse(text) else {
      throw error(
        place, text, in: reader,
        remedy: "write a number such as 0.003, 7e9 or 7B, without separators of thousands")
    }
    guard written > 0 else {
      throw error(
        place, text, in: reader,
        remedy: "it must be above zero; if the column holds a logarithm, write the value itself")
    }
    let value = written * (place.factor ?? 1)
    guard range.contains(value) else {
      throw error(
        place, text, in: reader,
        remedy: (place.factor == nil ? "" : "times the factor of --map that is \(value); ")
          + "it must lie between \(range.lowerBound) and \(range.upperBound); check its unit")
    }
    return value
  }

  private func readLoss(
    into record: inout RunRecord, from reader: borrowing some TableRows & ~Copyable
  ) throws(TableError) {
    let text = try text(loss, in: reader)
    if text.isEmpty || text.isNotFinite {
      record.status = record.status == .unfinished ? .unfinished : .diverged
      return
    }
    guard Quantity.parse(text) != nil else {
      throw error(
        loss, text, in: reader,
        remedy: "write the final loss as a number, or nan, inf or nothing for a diverged run")
    }
    record.loss = try number(loss, in: reader, within: 1e-9...1e9)
    if let standardError = record.lossStandardError, let loss = record.loss, standardError > loss {
      throw error(
        self.loss, text, in: reader,
        remedy: "its standard error is \(standardError), more than itself; check that column")
    }
  }

  /// Whether a field holds the text or the number that a filter asks for.
  private static func agree(_ field: String, _ wanted: String) -> Bool {
    if field == wanted { return true }
    guard let a = Quantity.parse(field), let b = Quantity.parse(wanted) else { return false }
    return a == b
  }

  private func scaled(_ text: String, by factor: Double?) throws(TableError) -> String {
    guard let factor, let value = Quantity.parse(text) else { return text }
    return "\(value * factor)"
  }

  private func error(
    _ place: Place, _ text: String, in reader: borrowing some TableRows & ~Copyable, remedy: String
  ) -> TableError {
    .value(path, line: reader.line, column: place.column, value: text, remedy: remedy)
  }
}

extension String {
  /// Whether the text is one of the spellings programs use for a number that is not finite.
  fileprivate var isNotFinite: Bool {
    let word = lowercased().drop { $0 == "-" || $0 == "+" }
    return ["nan", "inf", "infinity", "none", "null", "na", "n/a"].contains(word)
  }
}
