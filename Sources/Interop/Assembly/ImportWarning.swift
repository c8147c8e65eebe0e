/// Something about an imported run that a fit should know, and what it would do to one.
package struct ImportWarning: Hashable, Codable, Sendable {
  package enum Code: String, Codable, Sendable {
    case learningRateDiffers = "learning-rate-differs"
    case groupRatiosChange = "group-ratios-change"
    case warmupDiffers = "warm-up-differs"
    case decayDiffers = "decay-differs"
    case notAnnealed = "not-annealed"
    case unfinished
    case batchChanges = "batch-changes"
    case tokensDisagree = "tokens-disagree"
    case diverged
    case spikes
    case resumed
    case severalLosses = "several-losses"
    case toldTwice = "told-twice"
    case ambiguousKey = "ambiguous-key"
    case badValue = "bad-value"
    case thinned
    case remark
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
