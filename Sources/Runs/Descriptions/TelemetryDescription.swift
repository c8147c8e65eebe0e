/// What a file says of `telemetry`: how often, or `none`.
extension RunDescription.Telemetry? {
  private static let none = "none"

  init(_ value: YAMLValue) throws(DescriptionError) {
    if value.isText(Self.none) {
      self = nil
      return
    }
    let fields = try YAMLFields(value, known: ["every"])
    self = RunDescription.Telemetry(every: try fields.required("every").wholeNumber())
  }
}

extension KeyedDecodingContainer {
  func decodeTelemetry(forKey key: Key) throws -> RunDescription.Telemetry? {
    if let text = try? decode(String.self, forKey: key), text == "none" { return nil }
    return try decode(RunDescription.Telemetry.self, forKey: key)
  }
}

extension KeyedEncodingContainer {
  mutating func encode(telemetry: RunDescription.Telemetry?, forKey key: Key) throws {
    if let telemetry {
      try encode(telemetry, forKey: key)
    } else {
      try encode("none", forKey: key)
    }
  }
}
