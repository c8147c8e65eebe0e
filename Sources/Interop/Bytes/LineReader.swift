/// The lines of a text file that may still grow, without their ends and without terminal codes.
///
/// A progress bar writes over itself: it ends its states with a carriage return, and each of them is
/// a line here.
package final class LineReader {
  /// A longer line is passed over: no log has one, and it would be held in memory whole.
  package static let mostLineBytes = 1 << 20

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  package var path: String { stream.path }
  /// The number of the line that `next` gave last, counted from 1.
  package private(set) var line = 0
  /// The bytes of lines too long to be read.
  package private(set) var passedOver = 0
  /// Where in the file the next line begins, or what is known of it.
  package var offset: Int { stream.offset }

  private let stream: FileStream
  private let escapeCodes = EscapeCodes()
  /// The bytes that were given out, passed over when the next are asked for.
  private var given = 0
  /// What is left of a line of which a part was given out, with its end.
  private var rest = 0
  private var isPassingOver = false

  package init(_ path: String) throws(ImportError) { stream = try FileStream(path) }

  /// The next line, valid until the next call.
  ///
  /// - Parameter unfinished: Whether what has no line end yet is a line at the end of the file.
  /// - Returns: `nil` at the end of what is written.
  /// - Throws: `.unreadable`.
  package func next(unfinished: Bool = false) throws(ImportError) -> UnsafeRawBufferPointer? {
    while true {
      stream.consume(given)
      given = 0
      if rest == 0 {
        guard try findLine(unfinished: unfinished) else { return nil }
      }
      let piece = takePiece()
      // A bare carriage return is no empty line: bars begin with one.
      if piece.isEmpty, rest > 0 { continue }
      return escapeCodes.removed(from: piece)
    }
  }

  /// Gives out what stands before the first carriage return of the line, or all of it.
  private func takePiece() -> UnsafeRawBufferPointer {
    let line = stream.unread.part(0..<rest)
    let isEnded = line[rest - 1] == Self.lineFeed
    let content = isEnded ? rest - 1 : rest
    guard let end = line.place(of: Self.carriageReturn), end < content else {
      (given, rest) = (rest, 0)
      return line.part(0..<content)
    }
    given = end + 1 == content ? rest : end + 1
    rest -= given
    return line.part(0..<end)
  }

  /// Reads until a whole line is unread, and sets `rest` to its length.
  private func findLine(unfinished: Bool) throws(ImportError) -> Bool {
    while true {
      if let end = stream.lineEnd() {
        line += 1
        if !isPassingOver, end <= Self.mostLineBytes {
          rest = end + 1
          return true
        }
        passOver(end + 1)
        isPassingOver = false
        continue
      }
      let count = stream.unread.count
      if isPassingOver || count > Self.mostLineBytes {
        isPassingOver = true
        passOver(count)
      }
      if try !stream.fillMore() {
        rest = stream.unread.count
        guard unfinished, rest > 0 else {
          rest = 0
          return false
        }
        line += 1
        return true
      }
    }
  }

  /// Lets go of the file until the next line is asked for.
  package func suspend() {
    guard rest == 0 else { return }
    stream.consume(given)
    given = 0
    stream.suspend()
  }

  private func passOver(_ count: Int) {
    stream.consume(count)
    passedOver += count
  }
}
