/// The settings that torchtitan prints with `--debug.print_config`: JSON over many lines, indented, that
/// begins behind `Running with configs: ` (`maybe_log` of its configuration).
struct TorchtitanConfigs {
  private static let start: StaticString = "Running with configs: {"
  private static let end = Array("}".utf8)
  /// Longer ones are none.
  private static let mostBytes = 1 << 20

  /// What was read of them; empty outside.
  private var text: [UInt8] = []
  /// What a launcher puts before the lines of the process that prints them.
  private var label: [UInt8] = []

  /// - Returns: Whether `line` is one of theirs.
  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) -> Bool {
    if let start = line.place(of: Self.start) {
      let brace = start + Self.start.utf8CodeUnitCount - 1
      label = Array(line.part(0..<line.count - line.withoutRank.count))
      text = Array(line.part(brace..<line.count))
      return true
    }
    guard !text.isEmpty, line.starts(with: label) else { return false }
    let part = line.part(label.count..<line.count)
    let isEnd = part.elementsEqual(Self.end)
    guard isEnd || part.first?.isBlank == true, text.count + part.count <= Self.mostBytes else {
      text = []
      return false
    }
    text.append(contentsOf: part)
    if isEnd {
      let configs = try? JSONValue(parsing: String(decoding: text, as: UTF8.self))
      configs?.flatten { log.set($0, $1, at: place.description) }
      text = []
    }
    return true
  }
}
