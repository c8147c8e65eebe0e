/// The lines of a torchtitan log.
///
/// `[titan] 2025-06-04 08:51:58,557 - root - INFO - step: 10  loss: 10.7069  memory: 30.99GiB(32.62%)  `
/// `tps: 7,034  tflops: 407.35  mfu: 41.19%`; a validation's has `validate step:`.
struct TorchtitanLines: TextLogLines {
  static let olderLoss = "loss of an older release"

  enum Role { case number, loss, tflops }

  /// A process without the last pipeline stage prints this for the loss that it does not know.
  private static let unknownLoss = -1.0

  private var fields = LineFields<Role> { name in
    switch name {
    case "loss": (nil, .loss)
    case "tflops": (name, .tflops)
    default: (name, .number)
    }
  }
  private var validationFields = LineFields<Role> { ("validate \($0)", .number) }
  private var configs = TorchtitanConfigs()
  private var settings = TorchtitanSettings()
  /// What a launcher puts before the lines of the process that is read: the first that knows its loss.
  private var rank: [UInt8]?

  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    guard let start = Self.step(in: line) else {
      return readText(line, at: place, into: &log)
    }
    var next = start + "step:".utf8.count
    NumberText.skipBlanks(in: line, at: &next)
    guard let step = NumberText.whole(in: line, at: &next, separated: true) else {
      return readText(line, at: place, into: &log)
    }
    let isValidation = start > 0 && line.part(0..<start).hasSuffix("validate ")
    if let rank, !Self.begins(line, with: rank) { return }
    log.noteStep()
    if isValidation {
      readFields(line, from: next, step, &validationFields, &log)
    } else if let loss = readFields(line, from: next, step, &fields, &log), rank == nil,
      loss != Self.unknownLoss
    {
      rank = Array(line.part(0..<line.count - line.withoutRank.count))
    }
  }

  /// Where `step:` stands, as the first word behind what the logger puts before a message.
  private static func step(in line: UnsafeRawBufferPointer) -> Int? {
    guard let place = line.place(of: "step:") else { return nil }
    return place == 0 || line[place - 1].isBlank ? place : nil
  }

  private static func begins(_ line: UnsafeRawBufferPointer, with rank: [UInt8]) -> Bool {
    line.count >= rank.count && zip(line, rank).allSatisfy { $0 == $1 }
  }

  /// Reads `name: number`, one after another; what has no colon is a part of the number before.
  ///
  /// - Returns: The loss.
  @discardableResult private func readFields(
    _ line: UnsafeRawBufferPointer, from start: Int, _ step: Int, _ fields: inout LineFields<Role>,
    _ log: inout RunLog
  ) -> Double? {
    var (place, position) = (start, 0)
    var loss: Double?
    var hasTflops = false
    while place < line.count {
      // The rest of the word before: a unit, a share in brackets.
      while place < line.count, !line[place].isBlank { place += 1 }
      NumberText.skipBlanks(in: line, at: &place)
      guard let field = Self.field(in: line, at: &place, position, &fields, &log) else { continue }
      position += 1
      guard field.metric != nil || field.role != .number else { continue }
      NumberText.skipBlanks(in: line, at: &place)
      guard let value = NumberText.number(in: line, at: &place, separated: true) else { continue }
      switch field.role {
      case .loss: loss = value
      case .tflops: hasTflops = true
      case .number: break
      }
      if field.role != .loss, let metric = field.metric {
        log.append(value, at: step, to: metric)
      }
    }
    guard let loss, loss != Self.unknownLoss else { return loss }
    log.append(loss, at: step, to: hasTflops ? "loss" : Self.olderLoss)
    return loss
  }

  private static func field(
    in line: UnsafeRawBufferPointer, at place: inout Int, _ position: Int,
    _ fields: inout LineFields<Role>, _ log: inout RunLog
  ) -> LineFields<Role>.Field? {
    if let known = fields.known(position, in: line, at: &place) { return known }
    var end = place
    while end < line.count, !line[end].isBlank, line[end] != UInt8(ascii: ":") { end += 1 }
    guard end < line.count, line[end] == UInt8(ascii: ":") else { return nil }
    let name = line.part(place..<end)
    place = end + 1
    return fields.find(name, at: position, in: &log)
  }

  private mutating func readText(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    if line.contains("Training starts at step") { rank = nil }
    if configs.read(line, at: place, into: &log) { return }
    if settings.read(line, at: place, into: &log) { return }
    if line.hasSuffix("- Training completed") {
      log.end = .finished
    } else {
      log.noteEnd(line)
    }
  }
}
