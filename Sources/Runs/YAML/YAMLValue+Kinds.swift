/// Values of the kinds that descriptions are made of.
extension YAMLValue {
  /// The largest range whose whole numbers a `Double`, and so JSON, holds exactly.
  static let wholeNumbers = 1...(1 << 53)

  static let wholeNumbersFromZero = 0...wholeNumbers.upperBound

  /// A finite number that `isValid`, which `expected` says in words.
  func number(
    _ expected: String, where isValid: (Double) -> Bool
  ) throws(DescriptionError) -> Double {
    guard let number = Quantity.parse(try text()), isValid(number) else {
      throw wrong(expected: expected)
    }
    return number
  }

  func positiveNumber() throws(DescriptionError) -> Double {
    try number("a positive number such as 3e-4, 200k or 7B") { $0 > 0 }
  }

  func wholeNumber(in range: ClosedRange<Int> = wholeNumbers) throws(DescriptionError) -> Int {
    let expected =
      "a whole number from \(range.lowerBound) to \(range.upperBound), such as 8192, 200k or 7B"
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    return Int(try number(expected) { bounds.contains($0) && $0 == $0.rounded() })
  }

  func flag() throws(DescriptionError) -> Bool {
    switch try text() {
    case "true": true
    case "false": false
    default: throw wrong(expected: "true or false")
    }
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    of type: Choice.Type
  ) throws(DescriptionError) -> Choice {
    let names = type.allCases.map(\.rawValue)
    let name = try text()
    guard let choice = Choice(rawValue: name) else {
      let hint = name.nearest(in: names).map { " (did you mean \($0)?)" } ?? ""
      throw wrong(expected: "one of \(names.joined(separator: ", "))\(hint)")
    }
    return choice
  }

  /// The values of a list in any order, none twice, from the smallest up.
  func ascending<Element: Comparable>(
    _ read: (YAMLValue) throws(DescriptionError) -> Element
  ) throws(DescriptionError) -> [Element] {
    var elements: [Element] = []
    for value in try list() {
      let element = try read(value)
      guard !elements.contains(element) else {
        throw .repeatedValue(value.place, key: name, value: try value.text())
      }
      elements.append(element)
    }
    return elements.sorted()
  }

  /// What learning rates are multiplied by, by the role or name of a parameter.
  func learningRatesByRole() throws(DescriptionError) -> [String: Double] {
    var ratios: [String: Double] = [:]
    for (key, value) in try entries() { ratios[try key.text()] = try value.positiveNumber() }
    return ratios
  }

  /// The name in a mapping that says which parametrization to use.
  func nameOfParametrization() throws(DescriptionError) -> String {
    try YAMLFields(self, known: ["name"]).required("name").text()
  }

  /// Refuses a file of another version than `version`: its keys may be unknown to this program.
  func checkVersion(_ version: Int) throws(DescriptionError) {
    for (key, value) in try entries() where try key.text() == "version" {
      let found = try value.text()
      guard found == "\(version)" else {
        throw .unsupportedVersion(value.place, found: found, read: version)
      }
    }
  }
}
