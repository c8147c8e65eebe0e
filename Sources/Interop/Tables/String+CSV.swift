import Foundation

extension String {
  /// The text as one field of CSV, with quotes where a comma, a quote or a line break would split it.
  package var csvField: String {
    guard contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return self }
    return "\"" + replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
