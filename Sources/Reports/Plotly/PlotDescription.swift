import Foundation

/// A Plotly figure as data: what plotly.js draws, in any page that has it.
package struct PlotDescription: Encodable, Hashable, Sendable {
  package var data: [ScatterTrace]
  package var layout: PlotLayout

  /// The description in Plotly's own keys, safe inside a script element.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    // Sorted keys make equal figures equal bytes.
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .custom { path in
      let name = path.last?.stringValue ?? ""
      return PlotlyKey(Self.keys[name] ?? name.lowercased())
    }
    return String(decoding: try encoder.encode(self), as: UTF8.self)
      .replacing("</", with: "<\\/").replacing("<!--", with: "<\\!--")
  }

  /// Keys of Plotly that are not just our own in lower case.
  private static let keys = ["errorX": "error_x", "errorY": "error_y"]

  private struct PlotlyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
