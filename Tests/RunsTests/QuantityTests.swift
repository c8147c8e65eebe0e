import Runs
import Testing

@Suite struct QuantityTests {
  @Test(
    "numbers are read as people write them",
    arguments: [
      ("7e9", 7e9), ("7B", 7e9), ("1T", 1e12), ("4M", 4e6), ("200k", 2e5), ("200K", 2e5),
      ("4.1M", 4_100_000), ("0.1k", 100), ("8192", 8192), ("-3", -3), ("5e-4", 5e-4), ("+.5", 0.5),
    ])
  func parses(text: String, value: Double) {
    #expect(Quantity.parse(text) == value)
  }

  @Test(
    "anything else is no number",
    arguments: [
      "", "k", "7Bn", "7 B", " 7", "7b", "7G", "1_000", "nan", "inf", "infinity", "-inf", "0x10",
      "1e999", "9e307T", "1e3k", "--1", "1e", "٣",
    ])
  func rejects(text: String) {
    #expect(Quantity.parse(text) == nil)
  }

  @Test(
    "numbers are shown at three digits",
    arguments: [
      (7e9, "7B"), (1.5e12, "1.5T"), (214_663_680, "215M"), (8192, "8.19k"), (999, "999"),
      (999.6, "1k"), (999_999, "1M"), (1e16, "1e16"), (5e-7, "5e-7"), (0.0005, "0.0005"),
      (0, "0"), (-2e6, "-2M"),
    ])
  func formats(value: Double, text: String) {
    #expect(Quantity.format(value) == text)
  }

  @Test(
    "what is shown can be read",
    arguments: [1e-12, 0.25, 12, 123_456, 6.02e23, 9.995e14, -4e9])
  func roundTrips(value: Double) throws {
    let shown = try #require(Quantity.parse(Quantity.format(value)))
    #expect(abs(shown - value) <= abs(value) * 0.005)
  }

  @Test(
    "learning rates are written as configurations write them",
    arguments: [
      (3.1415e-4, 2, "3.1e-4"), (0.001, 2, "1.0e-3"), (0.0099999, 3, "1.00e-2"), (2, 3, "2.00e0"),
      (0, 2, "0.0"),
    ])
  func learningRates(value: Double, digits: Int, text: String) {
    #expect(Quantity.learningRate(value, digits: digits) == text)
  }

  @Test("rounding leaves no negative zero")
  func rounding() {
    #expect("\((-0.0001).rounded(places: 2))" == "0.0")
    #expect((2.3456).rounded(places: 2) == 2.35)
    #expect((0.0123456).rounded(significant: 3) == 0.0123)
  }
}
