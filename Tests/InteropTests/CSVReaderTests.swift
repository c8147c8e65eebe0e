import Foundation
import Interop
import Support
import Testing

@Suite struct CSVReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func records(of text: String) throws -> [(line: Int, fields: [String])] {
    var reader = try CSVReader(path: try folder.write(text, to: "table.csv"))
    var records: [(line: Int, fields: [String])] = []
    while try reader.advance() {
      var fields: [String] = []
      for index in 0..<reader.fieldCount { fields.append(try reader.field(index)) }
      records.append((reader.line, fields))
    }
    return records
  }

  @Test("quotes keep separators, line ends and doubled quotes")
  func quotes() throws {
    let found = try records(of: "a,\"b,c\"\n\"two\nlines\",\"say \"\"x\"\"\"\nlast,row\n")
    #expect(found.map(\.fields) == [["a", "b,c"], ["two\nlines", "say \"x\""], ["last", "row"]])
    #expect(found.map(\.line) == [1, 2, 4])
  }

  @Test("line ends, byte-order mark and blank lines leave no trace", arguments: ["\n", "\r\n"])
  func lineEnds(end: String) throws {
    let text = "\u{FEFF}a,b" + end + end + "1, 2 " + end + "3,4"
    let found = try records(of: text)
    #expect(found.map(\.fields) == [["a", "b"], ["1", "2"], ["3", "4"]])
    #expect(found.map(\.line) == [1, 3, 4])
  }

  @Test("records that straddle the reader's chunks are whole")
  func chunks() throws {
    let wide = String(repeating: "x", count: 300_000)
    let text = (0..<12).map { "\($0),\(wide)\($0)" }.joined(separator: "\n")
    let found = try records(of: text)
    #expect(found.map(\.fields[0]) == (0..<12).map { "\($0)" })
    #expect(found.allSatisfy { $0.fields[1] == wide + $0.fields[0] })
  }

  @Test("an unclosed quote is an error at the line it opens")
  func openQuote() throws {
    #expect(throws: TableError.openQuote(folder.file("table.csv"), line: 2)) {
      try records(of: "a,b\n1,\"2\n3,4\n")
    }
  }

  @Test("an endless record is refused, not held in memory")
  func endlessRecord() throws {
    let text = "a\n\"" + String(repeating: "y", count: 3 * CSVReader.maximumRecordBytes)
    #expect(throws: TableError.recordTooLong(folder.file("table.csv"), line: 2)) {
      try records(of: text)
    }
  }

  @Test("bytes that are not UTF-8 are an error with their line")
  func notText() throws {
    let path = folder.file("table.csv")
    try Data([0x61, 0x0A, 0xFF, 0xFE, 0x0A]).write(to: URL(fileURLWithPath: path))
    var reader = try CSVReader(path: path)
    _ = try reader.advance()
    _ = try reader.advance()
    var thrown: TableError?
    do throws(TableError) { _ = try reader.field(0) } catch { thrown = error }
    #expect(thrown == .notText(path, line: 2))
  }

  @Test("a missing file and a folder are named")
  func noFile() throws {
    let missing = folder.file("none.csv")
    let path = folder.path
    #expect(throws: TableError.noFile(missing)) { _ = try RunTable(path: missing) }
    #expect(throws: TableError.isFolder(path)) { _ = try RunTable(path: path) }
  }
}
