import Foundation
import Runs

/// The objects of a file of JSON lines as the rows of a table, their keys as its columns.
///
/// Keys of objects in one another are joined with `.`. A `series` is the curve of a run and no column.
struct JSONRows: TableRows {
  private static let mostColumns = 10_000
  /// What holds the curve of a run.
  static let seriesKey = "series"
  private static let rolesKey = "learning_rate_by_role"

  let path: String
  private(set) var line = 0
  private let lines: JSONLines
  private let columns: [String]
  private let places: [String: Int]
  private var fields: [String] = []
  private var isHeader = true
  private let totalBytes: Int

  static func isJSONLines(_ path: String) -> Bool {
    let name = path.lowercased()
    return name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson")
  }

  init(_ path: String) throws(TableError) {
    self.path = path
    // A table that somebody names may be a link; one that is found is none.
    let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    var columns: [String] = []
    var places: [String: Int] = [:]
    let names = try Self.open(path)
    totalBytes = names.length
    while true {
      do {
        guard let object = try Self.next(names, path) else { break }
        object.flatten { key, _ in
          guard places[key] == nil, columns.count < Self.mostColumns else { return }
          places[key] = columns.count
          columns.append(key)
        }
      } catch {
        // Told when the row is read.
        guard error.isOfRow else { break }
      }
    }
    self.columns = columns
    self.places = places
    lines = try Self.open(path)
  }

  var fieldCount: Int { fields.count }
  var fractionRead: Double { totalBytes > 0 ? Double(lines.offset) / Double(totalBytes) : 0 }

  func field(_ index: Int) throws(TableError) -> String { fields[index] }

  mutating func advance() throws(TableError) -> Bool {
    guard !isHeader else {
      isHeader = false
      line = 1
      fields = columns
      return !columns.isEmpty
    }
    guard let object = try Self.next(lines, path) else { return false }
    line = lines.line
    var fields = Array(repeating: "", count: columns.count)
    object.flatten { key, value in
      if let place = places[key] { fields[place] = value.text }
    }
    self.fields = fields
    return true
  }

  /// The curves of the rows that have one, by line.
  static func curves(_ path: String) throws(TableError) -> [Int: [ImportedRun.CurvePoint]] {
    var curves: [Int: [ImportedRun.CurvePoint]] = [:]
    let lines = try open(path)
    while true {
      do {
        guard let value = try read(lines, path) else { break }
        if let series = value[seriesKey]?.elements { curves[lines.line] = series.compactMap(point) }
      } catch {
        guard error.isOfRow else { break }
      }
    }
    return curves
  }

  private static func point(_ value: JSONValue) -> ImportedRun.CurvePoint? {
    guard let step = value["step"]?.number.flatMap({ Int(exactly: $0) }) else { return nil }
    return ImportedRun.CurvePoint(
      step: step, tokens: value["tokens"]?.number, loss: loss(value["loss"]),
      validationLoss: loss(value["validation_loss"]),
      learningRate: value["learning_rate"]?.number)
  }

  /// A loss that was no number is written as null.
  private static func loss(_ value: JSONValue?) -> Double? {
    value == .null ? .nan : value?.number
  }

  private static func open(_ path: String) throws(TableError) -> JSONLines {
    do { return try JSONLines(path, mostLineBytes: 1 << 28) } catch { throw .log(error) }
  }

  private static func read(_ lines: JSONLines, _ path: String) throws(TableError) -> JSONValue? {
    do { return try lines.next() } catch { throw .log(error) }
  }

  /// The next object, without its curve.
  private static func next(_ lines: JSONLines, _ path: String) throws(TableError) -> JSONValue? {
    guard let value = try read(lines, path) else { return nil }
    guard let members = value.members else { throw .notAnObject(path, line: lines.line) }
    return .object(members.filter { $0.key != seriesKey }.map(withoutRoles))
  }

  /// Rates by role are one field, whose text names the roles.
  private static func withoutRoles(_ member: JSONMember) -> JSONMember {
    guard member.key == rolesKey, let rates = member.value.members else { return member }
    let pairs = rates.map { "\($0.key)=\($0.value.logged?.text ?? "")" }
    return JSONMember(member.key, .text(pairs.joined(separator: ";")))
  }
}
