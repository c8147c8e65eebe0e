/// The lines of a nanoGPT log.
///
/// `step 0: train loss 10.9, val loss 10.9`, `iter 0: loss 10.9, time 12.34ms, mfu 30.00%`, and before
/// them the configuration, as far as it differs from the script's own.
struct NanoGPTLines: TextLogLines {
  static let batchTokens = "tokens per iteration"
  static let parameters = "parameters"
  static let millionsOfParameters = "millions of parameters"

  /// Whether the lines are those of a configuration file.
  private var isInConfiguration = false
  /// The parameters that are decayed, and those that are not.
  private var decayed: (Int?, Int?) = (nil, nil)

  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    let line = line.withoutRank
    if let fields = line.dropping("iter ") {
      if Self.readFields(fields, of: "iter", into: &log) { return }
    } else if let fields = line.dropping("step ") {
      if Self.readFields(fields, of: "step", into: &log) { return }
    }
    if !readSetting(line, at: place, into: &log) { log.noteEnd(line) }
  }

  /// Reads `100: loss 3.12, time 12.34ms`.
  private static func readFields(
    _ fields: UnsafeRawBufferPointer, of kind: String, into log: inout RunLog
  ) -> Bool {
    var place = 0
    NumberText.skipBlanks(in: fields, at: &place)
    guard let step = NumberText.whole(in: fields, at: &place), place < fields.count,
      fields[place] == UInt8(ascii: ":")
    else { return false }
    log.noteStep()
    let list = UnsafeRawBufferPointer(rebasing: fields[(place + 1)...])
    for field in list.split(separator: UInt8(ascii: ",")).prefix(32) {
      let field = UnsafeRawBufferPointer(rebasing: field).trimmed
      // The name's words come first, and the number's unit is joined to it.
      guard field.count <= 100, let space = field.lastIndex(of: UInt8(ascii: " ")) else { continue }
      var start = space + 1
      guard let value = NumberText.number(in: field, at: &start) else { continue }
      log.append(value, at: step, to: "\(kind) \(field.part(0..<space).trimmed.text)")
    }
    return true
  }

  private mutating func readSetting(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) -> Bool {
    if line.has("Overriding config with ") {
      isInConfiguration = true
    } else if let setting = line.dropping("Overriding: ") {
      isInConfiguration = false
      return Self.set(setting, at: place, in: &log)
    } else if let count = line.dropping("tokens per iteration will be: ") {
      isInConfiguration = false
      log.set(Self.batchTokens, printed: count, at: place)
    } else if let count = line.dropping("number of parameters: "), count.last == UInt8(ascii: "M") {
      log.set(Self.millionsOfParameters, printed: count.part(0..<count.count - 1), at: place)
    } else if line.has("num decayed parameter tensors: ") {
      decayed.0 = Self.count(of: line)
      setParameters(at: place, in: &log)
    } else if line.has("num non-decayed parameter tensors: ") {
      decayed.1 = Self.count(of: line)
      setParameters(at: place, in: &log)
    } else if let size = line.dropping("found vocab_size = ") {
      setNumber("vocab_size", startOf: size, at: place, in: &log)
    } else if let size = line.dropping("defaulting to vocab_size of GPT-2 to ") {
      setNumber("vocab_size", startOf: size, at: place, in: &log)
    } else {
      return isInConfiguration && Self.set(line, at: place, in: &log)
    }
    return true
  }

  private func setNumber(
    _ key: String, startOf text: UnsafeRawBufferPointer, at place: LinePlace, in log: inout RunLog
  ) {
    var start = 0
    guard let number = NumberText.whole(in: text, at: &start, separated: true) else { return }
    log.set(key, Double(number), at: place)
  }

  /// The number behind `with` in `num decayed parameter tensors: 50, with 124,354,560 parameters`.
  private static func count(of line: UnsafeRawBufferPointer) -> Int? {
    guard let with = line.place(of: ", with ") else { return nil }
    var start = with + ", with ".utf8.count
    guard let count = NumberText.whole(in: line, at: &start, separated: true),
      (0...1 << 48).contains(count)
    else { return nil }
    return count
  }

  private func setParameters(at place: LinePlace, in log: inout RunLog) {
    guard let first = decayed.0, let second = decayed.1 else { return }
    log.set(Self.parameters, Double(first + second), at: place)
  }

  /// Sets `learning_rate = 6e-4 # max learning rate`.
  private static func set(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, in log: inout RunLog
  ) -> Bool {
    guard let equals = line.place(of: UInt8(ascii: "=")) else { return false }
    let name = line.part(0..<equals).trimmed
    guard (1...64).contains(name.count),
      name.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
    else { return false }
    let comment = line.place(of: UInt8(ascii: "#"), from: equals) ?? line.count
    let value = line.part(equals + 1..<comment).trimmed
    if let product = product(value) {
      log.set(name.text, product, at: place)
    } else {
      log.set(name.text, printed: value, at: place)
    }
    return true
  }

  /// The value of `5 * 8`, as configurations say how often gradients are accumulated.
  private static func product(_ text: UnsafeRawBufferPointer) -> Double? {
    let factors = text.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
    guard (2...8).contains(factors.count) else { return nil }
    var product = 1.0
    for factor in factors {
      guard let number = NumberText.number(UnsafeRawBufferPointer(rebasing: factor).trimmed) else {
        return nil
      }
      product *= number
    }
    return product
  }
}
