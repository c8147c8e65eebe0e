package import Foundation
package import Runs

extension RunRecord {
  /// The record as one line of JSON with its end; a loss that is none is `null`.
  ///
  /// - Parameter curve: Goes with it as `series`, where it is given.
  /// - Returns: The line in UTF-8.
  /// - Throws: When a number of the record is not finite.
  package func jsonLine(curve: [ImportedRun.CurvePoint]? = nil) throws -> Data {
    var line = try RecordCoding.encoder().encode(self)
    line.removeLast()
    // A table whose runs all diverged without a number has the column all the same.
    if loss == nil { line += Data(",\"loss\":null".utf8) }
    if let curve {
      line += Data(",\"series\":[".utf8)
      for (index, point) in curve.enumerated() {
        line += Data(((index == 0 ? "" : ",") + point.json).utf8)
      }
      line += Data("]".utf8)
    }
    return line + Data("}\n".utf8)
  }
}

extension ImportedRun.CurvePoint {
  fileprivate var json: String {
    func field(_ name: String, _ value: Double?) -> String {
      guard let value else { return "" }
      return ",\"\(name)\":\(value.isFinite ? value.plain : "null")"
    }
    return "{\"step\":\(step)" + field("tokens", tokens) + field("loss", loss)
      + field("learning_rate", learningRate) + field("validation_loss", validationLoss) + "}"
  }
}
