/// Values as Python, C and JSON print them.
extension LoggedValue {
  /// The value that `text` stands for, without blanks around it.
  init(printed text: UnsafeRawBufferPointer) {
    let text = text.trimmed
    if let number = NumberText.number(text, separated: true) {
      self = .number(number)
    } else if text.count >= 2, let quote = text.first, quote == text.last,
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    {
      self = .text(text.part(1..<text.count - 1).text)
    } else {
      switch text.text {
      case "True", "true": self = .flag(true)
      case "False", "false": self = .flag(false)
      case "None", "null", "NULL": self = .null
      case let word: self = .text(word)
      }
    }
  }
}

extension RunLog {
  /// Sets `key` to what `text` stands for.
  mutating func set(_ key: String, printed text: UnsafeRawBufferPointer, at place: LinePlace) {
    set(key, LoggedValue(printed: text), at: place.description)
  }

  mutating func set(_ key: String, _ number: Double, at place: LinePlace) {
    set(key, .number(number), at: place.description)
  }

  /// Sets what `text` lists: `name=value` or `'name': value`, separated by commas.
  ///
  /// - Parameters:
  ///   - text: What stands between the outer brackets, or from there to the end of the line.
  ///   - prefix: What the keys begin with.
  ///   - separator: `=` or `:`.
  ///   - place: The line.
  mutating func setList(
    _ text: UnsafeRawBufferPointer, prefix: String, separator: UInt8, at place: LinePlace
  ) {
    var start = 0
    while start < text.count {
      let end = text.endOfItem(from: start)
      let item = text.part(start..<end).trimmed
      if let middle = item.place(of: separator) {
        let name = item.part(0..<middle).trimmed
        let value = item.part(middle + 1..<item.count).trimmed
        setItem(prefix + LoggedValue(printed: name).text, value, at: place)
      }
      if end < text.count, text[end] != UInt8(ascii: ",") { return }
      start = end + 1
    }
  }

  /// Sets a value, or the elements of a list by their place.
  private mutating func setItem(_ key: String, _ value: UnsafeRawBufferPointer, at place: LinePlace)
  {
    let brackets: Set<UInt8> = [UInt8(ascii: "("), UInt8(ascii: "[")]
    guard let first = value.first, brackets.contains(first), value.count >= 2 else {
      return set(key, printed: value, at: place)
    }
    var (start, index) = (1, 0)
    while start < value.count - 1, index < 16 {
      let end = value.endOfItem(from: start)
      set("\(key).\(index)", printed: value.part(start..<end), at: place)
      (start, index) = (end + 1, index + 1)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Where the item of a list that begins at `start` ends: at a comma or closing bracket that is not
  /// its own, or at the end.
  fileprivate func endOfItem(from start: Int) -> Int {
    var (place, depth) = (start, 0)
    var quote: UInt8?
    while place < count {
      let byte = self[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
          if depth == 0 { return place }
          depth -= 1
        case UInt8(ascii: ",") where depth == 0: return place
        default: break
        }
      }
      place += 1
    }
    return count
  }
}
