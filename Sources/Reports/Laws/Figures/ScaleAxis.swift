import ScalingLaws

/// One of the two axes that a law extrapolates along.
struct ScaleAxis {
  var id: String
  var title: String
  var symbol: String
  var value: WritableKeyPath<RunScale, Double>

  static var params: ScaleAxis {
    ScaleAxis(id: "params", title: "Parameters", symbol: "N", value: \.params)
  }

  static var tokens: ScaleAxis {
    ScaleAxis(id: "tokens", title: "Training tokens", symbol: "D", value: \.tokens)
  }
}
