import Foundation

/// Decimal numbers in ASCII text, as the C library's `strtod` reads them, and faster.
package enum NumberText {
  /// More characters than this are no number.
  private static let mostCharacters = 2_000
  /// So many digits fit 64 bits, whatever they are.
  private static let mostDigits = 19
  /// Whole numbers up to here are doubles.
  private static let mostExact: UInt64 = 1 << 53
  /// Powers of ten that are doubles: a product or quotient with one of them is rounded once, so that
  /// it is the nearest double (Clinger 1990, "How to read floating point numbers accurately").
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that `text` is; `nil` when it is none or more than one.
  package static func number(_ text: UnsafeRawBufferPointer, separated: Bool = false) -> Double? {
    var end = 0
    guard let number = number(in: text, at: &end, separated: separated), end == text.count else {
      return nil
    }
    return number
  }

  /// The number that begins at `place`, which is moved behind it.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - place: Where the number begins; not moved where none does.
  ///   - separated: Whether commas may separate groups of three digits, as in `12,345`.
  /// - Returns: The number, rounded as `strtod` rounds it.
  package static func number(
    in text: UnsafeRawBufferPointer, at place: inout Int, separated: Bool = false
  ) -> Double? {
    var next = place
    let isNegative = sign(in: text, at: &next)
    let start = next
    var decimal = Decimal()
    let hasSeparators = decimal.readWhole(text, &next, separated: separated)
    decimal.readFraction(text, &next)
    guard decimal.hasDigits else {
      guard let word = word(in: text, at: &next) else { return nil }
      place = next
      return isNegative ? -word : word
    }
    decimal.readExponent(text, &next)
    let magnitude: Double
    if let exact = decimal.exact {
      magnitude = exact
    } else if let slow = slow(text.part(start..<next), hasSeparators: hasSeparators) {
      magnitude = slow
    } else {
      return nil
    }
    place = next
    return isNegative ? -magnitude : magnitude
  }

  /// The whole number that begins at `place`, which is moved behind it; `nil` also when it is more
  /// than an `Int` holds.
  package static func whole(
    in text: UnsafeRawBufferPointer, at place: inout Int, separated: Bool = false
  ) -> Int? {
    var next = place
    let isNegative = sign(in: text, at: &next)
    var decimal = Decimal()
    _ = decimal.readWhole(text, &next, separated: separated)
    guard decimal.hasDigits, !decimal.isLong, let value = Int(exactly: decimal.digits) else {
      return nil
    }
    place = next
    return isNegative ? -value : value
  }

  /// Passes over blanks.
  package static func skipBlanks(in text: UnsafeRawBufferPointer, at place: inout Int) {
    while place < text.count, text[place].isBlank { place += 1 }
  }

  private static func sign(in text: UnsafeRawBufferPointer, at place: inout Int) -> Bool {
    guard place < text.count else { return false }
    let isNegative = text[place] == UInt8(ascii: "-")
    if isNegative || text[place] == UInt8(ascii: "+") { place += 1 }
    return isNegative
  }

  private static func word(in text: UnsafeRawBufferPointer, at place: inout Int) -> Double? {
    func has(_ word: StaticString) -> Bool {
      guard text.count - place >= word.utf8CodeUnitCount else { return false }
      return (0..<word.utf8CodeUnitCount).allSatisfy {
        text[place + $0] | 0x20 == word.utf8Start[$0]
      }
    }
    let words: [(StaticString, Double)] = [
      ("nan", .nan), ("infinity", .infinity), ("inf", .infinity),
    ]
    for (word, value) in words where has(word) {
      place += word.utf8CodeUnitCount
      return value
    }
    return nil
  }

  /// The number by the C library, from a copy that ends where the number does.
  private static func slow(_ text: UnsafeRawBufferPointer, hasSeparators: Bool) -> Double? {
    guard text.count <= mostCharacters else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
      var length = 0
      for byte in text where byte != UInt8(ascii: ",") {
        copy[length] = CChar(truncatingIfNeeded: byte)
        length += 1
      }
      copy[length] = 0
      return copy.baseAddress.map { strtod($0, nil) }
    }
  }

  /// A number as its digits and the power of ten that they count.
  private struct Decimal {
    private(set) var digits: UInt64 = 0
    private(set) var hasDigits = false
    /// Whether there are more digits than `digits` can hold.
    private(set) var isLong = false
    private var significant = 0
    private var exponent = 0

    /// The number, where it is known to be the nearest double.
    @inline(__always) var exact: Double? {
      if isLong { return nil }
      if digits == 0 { return 0 }
      guard digits <= NumberText.mostExact, abs(exponent) < NumberText.powersOfTen.count else {
        return nil
      }
      let power = NumberText.powersOfTen[abs(exponent)]
      return exponent < 0 ? Double(digits) / power : Double(digits) * power
    }

    @inline(__always) private mutating func add(_ digit: UInt8) {
      hasDigits = true
      if significant < NumberText.mostDigits {
        digits = digits &* 10 &+ UInt64(digit)
        if digits > 0 { significant += 1 }
      } else {
        isLong = true
      }
    }

    /// Reads digits before a point; says whether commas stood among them.
    @inline(__always) mutating func readWhole(
      _ text: UnsafeRawBufferPointer, _ place: inout Int, separated: Bool
    ) -> Bool {
      var hasSeparators = false
      while place < text.count {
        let digit = text[place] &- UInt8(ascii: "0")
        if digit < 10 {
          add(digit)
        } else if separated, hasDigits, text[place] == UInt8(ascii: ","),
          text.count - place > 3, text[place + 1].isDigit, text[place + 2].isDigit,
          text[place + 3].isDigit
        {
          hasSeparators = true
        } else {
          break
        }
        place += 1
      }
      return hasSeparators
    }

    @inline(__always) mutating func readFraction(
      _ text: UnsafeRawBufferPointer, _ place: inout Int
    ) {
      guard place < text.count, text[place] == UInt8(ascii: ".") else { return }
      var next = place + 1
      while next < text.count {
        let digit = text[next] &- UInt8(ascii: "0")
        guard digit < 10 else { break }
        add(digit)
        exponent -= 1
        next += 1
      }
      if hasDigits { place = next }
    }

    mutating func readExponent(_ text: UnsafeRawBufferPointer, _ place: inout Int) {
      guard place < text.count, text[place] | 0x20 == UInt8(ascii: "e") else { return }
      var next = place + 1
      let isNegative = NumberText.sign(in: text, at: &next)
      guard next < text.count, text[next].isDigit else { return }
      var value = 0
      while next < text.count, text[next].isDigit {
        // Beyond this all is 0 or infinite, as long as numbers are.
        if value < 100_000 { value = 10 * value + Int(text[next] &- UInt8(ascii: "0")) }
        next += 1
      }
      exponent += isNegative ? -value : value
      place = next
    }
  }
}
