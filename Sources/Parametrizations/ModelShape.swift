/// What a parametrization needs to know of a model.
package struct ModelShape: Equatable, Sendable {
  package var layers: Int
  /// The channels of one attention head.
  package var headWidth: Int
  /// Every parameter with its role and shape.
  package var parameters: ParameterTree<ParameterSpec>

  package init(layers: Int, headWidth: Int, parameters: ParameterTree<ParameterSpec>) {
    self.layers = layers
    self.headWidth = headWidth
    self.parameters = parameters
  }
}
