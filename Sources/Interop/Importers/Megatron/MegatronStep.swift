/// The fields of a step's line.
struct MegatronStep {
  typealias Role = MegatronLines.Role

  /// The last step that was read.
  private(set) var last = 0

  private var fields = LineFields<Role> { name in
    let role: Role
    switch name {
    case "lm loss", "loss": role = .loss
    case "learning rate": role = .learningRate
    case "number of skipped iterations": role = .skipped
    case "number of nan iterations": role = .nan
    default: role = .number
    }
    return (name, role)
  }
  /// Where the loss goes, once a line had one.
  private var loss: Int?
  private var hasLoss = false

  /// What a line says that decides whether a loss that is not there is not a number.
  private struct Line {
    var loss: Double?
    var namesLoss = false
    var hasLearningRate = false
    var skipped: Double?
    var nans = 0.0
  }

  mutating func read(
    _ text: UnsafeRawBufferPointer, from start: Int, iteration: Int, into log: inout RunLog
  ) {
    last = iteration
    var line = Line()
    var (place, position) = (start, 0)
    while true {
      NumberText.skipBlanks(in: text, at: &place)
      guard place < text.count else { break }
      if let field = field(in: text, at: &place, position, &log),
        field.metric != nil || field.role != .number
      {
        let value = Self.number(in: text, at: &place)
        note(value, field, iteration, in: &line, &log)
      }
      guard let bar = text.place(of: UInt8(ascii: "|"), from: place) else { break }
      place = bar + 1
      position += 1
    }
    keepLoss(of: line, iteration, &log)
  }

  private mutating func field(
    in text: UnsafeRawBufferPointer, at place: inout Int, _ position: Int, _ log: inout RunLog
  ) -> LineFields<Role>.Field? {
    if let known = fields.known(position, in: text, at: &place) { return known }
    let end = text.place(of: UInt8(ascii: "|"), from: place) ?? text.count
    let whole = text.part(place..<end)
    guard let colon = whole.place(of: UInt8(ascii: ":")) else { return nil }
    place += colon + 1
    return fields.find(whole.part(0..<colon), at: position, in: &log)
  }

  /// The number of a field, if it is all that stands before the next bar.
  private static func number(in text: UnsafeRawBufferPointer, at place: inout Int) -> Double? {
    NumberText.skipBlanks(in: text, at: &place)
    guard let number = NumberText.number(in: text, at: &place) else { return nil }
    guard place < text.count else { return number }
    return text[place].isBlank || text[place] == UInt8(ascii: "|") ? number : nil
  }

  private mutating func note(
    _ value: Double?, _ field: LineFields<Role>.Field, _ iteration: Int, in line: inout Line,
    _ log: inout RunLog
  ) {
    switch field.role {
    case .loss:
      line.namesLoss = true
      line.loss = value
      (hasLoss, loss) = (true, field.metric)
      return
    case .learningRate: line.hasLearningRate = value != nil
    case .skipped: line.skipped = value
    case .nan: line.nans = value ?? 0
    case .number: break
    }
    if let value, let metric = field.metric { log.append(value, at: iteration, to: metric) }
  }

  /// Keeps the loss, or that there is none.
  ///
  /// Megatron-LM prints no loss that is negative or not a number, and prints 0 for one when all
  /// updates since the last line were skipped, as at the start of training in half precision.
  private mutating func keepLoss(of line: Line, _ iteration: Int, _ log: inout RunLog) {
    // A line that another process cut into says nothing of what it lacks.
    guard let skipped = line.skipped else {
      if let loss = line.loss { keep(loss, iteration, &log) }
      return
    }
    if let loss = line.loss, loss != 0 || skipped == 0 { return keep(loss, iteration, &log) }
    let isUnreadable = line.namesLoss && line.loss == nil
    if line.nans > 0 || (line.hasLearningRate && skipped == 0 && !isUnreadable) {
      keep(.nan, iteration, &log)
    }
  }

  private func keep(_ value: Double, _ iteration: Int, _ log: inout RunLog) {
    if let loss {
      log.append(value, at: iteration, to: loss)
    } else if !hasLoss {
      log.append(value, at: iteration, to: "lm loss")
    }
  }
}
