import Foundation

/// Rows of short texts under headings, in columns for a terminal.
struct TextTable {
  private var rows: [[String]]

  init(_ headings: [String], _ rows: [[String]]) {
    self.rows = [headings] + rows
  }

  var text: String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      let line = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
