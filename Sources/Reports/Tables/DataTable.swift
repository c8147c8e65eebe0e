import Runs

/// The numbers behind a figure: rounded for people, exact for programs.
package struct DataTable: Hashable, Sendable {
  package struct Column: Hashable, Sendable {
    /// The name in the CSV form.
    package var name: String
    package var heading: String

    init(_ name: String, _ heading: String) {
      self.name = name
      self.heading = heading
    }
  }

  package struct Cell: Hashable, Sendable {
    package var shown: String
    package var exact: String
    package var isNumber: Bool

    static func text(_ text: String) -> Cell { Cell(shown: text, exact: text, isNumber: false) }

    static func rate(_ value: Double?) -> Cell {
      number(value) { Quantity.learningRate($0, digits: 3) }
    }

    /// A whole number with all its digits.
    static func count(_ value: Int) -> Cell {
      Cell(shown: Wording.count(value), exact: "\(value)", isNumber: true)
    }

    static func quantity(_ value: Double?) -> Cell { number(value) { Quantity.format($0) } }

    static func decimal(_ value: Double?, digits: Int = 3) -> Cell {
      number(value) { Wording.decimal($0, digits: digits) }
    }

    private static func number(_ value: Double?, _ words: (Double) -> String) -> Cell {
      guard let value, value.isFinite else { return Cell(shown: "–", exact: "", isNumber: true) }
      let exact = Int(exactly: value).map { "\($0)" } ?? "\(value)"
      return Cell(shown: words(value), exact: exact, isNumber: true)
    }
  }

  package var caption: String
  package var columns: [Column]
  package var rows: [[Cell]]

  /// The table as comma-separated values, with quotes where a text needs them.
  package var csv: String {
    let lines = [columns.map(\.name)] + rows.map { $0.map(\.exact) }
    return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
