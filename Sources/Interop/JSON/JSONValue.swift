/// A value of a JSON text whose keys are not ours.
package enum JSONValue: Hashable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  /// In the order of the text, no key twice.
  case object([JSONMember])
}

/// A key of a JSON object and what it stands for.
package struct JSONMember: Hashable, Sendable {
  package var key: String
  package var value: JSONValue

  package init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

extension JSONValue {
  /// The one value that is all of a text.
  ///
  /// - Parameters:
  ///   - bytes: The text; a tree of it takes up to some thirty times its size.
  ///   - depth: How many lists and objects may stand in one another.
  /// - Throws: What stands where JSON has something else.
  package init(
    parsing bytes: UnsafeRawBufferPointer, depth: Int = JSONParser.usualDepth
  ) throws(JSONError) {
    var parser = JSONParser(bytes, depth: depth)
    self = try parser.value()
    try parser.finish()
  }

  package init(parsing text: String) throws(JSONError) {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(JSONError) in try JSONValue(parsing: UnsafeRawBufferPointer(bytes)) }
    }
    self = try result.get()
  }

  /// The value of a key; `nil` where there is none, or this is no object.
  package subscript(key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  package var members: [JSONMember]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  package var elements: [JSONValue]? {
    guard case .list(let elements) = self else { return nil }
    return elements
  }

  package var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number
  }

  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  package var flag: Bool? {
    guard case .flag(let flag) = self else { return nil }
    return flag
  }
}
