import Runs

/// Which column of a table holds which field of the run record, and in what unit.
package struct ColumnMap: Hashable, Sendable {
  /// A column, and what its numbers are multiplied by to get the field's unit.
  package struct Column: Hashable, Sendable {
    package var name: String
    package var factor: Double?
  }

  package private(set) var columns: [String: Column] = [:]

  package init() {}

  /// Reads `field=column` pairs separated by commas.
  ///
  /// A column may carry a factor, as in `batch_tokens=bs*2048`.
  ///
  /// - Throws: `.badMapping` or `.unknownField`.
  package init(parsing text: String) throws(TableError) {
    try self.init(parsing: text, known: RunField.required + RunField.optional.map(\.name))
  }

  /// Reads pairs whose fields are among `known`.
  init(parsing text: String, known: [String]) throws(TableError) {
    for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        $0.trimmed
      }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw .badMapping(text, reason: "'\(pair)' is not field=column")
      }
      guard known.contains(sides[0]) else {
        throw .unknownField(sides[0], nearest: sides[0].nearest(in: known))
      }
      guard columns[sides[0]] == nil else {
        throw .badMapping(text, reason: "\(sides[0]) is named twice")
      }
      columns[sides[0]] = try Self.column(sides[1], in: text)
    }
  }

  /// Reads `field` from `column`, whose numbers are multiplied by `factor`.
  mutating func set(_ field: String, to column: String, factor: Double? = nil) {
    columns[field] = Column(name: column, factor: factor)
  }

  /// These columns, and where they name none, those of `other`.
  func over(_ other: ColumnMap) -> ColumnMap {
    var map = self
    map.columns.merge(other.columns) { own, _ in own }
    return map
  }

  /// The column for `field`: the mapped one, else the column of the same name.
  package func column(for field: String) -> Column {
    columns[field] ?? Column(name: field)
  }

  private static func column(_ text: String, in map: String) throws(TableError) -> Column {
    guard let star = text.lastIndex(of: "*") else { return Column(name: text) }
    let factorText = text[text.index(after: star)...].trimmed
    guard let factor = Quantity.parse(factorText), factor > 0 else {
      throw .badMapping(map, reason: "'\(factorText)' after * is not a positive number")
    }
    return Column(name: text[..<star].trimmed, factor: factor)
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
