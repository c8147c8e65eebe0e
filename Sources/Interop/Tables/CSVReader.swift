import Foundation

/// Reads the records of a CSV file (RFC 4180) one at a time, in memory bounded by one record.
///
/// Quoted fields may hold separators, line ends and doubled quotes. Lines may end in LF or CRLF, a
/// byte-order mark is skipped, and empty lines are not records.
package struct CSVReader: ~Copyable {
  /// The most bytes a record may have; a longer one is an unclosed quote or not a table.
  package static let maximumRecordBytes = 1 << 20
  private static let chunkBytes = 1 << 20

  package let path: String
  /// The size of the file, for progress; 0 when it is not a plain file.
  package let totalBytes: Int
  /// Bytes read so far, up to one chunk ahead of the current record.
  package private(set) var bytesRead = 0
  /// The line on which the current record starts, counted from 1.
  package private(set) var line = 0

  private let file: FileHandle
  private var buffer: [UInt8] = []
  private var position = 0
  private var atEnd = false
  private var nextLine = 1
  private var fields: [Field] = []

  private struct Field {
    var range: Range<Int>
    var hasQuotes: Bool
  }

  package init(path: String) throws(TableError) {
    self.path = path
    file = try Self.open(path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    totalBytes = (attributes?[.size] as? Int) ?? 0
  }

  private static func open(_ path: String) throws(TableError) -> FileHandle {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .noFile(path)
    }
    guard !isDirectory.boolValue else { throw .isFolder(path) }
    guard let file = FileHandle(forReadingAtPath: path) else { throw .unreadable(path) }
    return file
  }

  /// The number of fields in the current record.
  package var fieldCount: Int { fields.count }

  /// The text of field `index` of the current record, without surrounding white space.
  package func field(_ index: Int) throws(TableError) -> String {
    let field = fields[index]
    var bytes = buffer[field.range]
    if field.hasQuotes { bytes = Self.unquoted(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notText(path, line: line)
    }
    return text.trimmingCharacters(in: .whitespaces)
  }

  /// Moves to the next record.
  ///
  /// - Returns: `false` at the end of the file.
  package mutating func advance() throws(TableError) -> Bool {
    while true {
      guard try scanRecord() else { return false }
      let isBlank =
        fields.count == 1
        && buffer[fields[0].range].allSatisfy {
          $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
        }
      if !isBlank { return true }
    }
  }

  /// Finds the fields of the record at `position`, reading on until the record is whole.
  private mutating func scanRecord() throws(TableError) -> Bool {
    line = nextLine
    while true {
      switch scanBuffer() {
      case .whole(let end):
        position = end
        return true
      case .cut:
        guard buffer.count - position <= Self.maximumRecordBytes else {
          throw .recordTooLong(path, line: line)
        }
        try refill()
      case .openQuote: throw .openQuote(path, line: line)
      case .none: return false
      }
    }
  }

  private enum Scan {
    case whole(end: Int)
    case cut
    case openQuote
    case none
  }

  private mutating func scanBuffer() -> Scan {
    fields.removeAll(keepingCapacity: true)
    nextLine = line
    guard position < buffer.count else { return atEnd ? .none : .cut }
    var start = position
    var index = position
    var quoted = false
    var hasQuotes = false
    let count = buffer.count
    return buffer.withUnsafeBufferPointer { bytes in
      while index < count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") {
          quoted.toggle()
          hasQuotes = true
        } else if byte == UInt8(ascii: "\n") {
          nextLine += 1
          if !quoted {
            var end = index
            if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            fields.append(Field(range: start..<end, hasQuotes: hasQuotes))
            return .whole(end: index + 1)
          }
        } else if byte == UInt8(ascii: ","), !quoted {
          fields.append(Field(range: start..<index, hasQuotes: hasQuotes))
          start = index + 1
          hasQuotes = false
        }
        index += 1
      }
      guard atEnd else { return .cut }
      guard !quoted else { return .openQuote }
      fields.append(Field(range: start..<count, hasQuotes: hasQuotes))
      return .whole(end: count)
    }
  }

  private mutating func refill() throws(TableError) {
    buffer.removeFirst(position)
    position = 0
    do {
      let data = try file.read(upToCount: Self.chunkBytes) ?? Data()
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
      buffer.append(
        contentsOf: bytesRead == 0 && data.starts(with: mark) ? data.dropFirst(3) : data)
      bytesRead += data.count
      atEnd = data.isEmpty
    } catch {
      throw .unreadable(path)
    }
  }

  private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let quote = UInt8(ascii: "\"")
    var result: [UInt8] = []
    var previousWasQuote = false
    var inside = false
    for byte in bytes {
      if byte == quote {
        if previousWasQuote && !inside { result.append(quote) }
        inside.toggle()
        previousWasQuote = true
      } else {
        result.append(byte)
        previousWasQuote = false
      }
    }
    return result[...]
  }
}
