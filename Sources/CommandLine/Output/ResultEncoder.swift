import Foundation

extension JSONEncoder {
  /// Writes results for people and programs alike: indented, keys in order and in snake case.
  static var results: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
