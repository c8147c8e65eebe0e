/// The lines of a nanochat log.
///
/// `step 00100/05000 (2.00%) | loss: 3.123456 | lrm: 1.00 | ...`, `Step 00100 | Validation bpb: 0.91`,
/// and before them counts and shapes as `name: number`, of which newer ones are lines of JSON.
struct NanochatLines: TextLogLines {
  static let batchTokens = "Total batch size"
  static let steps = "steps"
  static let sequenceLength = "sequence length"

  private static let bar = UInt8(ascii: "|")

  private var fields = LineFields<Bool> { (name: $0, role: true) }
  private var steps = 0

  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    let line = line.withoutRank
    if let rest = line.dropping("step ") ?? line.dropping("Step ") {
      readStep(rest, at: place, into: &log)
    } else if line.has("Minimum validation bpb:") {
      log.end = .finished
    } else if let size = line.dropping("Total batch size ") {
      var start = 0
      if let tokens = NumberText.whole(in: size, at: &start, separated: true) {
        log.set(Self.batchTokens, Double(tokens), at: place)
      }
    } else if let shape = line.dropping("Tokens / micro-batch / rank: ") {
      readShape(shape, at: place, into: &log)
    } else if !log.noteEnd(line), steps == 0 {
      readSetting(line, at: place, into: &log)
    }
  }

  private mutating func readStep(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    var start = 0
    NumberText.skipBlanks(in: line, at: &start)
    guard let step = NumberText.whole(in: line, at: &start),
      var next = line.place(of: Self.bar, from: start)
    else { return }
    log.noteStep()
    if start < line.count, line[start] == UInt8(ascii: "/") {
      start += 1
      if let total = NumberText.whole(in: line, at: &start), total != steps {
        steps = total
        log.set(Self.steps, Double(total), at: place)
      }
    }
    for position in 0..<64 where next < line.count {
      next += 1
      NumberText.skipBlanks(in: line, at: &next)
      readField(in: line, at: &next, position, step, into: &log)
      guard let bar = line.place(of: Self.bar, from: next) else { return }
      next = bar
    }
  }

  private mutating func readField(
    in line: UnsafeRawBufferPointer, at place: inout Int, _ position: Int, _ step: Int,
    into log: inout RunLog
  ) {
    var field = fields.known(position, in: line, at: &place)
    if field == nil, let colon = line.place(of: UInt8(ascii: ":"), from: place) {
      field = fields.find(line.part(place..<colon), at: position, in: &log)
      place = colon + 1
    }
    guard let metric = field?.metric else { return }
    NumberText.skipBlanks(in: line, at: &place)
    if let value = NumberText.number(in: line, at: &place, separated: true) {
      log.append(value, at: step, to: metric)
    }
  }

  /// Reads the sequences of a micro-batch and their length in `32 x 2048 = 65,536`.
  private func readShape(
    _ shape: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    guard let times = shape.place(of: " x ") else { return }
    var start = times + " x ".utf8.count
    if let length = NumberText.whole(in: shape, at: &start, separated: true) {
      log.set(Self.sequenceLength, Double(length), at: place)
    }
  }

  /// Reads `name: number`, also as a line of JSON.
  private func readSetting(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    guard line.count <= 200, let colon = line.lastIndex(of: UInt8(ascii: ":")) else { return }
    var value = line.part(colon + 1..<line.count).trimmed
    if value.last == UInt8(ascii: ",") { value = value.part(0..<value.count - 1) }
    let name = line.part(0..<colon).trimmed
    guard !name.isEmpty, let number = NumberText.number(value, separated: true) else { return }
    log.set(LoggedValue(printed: name).text, number, at: place)
  }
}
