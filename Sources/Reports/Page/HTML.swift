/// Markup that is safe to write into a page: every text put into it is escaped.
///
/// Literals are markup as they stand, interpolated texts are escaped, and interpolated markup is not
/// escaped twice, so forgetting to escape takes an explicit `HTML(trusted:)`.
package struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
  package let source: String

  package init(trusted source: String) { self.source = source }

  package init(stringLiteral value: String) { source = value }

  package init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity)
    }

    package mutating func appendLiteral(_ literal: String) { source += literal }

    package mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }

    package mutating func appendInterpolation(_ number: Int) { source += "\(number)" }

    package mutating func appendInterpolation(_ markup: HTML) { source += markup.source }

    package mutating func appendInterpolation(_ markup: [HTML]) {
      for part in markup { source += part.source }
    }
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
