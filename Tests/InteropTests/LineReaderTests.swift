import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct LineReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lines(of text: String, unfinished: Bool = false) throws -> [String] {
    let reader = try LineReader(try folder.write(text, to: "text"))
    var lines: [String] = []
    while let line = try reader.next(unfinished: unfinished) {
      lines.append(String(decoding: line, as: UTF8.self))
    }
    return lines
  }

  @Test("lines end in either way, and the last one when it is whole")
  func ends() throws {
    #expect(try lines(of: "a\nb\r\n\nc") == ["a", "b", ""])
    #expect(try lines(of: "a\nb\r\n\nc", unfinished: true) == ["a", "b", "", "c"])
  }

  @Test("each state of a progress bar is a line")
  func progressBar() throws {
    #expect(try lines(of: "\r 1%\r 2%\rstep 1\n") == [" 1%", " 2%", "step 1"])
    #expect(try lines(of: " 1%\r\r\n") == [" 1%", ""])
  }

  @Test("codes for colours, the cursor and titles are taken out")
  func codes() throws {
    let text = "\u{1b}[31mred\u{1b}[0m \u{1b}[38;5;208mx\u{1b}[Ky\u{1b}]0;title\u{7}z\u{1b}(B\n"
    #expect(try lines(of: text) == ["red xyz"])
    #expect(try lines(of: "a\u{1b}[\nb\u{1b}\n\u{1b}]0;open\n") == ["a", "b", "0;open"])
  }

  @Test("a line that is too long is passed over, and counted")
  func tooLong() throws {
    let long = String(repeating: "x", count: 3 * LineReader.mostLineBytes)
    let reader = try LineReader(try folder.write("a\n\(long)\nb\n", to: "text"))
    var lines: [String] = []
    while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    #expect(lines == ["a", "b"])
    #expect(reader.line == 3)
    #expect(reader.passedOver == long.utf8.count + 1)
  }

  @Test("lines come whole however the file grows")
  func grows() throws {
    var random = KeyedRandom(seed: 3, 1)
    var text = ""
    for index in 0..<5_000 {
      text += "line \(index) " + String(repeating: "y", count: random.index(below: 300))
      text += random.index(below: 4) == 0 ? "\r\n" : "\n"
    }
    let path = try folder.write("", to: "growing")
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    let reader = try LineReader(path)
    let bytes = Array(text.utf8)
    var (written, found) = (0, [String]())
    while written < bytes.count {
      let end = min(bytes.count, written + 1 + random.index(below: 4_000))
      try handle.write(contentsOf: Data(bytes[written..<end]))
      written = end
      while let line = try reader.next() { found.append(String(decoding: line, as: UTF8.self)) }
    }
    let expected = text.replacing("\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast().map(String.init)
    #expect(found == expected)
    #expect(reader.offset == bytes.count)
  }
}
