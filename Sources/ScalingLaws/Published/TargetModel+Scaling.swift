import RealModule
import Runs

extension TargetModel {
  /// A model of `params`, else in proportion to this one: one that an anchor was measured on.
  ///
  /// One with dimensions is shrunk or grown in width and depth together. Of another too little is
  /// known, so it is described anew.
  func scaled(to params: Double) -> TargetModel {
    guard counted.whole?.value != params else { return self }
    guard let layers, let ratio = widthRatio(to: params) else { return described(params: params) }
    var model = self
    model.layers = max(1, Int((Double(layers) * ratio).rounded()))
    model.nonEmbedding = nonEmbedding?.times(.pow(ratio, 3))
    model.activeNonEmbedding = activeNonEmbedding?.times(.pow(ratio, 3))
    model.total = Self.grown(total, body: nonEmbedding, ratio)
    model.active = Self.grown(active, body: activeNonEmbedding, ratio)
    model.head = head?.times(ratio)
    if let operationsPerToken, let activeNonEmbedding {
      let body = 6 * activeNonEmbedding.value
      let attention = operationsPerToken.value - body
      model.operationsPerToken = Count(
        body * .pow(ratio, 3) + attention * ratio * ratio, caveat: operationsPerToken.caveat)
    }
    return model
  }

  /// What `kind` counts, and the part of it that is no embedding.
  private var counted: (whole: Count?, body: Count?) {
    switch kind {
    case .total, .unspecified: (total, nonEmbedding)
    case .nonEmbedding: (nonEmbedding, nonEmbedding)
    case .active: (active, activeNonEmbedding)
    }
  }

  /// The width of a model of `params` over this one's.
  ///
  /// The body grows as layers times width^2, both in step; what else there is, as the width.
  private func widthRatio(to params: Double) -> Double? {
    guard let whole = counted.whole?.value, let body = counted.body?.value, body > 0 else {
      return nil
    }
    var low = 0.0
    var high: Double = .pow(params / body, 1.0 / 3)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let found = body * .pow(middle, 3) + (whole - body) * middle
      if found < params { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private static func grown(_ whole: Count?, body: Count?, _ ratio: Double) -> Count? {
    guard let whole, let body else { return nil }
    return Count(
      body.value * .pow(ratio, 3) + (whole.value - body.value) * ratio, caveat: whole.caveat)
  }

  /// A model of `params` of which no more is known than of this one.
  private func described(params: Double) -> TargetModel {
    let own = kind == .nonEmbedding ? (nonEmbedding, activeNonEmbedding) : (total, active)
    var ratio: Double?
    if isMixture, let all = own.0, let met = own.1 { ratio = met.value / all.value }
    var model = TargetModel(
      params: params, kind: kind, activeParams: kind == .active ? nil : ratio.map { $0 * params },
      activeShare: isMixture ? activeShare : nil, vocabulary: vocabulary,
      sequenceLength: sequenceLength)
    model.isMixture = isMixture
    return model
  }
}

extension TargetModel.Count {
  fileprivate func times(_ factor: Double) -> TargetModel.Count {
    TargetModel.Count(value * factor, caveat: caveat)
  }
}
