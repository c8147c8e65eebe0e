/// The rows of a table one at a time, whatever file they stand in; the first holds the names.
protocol TableRows: ~Copyable {
  var path: String { get }
  /// The line on which the current row starts, counted from 1.
  var line: Int { get }
  /// The number of fields in the current row.
  var fieldCount: Int { get }
  /// How much of the file is read, from 0 to 1.
  var fractionRead: Double { get }

  /// Moves to the next row.
  ///
  /// - Returns: `false` at the end of the file.
  mutating func advance() throws(TableError) -> Bool

  /// The text of field `index` of the current row, without surrounding white space.
  func field(_ index: Int) throws(TableError) -> String
}

extension TableRows where Self: ~Copyable {
  /// The texts of all fields of the current row.
  func texts() throws(TableError) -> [String] {
    var texts: [String] = []
    for index in 0..<fieldCount { texts.append(try field(index)) }
    return texts
  }
}

extension CSVReader: TableRows {
  var fractionRead: Double { totalBytes > 0 ? Double(bytesRead) / Double(totalBytes) : 0 }
}
