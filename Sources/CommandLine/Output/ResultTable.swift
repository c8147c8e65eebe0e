import Foundation
import Interop
import Runs

/// Results in rows, as CSV for programs or as Markdown or aligned columns for people.
struct ResultTable {
  struct Column<Row> {
    var name: String
    /// The exact text, for CSV.
    var exact: (Row) -> String?
    /// The text to read; columns without one are left out of Markdown.
    var readable: ((Row) -> String?)?

    /// A column of counts, such as params and tokens.
    static func quantity(_ name: String, _ value: @escaping (Row) -> Double?) -> Column {
      Column(
        name: name, exact: { value($0)?.plain }, readable: { value($0).map(Quantity.format) })
    }

    /// A column of learning rates.
    static func rate(_ name: String, _ value: @escaping (Row) -> Double?) -> Column {
      Column(
        name: name, exact: { value($0)?.plain },
        readable: { value($0).map { Quantity.learningRate($0, digits: 3) } })
    }

    /// A column of words.
    static func text(_ name: String, _ value: @escaping (Row) -> String?) -> Column {
      Column(name: name, exact: value, readable: value)
    }
  }

  let csv: String
  let markdown: String
  /// Columns as wide as their widest text.
  let text: String

  init<Row>(_ rows: [Row], _ columns: [Column<Row>]) {
    let exact = [columns.map(\.name)] + rows.map { row in columns.map { $0.exact(row) ?? "" } }
    csv = exact.map { $0.map(\.csvField).joined(separator: ",") }.joined(separator: "\n")

    let shown = columns.filter { $0.readable != nil }
    let names = shown.map { $0.name.replacingOccurrences(of: "_", with: " ") }
    let lines =
      [names, shown.map { _ in "---:" }]
      + rows.map { row in shown.map { $0.readable?(row) ?? "" } }
    markdown = lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    text = Self.aligned([lines[0]] + lines.dropFirst(2))
  }

  /// The first column to the left, the others to the right.
  private static func aligned(_ lines: [[String]]) -> String {
    let widths = (lines.first ?? []).indices.map { column in
      lines.map { $0[column].count }.max() ?? 0
    }
    return lines.map { line in
      zip(line, widths).enumerated().map { column, cell in
        let room = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + room : room + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
