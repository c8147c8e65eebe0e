/// What can be wrong with a table of runs: the file, the line or column, the value, and the remedy.
package enum TableError: Error, Hashable, CustomStringConvertible {
  case noFile(String)
  case isFolder(String)
  case unreadable(String)
  case empty(String, needs: String)
  case notText(String, line: Int)
  case openQuote(String, line: Int)
  case recordTooLong(String, line: Int)
  case tooManyRuns(String, limit: Int)
  case tooManyRows(String, limit: Int)
  case badMapping(String, reason: String)
  case unknownField(String, nearest: String?)
  case missingFields(String, fields: [String], found: [String])
  case missingColumn(String, field: String, column: String, found: [String])
  case shareOfRuns(String)
  case missingScaleColumn(String, column: String, found: [String], needs: String)
  case repeatedColumn(String, column: String)
  case fieldCount(String, line: Int, found: Int, expected: Int)
  case value(String, line: Int, column: String, value: String, remedy: String)
  case disagreeingDuplicates(String, lines: [Int], losses: [Double])
  case disagreeingRepeats(String, lines: [Int], percent: Double)
  case isJSON(String)
  case nothingSelected(String, filter: String)
  case notAnObject(String, line: Int)
  indirect case log(ImportError)

  package var description: String {
    switch self {
    case .noFile(let path): "\(path): no such file; check the path"
    case .isFolder(let path): "\(path) is a folder; give the CSV file itself"
    case .unreadable(let path): "\(path) cannot be read; check its permissions"
    case .empty(let path, let needs): "\(path) has no rows; it needs \(needs)"
    case .notText(let path, let line):
      "\(path):\(line): not UTF-8 text; export the table as UTF-8 CSV"
    case .openQuote(let path, let line):
      "\(path):\(line): a quote opened in this record is never closed; add the closing quote"
    case .recordTooLong(let path, let line):
      "\(path):\(line): a record of more than \(CSVReader.maximumRecordBytes) bytes starts here; "
        + "look for an unclosed quote, or for a file that is no CSV"
    case .tooManyRuns(let path, let limit):
      "\(path) has more than \(limit) rows; give one row for each finished run, "
        + "not one for each logged step"
    case .tooManyRows(let path, let limit):
      "\(path) has more than \(limit) rows; keep every tenth or hundredth"
    case .badMapping(let text, let reason):
      "--map \(text): \(reason); write it as params=N,tokens=D,batch_tokens=bs*2048"
    case .unknownField(let name, let nearest):
      "--map \(name)=...: the run record has no field \(name)"
        + (nearest.map { "; did you mean \($0)?" } ?? "")
    case .missingFields(let path, let fields, let found):
      "\(path):1: no column \(fields.joined(separator: ", no column ")); "
        + "the columns are \(found.joined(separator: ", "))" + Self.separatorHint(found)
        + "; say which to use with --map " + fields.map { "\($0)=COLUMN" }.joined(separator: ",")
    case .missingColumn(let path, let field, let column, let found):
      "\(path):1: no column \(column), which is asked for as \(field); "
        + "the columns are \(found.joined(separator: ", "))"
    case .shareOfRuns(let path):
      "\(path):1: active_share is a column of targets; of runs give experts and experts_active, or "
        + "params_total and params_active, of which the share is made"
    case .missingScaleColumn(let path, let column, let found, let needs):
      "\(path):1: no column \(column); the columns are \(found.joined(separator: ", ")); "
        + "the table needs \(needs)"
    case .repeatedColumn(let path, let column):
      "\(path):1: the header has two columns \(column); rename or remove one"
    case .fieldCount(let path, let line, let found, let expected):
      "\(path):\(line): \(found) fields where the header has \(expected); "
        + "quote fields that contain commas, and complete cut lines"
    case .value(let path, let line, let column, let value, let remedy):
      "\(path):\(line): \(column) is \(value.isEmpty ? "empty" : "'\(value)'"); \(remedy)"
    case .disagreeingDuplicates(let path, let lines, let losses):
      "\(path): lines \(lines.map(String.init).joined(separator: " and ")) describe the same run, "
        + "seed included, but their losses are \(losses.map { "\($0)" }.joined(separator: " and "))"
        + "; remove the wrong one, or give each its own seed"
    case .disagreeingRepeats(let path, let lines, let percent):
      "\(path): lines \(lines.map(String.init).joined(separator: " and ")) agree in all but the loss, "
        + "which differs by \(Int(percent)) %, too much for another seed; remove the wrong one, mark a "
        + "diverged one by an empty loss, or add the column in which they differ"
    case .isJSON(let path):
      "\(path) is JSON, not CSV; a law file goes to --law"
    case .notAnObject(let path, let line):
      "\(path):\(line): no JSON object; each line holds one run as {\"params\": ..., \"tokens\": ...}"
    case .log(let error): error.description
    case .nothingSelected(let path, let filter):
      "\(path): no row has \(filter); check the column and the value of --where"
    }
  }

  /// Whether the rows before it can be read all the same.
  var isOfRows: Bool {
    switch self {
    case .openQuote, .recordTooLong, .log(.tooLarge): true
    default: isOfRow
    }
  }

  /// Whether one row is wrong, and the others can be read all the same.
  var isOfRow: Bool {
    switch self {
    case .notText, .fieldCount, .notAnObject, .log(.damaged): true
    case .value(_, _, let column, _, _): !column.hasPrefix("--set ")
    default: false
    }
  }

  /// What a header that is one column may really be.
  private static func separatorHint(_ columns: [String]) -> String {
    guard columns.count == 1, let header = columns.first else { return "" }
    if header.contains(";") { return "; fields must be separated by commas, not semicolons" }
    if header.contains("\t") { return "; fields must be separated by commas, not tabs" }
    return ""
  }
}
