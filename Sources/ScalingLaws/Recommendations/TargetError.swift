import Runs

/// Why a law has no answer for a target.
package enum TargetError: Error, Hashable, CustomStringConvertible {
  case activeShareMissing(ActiveShareKind, tried: ValueRange)
  case activeShareOfExperts(ActiveShareKind)

  package var description: String {
    switch self {
    case .activeShareMissing(let kind, let tried):
      "the law depends on the active share of the model (\(kind.fields.part) over \(kind.fields.whole), "
        + "\(Quantity.format(tried.lower)) to \(Quantity.format(tried.upper)) in its runs), and the "
        + "target gives none; give --active-share"
        + (kind == .experts ? ", or --experts E/k for k of E active," : "")
        + " or a column active_share: 1 for a dense model"
    case .activeShareOfExperts(let kind):
      "the law's active share is \(kind.fields.part) over \(kind.fields.whole), which --experts does not "
        + "tell; give --active-share"
    }
  }
}

extension LearningRateLaw {
  /// Refuses a target that lacks what the law depends on.
  ///
  /// - Parameters:
  ///   - target: What is to be answered for.
  ///   - isOfExperts: Whether its active share is that of its experts.
  /// - Throws: What to give.
  package func validate(_ target: RunScale, isOfExperts: Bool = false) throws(TargetError) {
    guard needsActiveShare, let activeShareKind else { return }
    guard target.activeShare != nil else {
      throw .activeShareMissing(
        activeShareKind, tried: ranges.activeShare ?? ValueRange(ActiveShares.dense))
    }
    // A dense model is one by any count.
    guard !isOfExperts || activeShareKind == .experts || target.activeShare == ActiveShares.dense
    else { throw .activeShareOfExperts(activeShareKind) }
  }
}
