/// The lines of `main.log`, `s:10 trl:9.5946 lr:0.000029 norm:2.40`, and of standard output:
/// `step   10/21479 | loss 9.594637 (+nanz)| norm 2.3978 (+nanz)| lr 2.86e-05 | ...`.
///
/// The two count differently: `main.log` says how many updates were made before the loss was taken,
/// standard output how many are made with it.
struct LLMCLines: TextLogLines {
  private static let bar = UInt8(ascii: "|")

  /// The last step that standard output told, which a validation follows.
  private var last = 0
  private var hasRemark = false

  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    if let record = line.dropping("s:") {
      readRecord(record, at: place, into: &log)
    } else if let step = line.dropping("step ") {
      readStep(step, into: &log)
    } else if let loss = line.dropping("val loss ") {
      if let value = NumberText.number(loss.trimmed) {
        log.append(value, at: last, to: "val loss")
      }
    } else if line.first == Self.bar {
      readRow(line, at: place, into: &log)
    } else if line.has("total average iteration time:") {
      log.end = .finished
    } else {
      log.noteEnd(line)
    }
  }

  private mutating func readRecord(
    _ record: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    var start = 0
    guard let step = NumberText.whole(in: record, at: &start) else { return }
    log.noteStep()
    while start < record.count {
      NumberText.skipBlanks(in: record, at: &start)
      guard let colon = record.place(of: UInt8(ascii: ":"), from: start), colon - start <= 32 else {
        return
      }
      let name = record.part(start..<colon)
      start = colon + 1
      guard let value = NumberText.number(in: record, at: &start) else { return }
      log.append(value, at: step, to: name.text)
      if !hasRemark, name.has("lr") {
        hasRemark = true
        log.remarks.append(
          "\(place): learning rates are rounded to 6 decimals, and the settings are not in this "
            + "file; take both from what the trainer printed")
      }
    }
  }

  private mutating func readStep(_ step: UnsafeRawBufferPointer, into log: inout RunLog) {
    var start = 0
    NumberText.skipBlanks(in: step, at: &start)
    guard let number = NumberText.whole(in: step, at: &start), start < step.count,
      step[start] == UInt8(ascii: "/"), let bar = step.place(of: Self.bar, from: start)
    else { return }
    last = number
    log.noteStep()
    let fields = UnsafeRawBufferPointer(rebasing: step[(bar + 1)...])
    for field in fields.split(separator: Self.bar).prefix(16) {
      readField(UnsafeRawBufferPointer(rebasing: field), at: number, into: &log)
    }
  }

  /// Reads `loss 9.594637 (+nanz)`; a rate, with its number first, has no name.
  private func readField(
    _ field: UnsafeRawBufferPointer, at step: Int, into log: inout RunLog
  ) {
    guard field.count <= 200 else { return }
    var name: [String] = []
    for word in field.split(separator: UInt8(ascii: " ")).prefix(4) {
      let word = UnsafeRawBufferPointer(rebasing: word)
      guard let number = NumberText.number(word) else {
        name.append(word.text)
        continue
      }
      if !name.isEmpty { log.append(number, at: step, to: name.joined(separator: " ")) }
      return
    }
  }

  /// Reads `| learning rate (LR)    | 2.000000e-03        |`.
  private func readRow(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) {
    guard line.count <= 1_000, let middle = line.place(of: Self.bar, from: 1) else { return }
    let name = line.part(1..<middle).trimmed
    guard !name.isEmpty, name.text != "Parameter", let end = line.lastIndex(of: Self.bar),
      end > middle
    else { return }
    log.set(name.text, printed: line.part(middle + 1..<end), at: place)
  }
}
