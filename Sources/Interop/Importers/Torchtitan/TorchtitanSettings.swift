/// What torchtitan prints of its settings before the first step.
struct TorchtitanSettings {
  static let parameters = "total parameters"
  /// More groups than this no optimizer has.
  private static let mostGroups = 1_000

  private var groups = 0

  /// - Returns: Whether `line` holds settings.
  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) -> Bool {
    if let middle = line.place(of: " (model_part="), let start = line.place(of: "Optimizer ") {
      readGroup(line, from: start, to: middle, at: place, into: &log)
    } else if line.hasSuffix(" total parameters"), let size = line.place(of: "size: ") {
      readSize(line, size, at: place, into: &log)
    } else if let start = line.place(of: ", with local batch size ") {
      readPhrases(line.part(start + ", with ".utf8.count..<line.count), at: place, into: &log)
    } else if let start = line.place(of: "Trainer is initialized with ") {
      let start = start + "Trainer is initialized with ".utf8.count
      readPhrases(line.part(start..<line.count), at: place, into: &log)
    } else if let start = line.place(of: " Building ") ?? line.place(of: " Built ") {
      readModel(line, from: start, at: place, into: &log)
    } else {
      return false
    }
    return true
  }

  /// Reads `Optimizer AdamW (model_part=0): 3 params [.*norm.*] {'lr': 0.0003, ...}`.
  private mutating func readGroup(
    _ line: UnsafeRawBufferPointer, from start: Int, to middle: Int, at place: LinePlace,
    into log: inout RunLog
  ) {
    let nameStart = start + "Optimizer ".utf8.count
    guard nameStart <= middle, groups < Self.mostGroups else { return }
    let name = line.part(nameStart..<middle)
    var next = middle + " (model_part=".utf8.count
    guard let part = NumberText.whole(in: line, at: &next), line.has("): ", at: next) else {
      return
    }
    next += "): ".utf8.count
    guard let count = NumberText.whole(in: line, at: &next),
      let open = line.place(of: " {", from: next)
    else { return }
    let key = "optimizer.\(groups)"
    groups += 1
    log.set("\(key).name", .text(name.text), at: place.description)
    log.set("\(key).model_part", Double(part), at: place)
    log.set("\(key).params", Double(count), at: place)
    if let bracket = line.place(of: UInt8(ascii: "["), from: next), bracket < open, open > 0,
      line[open - 1] == UInt8(ascii: "]")
    {
      log.set(
        "\(key).pattern", .text(line.part(bracket + 1..<open - 1).text), at: place.description)
    }
    log.setList(
      line.part(open + 2..<line.count), prefix: "\(key).", separator: UInt8(ascii: ":"), at: place)
  }

  /// Reads `Model llama3 8B size: 8,030,261,248 total parameters`; older releases have no `Model`.
  private mutating func readSize(
    _ line: UnsafeRawBufferPointer, _ size: Int, at place: LinePlace, into log: inout RunLog
  ) {
    // The groups of a start that follows replace those of this one.
    groups = 0
    var next = size + "size: ".utf8.count
    NumberText.skipBlanks(in: line, at: &next)
    if let count = NumberText.whole(in: line, at: &next, separated: true) {
      log.set(Self.parameters, Double(count), at: place)
    }
    if let start = line.place(of: "Model "), start < size {
      let name = line.part(start + "Model ".utf8.count..<size).trimmed
      log.set("model", .text(name.text), at: place.description)
    }
  }

  /// Reads `local batch size 1, 65536 tokens per train step, total steps 1000 (warmup 200)`.
  private func readPhrases(
    _ text: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    for phrase in text.split(whereSeparator: { ",()".utf8.contains($0) }).prefix(32) {
      let phrase = UnsafeRawBufferPointer(rebasing: phrase).trimmed
      guard phrase.count <= 100 else { continue }
      if let space = phrase.lastIndex(of: UInt8(ascii: " ")),
        let number = NumberText.number(phrase.part(space + 1..<phrase.count))
      {
        log.set(phrase.part(0..<space).trimmed.text, number, at: place)
      } else if let space = phrase.firstIndex(of: UInt8(ascii: " ")),
        let number = NumberText.number(phrase.part(0..<space))
      {
        log.set(phrase.part(space + 1..<phrase.count).text, number, at: place)
      }
    }
  }

  /// Reads `Building llama3 8B with TransformerModelArgs(dim=4096, n_layers=32, ...)`.
  private func readModel(
    _ line: UnsafeRawBufferPointer, from start: Int, at place: LinePlace, into log: inout RunLog
  ) {
    guard let with = line.place(of: " with ", from: start),
      let open = line.place(of: UInt8(ascii: "("), from: with)
    else { return }
    log.setList(
      line.part(open + 1..<line.count), prefix: "model.", separator: UInt8(ascii: "="), at: place)
  }
}
