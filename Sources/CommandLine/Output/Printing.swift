import Foundation
import ScalingLaws

/// Prints warnings on standard error, where they do not mix with results.
func printWarnings(_ warnings: [FitWarning]) {
  for warning in warnings {
    printError("warning [\(warning.code.rawValue)]: \(warning.message)\n")
  }
}

/// Prints a remark on standard error.
func printNote(_ text: String) {
  printError("note: \(text)\n")
}

/// Writes to standard error, where it is open: what is said there must stop no work.
func printError(_ text: String) {
  // What was printed before comes first, where both go to one place.
  fflush(nil)
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}
