import Foundation
import ScalingLaws

/// Prints warnings on standard error, where they do not mix with results.
func printWarnings(_ warnings: [FitWarning]) {
  for warning in warnings {
    let line = "warning [\(warning.code.rawValue)]: \(warning.message)\n"
    FileHandle.standardError.write(Data(line.utf8))
  }
}

/// Prints a remark on standard error.
func printNote(_ text: String) {
  FileHandle.standardError.write(Data("note: \(text)\n".utf8))
}

extension Double {
  /// The number as other programs read it: whole numbers without a point.
  var plain: String {
    if let whole = Int(exactly: self) { return "\(whole)" }
    return "\(self)"
  }
}
