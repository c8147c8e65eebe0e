import ArgumentParser
import Runs
import ScalingLaws
import Studies

extension StudyReading {
  /// What is known of the runs that `--where` names, if all are of one variant.
  ///
  /// - Parameter filters: Each a field of the run record or `variant`, `=`, and its text.
  /// - Returns: The part of the study.
  /// - Throws: For a field that there is not, a choice of no run, or of several variants.
  func choosing(where filters: [String]) throws -> StudyReading {
    let pairs = try filters.map { filter in
      let sides = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw ValidationError("--where is '\(filter)'; write it as field=text.")
      }
      return (name: String(sides[0]), text: String(sides[1]))
    }
    return try choosing(filters) { record, variant in
      try pairs.allSatisfy { name, text in
        name == "variant"
          ? variant.map { "\($0)" } == text : try record.holds(text, in: name, or: ["variant"])
      }
    }
  }
}
