/// What a reader of one law's answer should know before using it.
package struct PublishedNote: Hashable, Codable, Sendable {
  package enum Code: String, CaseIterable, Codable, Sendable {
    case otherModelClass = "other_model_class"
    case otherOptimizer = "other_optimizer"
    case optimizerNotStated = "optimizer_not_stated"
    case otherParametrization = "other_parametrization"
    case outsideRange = "outside_range"
    case rangeNotStated = "range_not_stated"
    case approximate
    case paramsNotStated = "params_not_stated"
    case notPositive = "not_positive"
    case otherBatch = "other_batch"
    case needs
    case anchorMisfit = "anchor_misfit"
    case weightDecay = "weight_decay"
    case caution
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
