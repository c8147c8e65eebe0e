import RealModule

/// How much larger the target is than the proxy, along each axis a rule may depend on.
package struct ScaleRatios: Hashable, Codable, Sendable {
  package var fanIn = 1.0
  package var fanOut = 1.0
  package var depth = 1.0
  package var batch = 1.0
  package var tokens = 1.0

  package init() {}

  subscript(axis: ScalingExponents.Axis) -> Double {
    switch axis {
    case .fanIn: fanIn
    case .fanOut: fanOut
    case .depth: depth
    case .batch: batch
    case .tokens: tokens
    }
  }
}

/// A monomial in the scale ratios: the product of each ratio to its exponent.
///
/// Papers state parametrizations in this form, so a rule can be checked against its source by eye.
/// For example `[.fanIn: -1]` is "one over the fan-in ratio".
package struct ScalingExponents: Hashable, Codable, Sendable, ExpressibleByDictionaryLiteral {
  package enum Axis: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case fanIn, fanOut, depth, batch, tokens
  }

  package var exponents: [Axis: Double]

  package init(dictionaryLiteral elements: (Axis, Double)...) {
    exponents = Dictionary(uniqueKeysWithValues: elements)
  }

  package func callAsFunction(_ ratios: ScaleRatios) -> Double {
    Axis.allCases.reduce(1) { $0 * .pow(ratios[$1], exponents[$1, default: 0]) }
  }
}
