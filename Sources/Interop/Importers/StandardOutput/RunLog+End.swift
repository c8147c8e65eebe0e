extension RunLog {
  /// Takes note of lines that any trainer may end with.
  ///
  /// - Returns: Whether `line` is one.
  @discardableResult mutating func noteEnd(_ line: UnsafeRawBufferPointer) -> Bool {
    if line.contains("Traceback (most recent call last)") {
      end = .failed("Traceback")
    } else if line.has("slurmstepd: error: ***"), line.contains("CANCELLED") {
      end = .failed("CANCELLED")
    } else {
      return false
    }
    return true
  }

  /// Takes note that the run goes on, whatever was said before.
  mutating func noteStep() {
    if end != .unknown { end = .unknown }
  }
}

extension UnsafeRawBufferPointer {
  /// The line without what launchers put before it: `3: `, `[rank3]:`, `[default3]:`.
  var withoutRank: UnsafeRawBufferPointer {
    var place = 0
    NumberText.skipBlanks(in: self, at: &place)
    while let end = endOfRank(from: place) { place = end }
    return part(place..<count)
  }

  private func endOfRank(from start: Int) -> Int? {
    var place = start
    if place < count, self[place] == UInt8(ascii: "[") {
      place += 1
      while place < count, self[place].isLetter { place += 1 }
      guard let bracket = endOfDigits(from: place), bracket < count,
        self[bracket] == UInt8(ascii: "]")
      else { return nil }
      place = bracket + 1
    } else {
      guard let end = endOfDigits(from: place) else { return nil }
      place = end
    }
    guard place < count, self[place] == UInt8(ascii: ":") else { return nil }
    return place + 1 < count && self[place + 1].isBlank ? place + 2 : place + 1
  }

  private func endOfDigits(from start: Int) -> Int? {
    var place = start
    while place < count, self[place].isDigit { place += 1 }
    return place > start ? place : nil
  }
}

extension UInt8 {
  var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
