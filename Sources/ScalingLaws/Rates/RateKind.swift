import Runs

/// Which rate of its runs a law is fitted on.
package enum RateKind: String, CaseIterable, Codable, Sendable {
  /// The learning rate at the peak of the schedule.
  case peak
  /// The size of a step in normalised weight space, as `RunRecord.effectiveLearningRate`.
  case effective

  /// The rate of `record`, where it gives one.
  func value(of record: RunRecord) -> Double? {
    switch self {
    case .peak: record.learningRate
    case .effective: record.effectiveLearningRate
    }
  }
}

extension [RunRecord] {
  /// The records that give the rate of `kind`.
  ///
  /// A run that diverged may have come to no effective rate. Where on the axis it stands is then not
  /// known, and it bounds nothing.
  ///
  /// - Parameter kind: The rate that is to be fitted.
  /// - Returns: All but diverged ones without it.
  /// - Throws: `.effectiveRateMissing`, where others lack it.
  func carrying(_ kind: RateKind) throws(FitError) -> [RunRecord] {
    let missing = filter { kind.value(of: $0) == nil && !$0.hasDiverged }
    guard let first = missing.first else { return filter { kind.value(of: $0) != nil } }
    throw .effectiveRateMissing(count: missing.count, first: first.placeInWords)
  }
}
