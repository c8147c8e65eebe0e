/// What published laws depend on.
package enum PublishedQuantity: String, CaseIterable, Codable, Sendable {
  case params
  case tokens
  /// Floating-point operations of the whole run, as the law counts them.
  case compute
  case batchTokens = "batch_tokens"
  /// Routed experts that a token visits, over all routed experts.
  case activeShare = "active_share"
  /// The loss that is to be reached.
  case loss
  case layers
  case tokensPerParam = "tokens_per_param"

  /// The letter in formulas.
  package var symbol: String {
    switch self {
    case .params: "N"
    case .tokens: "D"
    case .compute: "C"
    case .batchTokens: "B"
    case .activeShare: "A"
    case .loss: "L"
    case .layers: "layers"
    case .tokensPerParam: "D/N"
    }
  }

  /// The quantity in a sentence.
  package var words: String {
    switch self {
    case .params: "params"
    case .tokens: "tokens"
    case .compute: "compute"
    case .batchTokens: "batch tokens"
    case .activeShare: "share of experts active"
    case .loss: "loss"
    case .layers: "layers"
    case .tokensPerParam: "tokens per param"
    }
  }

  /// What gives the quantity on the command line, for those that a target may lack.
  package var option: String {
    switch self {
    case .params: "the total of --params, with --active-params"
    case .tokens: "--tokens"
    case .compute: "--active-params, or --model"
    case .batchTokens: "--batch-tokens"
    case .activeShare: "--experts E/k"
    case .loss: "--loss"
    case .layers: "--model"
    case .tokensPerParam: "--params and --tokens"
    }
  }
}
