import Foundation
import Interop
import Runs
import Testing

@Suite struct NumberTextTests {
  private func number(_ text: String, separated: Bool = false) -> Double? {
    Array(text.utf8).withUnsafeBytes { NumberText.number($0, separated: separated) }
  }

  /// The C library's number, and how many characters it read for it.
  private func byLibrary(_ text: String) -> (bits: UInt64, length: Int) {
    text.withCString { start in
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(start, &end)
      return (value.bitPattern, end.map { UnsafePointer($0) - start } ?? 0)
    }
  }

  private func ours(_ text: String) -> (bits: UInt64, length: Int) {
    Array(text.utf8).withUnsafeBytes { bytes in
      var place = 0
      let value = NumberText.number(in: bytes, at: &place)
      return ((value ?? 0).bitPattern, place)
    }
  }

  @Test("numbers of all shapes are those of the C library, to the last bit")
  func random() {
    var random = KeyedRandom(seed: 1, 7)
    for _ in 0..<200_000 {
      var text = ["", "-", "+"][random.index(below: 3)]
      let digits = random.index(below: random.index(below: 4) == 0 ? 40 : 18)
      let point = random.index(below: 20)
      for index in 0...digits {
        if index == point { text += "." }
        text += "\(random.index(below: 10))"
      }
      if random.index(below: 2) == 0 {
        text += ["e", "E"][random.index(below: 2)] + ["", "-", "+"][random.index(below: 3)]
        text += "\(random.index(below: random.index(below: 8) == 0 ? 400 : 25))"
      }
      #expect(ours(text) == byLibrary(text), "\(text)")
    }
  }

  @Test("doubles of all sizes are read as they were written")
  func roundTrips() {
    var random = KeyedRandom(seed: 1, 8)
    for _ in 0..<100_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(number("\(value)")?.bitPattern == value.bitPattern)
    }
  }

  @Test(
    "a number ends where the C library ends it",
    arguments: [
      "1.", ".5", "1e", "1e+", "12ms", "1.5.2", "1E-4|", "-", ".", "", "e5", "0x10",
      "007", "1e999", "1e-999", "-0", "0e99999999999999999999", "9007199254740993", "1,234", "--1",
      "179769313486231580793728971405301e276", "4.9e-324", "2.4703282292062328e-324",
    ])
  func ends(text: String) {
    // Hexadecimal numbers are the library's alone: ours is the 0 before the `x`.
    let expected = text.hasPrefix("0x") ? (bits: 0, length: 1) : byLibrary(text)
    #expect(ours(text) == expected)
  }

  @Test("words for what is not finite are read in any case")
  func words() {
    for text in ["nan", "NaN", "NAN"] { #expect(number(text)?.isNaN == true) }
    for text in ["inf", "Inf", "+inf", "Infinity"] { #expect(number(text) == .infinity) }
    #expect(number("-inf") == -.infinity)
    #expect(number("none") == nil)
    #expect(number("na") == nil)
  }

  @Test("commas separate groups of three digits, and nothing else")
  func separators() {
    #expect(number("12,345", separated: true) == 12345)
    #expect(number("8,030,261,248", separated: true) == 8_030_261_248)
    #expect(number("1,234,567,890,123,456,789,012.5", separated: true) == 1234567890123456789012.5)
    #expect(number("12,34", separated: true) == nil)
    #expect(number(",123", separated: true) == nil)
    #expect(number("12,345") == nil)
  }

  @Test("whole numbers that an Int cannot hold are none")
  func whole() {
    func whole(_ text: String) -> Int? {
      Array(text.utf8).withUnsafeBytes { bytes in
        var place = 0
        return NumberText.whole(in: bytes, at: &place)
      }
    }
    #expect(whole("9223372036854775807") == .max)
    #expect(whole("9223372036854775808") == nil)
    #expect(whole("99999999999999999999999") == nil)
    #expect(whole("-17x") == -17)
    #expect(whole("x") == nil)
  }
}
