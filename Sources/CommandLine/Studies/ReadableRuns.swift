import Foundation
import Interop
import Runs
import ScalingLaws
import Studies

/// Finished runs that were read from somewhere, and what was noticed on the way.
struct ReadableRuns {
  let records: [RunRecord]
  let notes: [FitWarning]
  /// Of what they were read from; `nil` for a stream, which can be read only once.
  let digest: String?
}

extension ReadableRuns {
  /// Imported runs, without those that have not finished.
  init(imported: [RunRecord]) {
    let unfinished = imported.filter { $0.status == .unfinished }
    records = imported.filter { $0.status != .unfinished }
    digest = try? Digest(ofJSON: imported).hex
    notes =
      unfinished.first.map { first in
        [
          FitWarning(
            .unfinishedRuns,
            "\(unfinished.count.counted("run")) had not finished and "
              + "\(unfinished.count == 1 ? "was" : "were") left out, the first \(first.placeInWords)"
          )
        ]
      } ?? []
  }
}

extension RunRecord {
  /// Whether the field holds the text, or the number that it stands for.
  ///
  /// - Parameters:
  ///   - wanted: The text.
  ///   - name: The field.
  ///   - others: What else may be asked for, for the message.
  /// - Returns: Whether it does.
  /// - Throws: For a field that no record has.
  func holds(_ wanted: String, in name: String, or others: [String] = []) throws -> Bool {
    let fields = RunField.required + RunField.optional.map(\.name)
    guard fields.contains(name) else {
      throw ImportError.incomplete(
        "--where \(name)",
        reason: "the run record has no field \(name)"
          + (name.nearest(in: fields + others).map { "; did you mean \($0)?" } ?? ""))
    }
    let text = RunField.text(of: name, in: self) ?? ""
    if text == wanted { return true }
    guard let a = Quantity.parse(text), let b = Quantity.parse(wanted) else { return false }
    return a == b
  }
}

extension [RunRecord] {
  /// The records whose field holds the text, or the number that it stands for.
  func holding(_ wanted: String, in name: String) throws -> [RunRecord] {
    try filter { try $0.holds(wanted, in: name) }
  }
}

extension Digest {
  /// The digest of a plain file, in hexadecimal digits; a stream can be read only once.
  static func ofPlainFile(_ path: String) throws -> String? {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
    return try Digest(ofFile: path).hex
  }
}

extension RunTable {
  /// What reading the table noticed, as warnings of the fit.
  var notes: [FitWarning] {
    var notes: [FitWarning] = []
    if !repeatedLines.isEmpty {
      notes.append(
        FitWarning(
          .repeatedRows,
          "\(repeatedLines.count) rows repeat an earlier one and were left out, the first on line "
            + "\(repeatedLines[0])"))
    }
    for (column, field) in misspeltColumns {
      notes.append(
        FitWarning(
          .misspeltColumn,
          "the column \(column) is not read; if it is \(field), say --map '\(field)=\(column)'"))
    }
    if !unfinishedLines.isEmpty {
      notes.append(
        FitWarning(
          .unfinishedRuns,
          "\(unfinishedLines.count) runs had not finished and were left out, the first on line "
            + "\(unfinishedLines[0])"))
    }
    if let replicates = replicates {
      notes.append(
        FitWarning(
          .replicates,
          "\(replicates.count) rows agree with another in all but the loss and carry no seed; they "
            + "are taken as repeats, of which the least loss counts. Those furthest apart, lines "
            + "\(replicates.lines.map(String.init).joined(separator: " and ")), differ by "
            + "\((100 * replicates.spread).rounded(places: 2)) %: check them, or add a seed column")
      )
    }
    return notes
  }
}
