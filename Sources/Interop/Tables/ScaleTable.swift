import ScalingLaws
import Runs

/// A CSV file whose rows are scales: columns `params`, `tokens` and, where wanted, `batch_tokens` and
/// `active_share`, with further columns of numbers above zero.
struct ScaleTable {
  struct Row {
    var scale: RunScale
    var line: Int
    /// The further numbers, by column.
    var numbers: [String: Double]
  }

  private(set) var rows: [Row] = []

  /// - Parameters:
  ///   - path: The file.
  ///   - required: Further columns that every row must fill.
  ///   - optional: Further columns that may be absent or empty.
  ///   - needs: What such a table needs, for messages.
  /// - Throws: A `TableError` for the first thing that is wrong.
  init(
    _ path: String, required: [String] = [], optional: [String] = [], needs: String
  ) throws(TableError) {
    var reader = try CSVReader(path: path)
    guard try reader.advance() else { throw .empty(path, needs: needs) }
    let header = try reader.texts()
    let places = try RowLayout.places(of: header, path: path)
    for column in ["params", "tokens"] + required where places[column] == nil {
      throw .missingScaleColumn(path, column: column, found: header, needs: needs)
    }
    while try reader.advance() {
      let texts = try reader.texts()
      guard texts.count == header.count else {
        throw .fieldCount(path, line: reader.line, found: texts.count, expected: header.count)
      }
      let cells = Cells(path: path, line: reader.line, places: places, texts: texts)
      guard let params = try cells.count("params"), let tokens = try cells.count("tokens") else {
        throw .empty(path, needs: needs)
      }
      var numbers: [String: Double] = [:]
      for column in required { numbers[column] = try cells.number(column, isRequired: true) }
      for column in optional { numbers[column] = try cells.number(column) }
      rows.append(
        Row(
          scale: RunScale(
            params: params, tokens: tokens, batchTokens: try cells.number("batch_tokens"),
            activeShare: try cells.share("active_share")),
          line: reader.line, numbers: numbers))
    }
    guard !rows.isEmpty else { throw .empty(path, needs: needs) }
  }

  /// The fields of one row.
  private struct Cells {
    let path: String
    let line: Int
    let places: [String: Int]
    let texts: [String]

    private func text(_ column: String) -> String? { places[column].map { texts[$0] } }

    private func wrong(_ column: String, _ text: String, _ remedy: String) -> TableError {
      .value(path, line: line, column: column, value: text, remedy: remedy)
    }

    func number(_ column: String, isRequired: Bool = false) throws(TableError) -> Double? {
      guard let text = text(column), isRequired || !text.isEmpty else { return nil }
      guard let value = Quantity.parse(text), value > 0 else {
        throw wrong(column, text, "write a number above zero such as 7e9 or 7B")
      }
      return value
    }

    func count(_ column: String) throws(TableError) -> Double? {
      guard let text = text(column), let count = try number(column, isRequired: true) else {
        return nil
      }
      guard count >= RunRecord.smallestCount else {
        throw wrong(
          column, text, "that is too few to be a count; if it is in billions write \(text)B")
      }
      return count
    }

    func share(_ column: String) throws(TableError) -> Double? {
      guard let text = text(column), !text.isEmpty else { return nil }
      guard let value = Quantity.parse(text), RunScale.isActiveShare(value) else {
        throw wrong(column, text, "write a share above 0 and up to 1, which is a dense model")
      }
      return value
    }
  }
}
