/// Joint draws of everything in a law that is uncertain, an element of each array a draw.
package struct LawDraws: Hashable, Sendable {
  /// An array for each term.
  package var coefficients: [[Double]]
  /// An array for each model size fitted on.
  package var sizeOffsets: [[Double]]
  /// The spread of cells around the law, in nats.
  package var cellDeviations: [Double]
  /// The spread of model sizes around the law, in nats.
  package var sizeDeviations: [Double]

  /// The step in which numbers of draws are kept, far finer than any answer shows.
  private static let unitsInOne = 1e6

  /// `value` as it is kept.
  static func rounded(_ value: Double) -> Double { (value * unitsInOne).rounded() / unitsInOne }
}

/// In a law file each array is one text of whole numbers, in millionths and apart by spaces: there are
/// tens of thousands of them, and as JSON numbers they would take most of the time of an answer.
extension LawDraws: Codable {
  private enum CodingKeys: String, CodingKey {
    case coefficients, sizeOffsets, cellDeviations, sizeDeviations
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func numbers(_ text: String, _ key: CodingKeys) throws -> [Double] {
      guard let numbers = Self.numbers(text) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "not whole numbers apart by spaces")
      }
      return numbers
    }
    func arrays(_ key: CodingKeys) throws -> [[Double]] {
      try container.decode([String].self, forKey: key).map { try numbers($0, key) }
    }
    func array(_ key: CodingKeys) throws -> [Double] {
      try numbers(container.decode(String.self, forKey: key), key)
    }
    coefficients = try arrays(.coefficients)
    sizeOffsets = try arrays(.sizeOffsets)
    cellDeviations = try array(.cellDeviations)
    sizeDeviations = try array(.sizeDeviations)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(coefficients.map(Self.text), forKey: .coefficients)
    try container.encode(sizeOffsets.map(Self.text), forKey: .sizeOffsets)
    try container.encode(Self.text(cellDeviations), forKey: .cellDeviations)
    try container.encode(Self.text(sizeDeviations), forKey: .sizeDeviations)
  }

  private static func text(_ numbers: [Double]) -> String {
    numbers.map { "\(Int(($0 * unitsInOne).rounded()))" }.joined(separator: " ")
  }

  /// - Returns: `nil` for a text of another form.
  private static func numbers(_ text: String) -> [Double]? {
    var numbers: [Double] = []
    var text = text
    return text.withUTF8 { bytes in
      for word in bytes.split(separator: UInt8(ascii: " ")) {
        let isNegative = word.first == UInt8(ascii: "-")
        let digits = isNegative ? word.dropFirst() : word[...]
        guard !digits.isEmpty, digits.count <= mostDigits else { return nil }
        var units = 0
        for digit in digits {
          guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
          units = 10 * units + Int(digit - UInt8(ascii: "0"))
        }
        numbers.append(Double(isNegative ? -units : units) / unitsInOne)
      }
      return numbers
    }
  }

  /// More digits than this are no coefficient of a law of logs.
  private static let mostDigits = 15
}

/// What the random streams of a fit are for; each purpose has its own streams.
enum RandomPurpose {
  static let law: UInt64 = 1
  static let prediction: UInt64 = 2
  static let conversion: UInt64 = 3
  static let lossCurves: UInt64 = 4
  static let lossCurveScatter: UInt64 = 5
}
