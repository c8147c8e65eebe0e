/// The lines of a Megatron-LM log: arguments, parameter counts, steps and validations.
///
/// A step's line is ` iteration 10/ 100 | consumed samples: 80 | lm loss: 2.5E+00 | ... |`, with a
/// date before it in newer releases; fields come and go with releases and options.
struct MegatronLines: TextLogLines {
  static let paddedVocabulary = "padded vocabulary"
  /// The number of steps that the lines themselves say.
  static let iterations = "iterations"

  enum Role { case number, loss, learningRate, skipped, nan }

  private static let bar = UInt8(ascii: "|")

  private var arguments = MegatronArguments()
  private var parameters = MegatronParameters()
  private var step = MegatronStep()
  private var total = 0

  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    guard let bar = line.place(of: Self.bar) else {
      return readText(line.withoutRank, at: place, into: &log)
    }
    if let iteration = Self.iteration(in: line, before: bar) {
      log.noteStep()
      arguments.isWithin = false
      if iteration.of != total, iteration.of > 0 {
        total = iteration.of
        log.set(Self.iterations, Double(total), at: place)
      }
      step.read(line, from: bar + 1, iteration: iteration.number, into: &log)
    } else if let validation = MegatronValidation(line.part(0..<bar).withoutRank) {
      validation.read(line.part(bar + 1..<line.count), last: step.last, into: &log)
    } else {
      readText(line.withoutRank, at: place, into: &log)
    }
  }

  /// The `10` and `100` of `iteration 10/ 100` that stands before a bar.
  private static func iteration(
    in line: UnsafeRawBufferPointer, before bar: Int
  ) -> (number: Int, of: Int)? {
    var place = bar
    guard let total = number(in: line, before: &place) else { return nil }
    skipBlanks(in: line, before: &place)
    guard place > 0, line[place - 1] == UInt8(ascii: "/") else { return nil }
    place -= 1
    guard let number = number(in: line, before: &place) else { return nil }
    skipBlanks(in: line, before: &place)
    return line.part(0..<place).hasSuffix("iteration") ? (number, total) : nil
  }

  private static func number(in line: UnsafeRawBufferPointer, before end: inout Int) -> Int? {
    skipBlanks(in: line, before: &end)
    var start = end
    while start > 0, line[start - 1].isDigit { start -= 1 }
    end = start
    return NumberText.whole(in: line, at: &start)
  }

  private static func skipBlanks(in line: UnsafeRawBufferPointer, before end: inout Int) {
    while end > 0, line[end - 1].isBlank { end -= 1 }
  }

  private mutating func readText(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    let starts = arguments.starts
    if arguments.read(line, at: place, into: &log) {
      // Another start may be spread over other ranks.
      if arguments.starts > starts { parameters = MegatronParameters() }
      return
    }
    if parameters.read(line, at: place, into: &log) { return }
    if line.has("> padded vocab (size:"), let new = line.place(of: "(new size: ") {
      var start = new + "(new size: ".utf8.count
      if let size = NumberText.whole(in: line, at: &start) {
        log.set(Self.paddedVocabulary, Double(size), at: place)
      }
    } else if line.has("[after training is done]") {
      log.end = .finished
    } else {
      log.noteEnd(line)
    }
  }
}
