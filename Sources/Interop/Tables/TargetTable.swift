package import ScalingLaws
import Runs

/// The targets of a CSV file with columns `params`, `tokens` and, where wanted, `batch_tokens` and
/// `active_share`.
package enum TargetTable {
  /// The targets in order, each with its line.
  ///
  /// - Throws: A `TableError` for the first thing that is wrong.
  package static func read(
    _ path: String
  ) throws(TableError) -> [(scale: RunScale, line: Int)] {
    var reader = try CSVReader(path: path)
    guard try reader.advance() else { throw .empty(path, needs: needs) }
    let header = try reader.texts()
    let places = try RowLayout.places(of: header, path: path)
    func place(_ field: String) throws(TableError) -> Int {
      guard let index = places[field] else {
        throw .missingTargetColumn(path, column: field, found: header)
      }
      return index
    }
    let params = try place("params")
    let tokens = try place("tokens")
    let batch = places["batch_tokens"]
    let share = places["active_share"]
    var targets: [(scale: RunScale, line: Int)] = []
    while try reader.advance() {
      let texts = try reader.texts()
      guard texts.count == header.count else {
        throw .fieldCount(path, line: reader.line, found: texts.count, expected: header.count)
      }
      func value(_ index: Int) throws(TableError) -> Double {
        guard let value = Quantity.parse(texts[index]), value > 0 else {
          throw .value(
            path, line: reader.line, column: header[index], value: texts[index],
            remedy: "write a number above zero such as 7e9 or 7B")
        }
        return value
      }
      func count(_ index: Int) throws(TableError) -> Double {
        let count = try value(index)
        guard count >= RunRecord.smallestCount else {
          throw .value(
            path, line: reader.line, column: header[index], value: texts[index],
            remedy: "that is too few to be a count; if it is in billions write \(texts[index])B")
        }
        return count
      }
      var batchTokens: Double?
      if let batch, !texts[batch].isEmpty { batchTokens = try value(batch) }
      var activeShare: Double?
      if let share, !texts[share].isEmpty {
        guard let value = Quantity.parse(texts[share]), RunScale.isActiveShare(value) else {
          throw .value(
            path, line: reader.line, column: header[share], value: texts[share],
            remedy: "write a share above 0 and up to 1, which is a dense model")
        }
        activeShare = value
      }
      targets.append(
        (
          RunScale(
            params: try count(params), tokens: try count(tokens), batchTokens: batchTokens,
            activeShare: activeShare), reader.line
        ))
    }
    guard !targets.isEmpty else { throw .empty(path, needs: needs) }
    return targets
  }

  private static let needs = "a header with params, tokens and one row for each target"
}
