/// A rule of the literature for another batch, as a reader meets it.
package struct PublishedBatchRule: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Codable, Sendable {
    case squareRoot = "square_root"
    /// The square root, with betas and epsilon moved too.
    case adam
    case linear
    case surge
  }

  package let kind: Kind
  package let name: String
  package let source: String
  package let caution: String

  package static let all: [PublishedBatchRule] = [
    PublishedBatchRule(
      kind: .squareRoot, name: "square root", source: "Malladi et al. 2022, arXiv 2205.10287",
      caution: "for Adam, where gradient noise outweighs the mean gradient, so not far above the "
        + "critical batch"),
    PublishedBatchRule(
      kind: .adam, name: "SDE of Adam", source: "Malladi et al. 2022, arXiv 2205.10287",
      caution: "the square root, with betas and epsilon moved from 0.9, 0.95 and 1e-8, under the "
        + "same condition"),
    PublishedBatchRule(
      kind: .linear, name: "linear", source: "McCandlish et al. 2018, arXiv 1812.06162",
      caution: "for SGD far below its critical batch; for Adam a bound, not a rate to use"),
    PublishedBatchRule(
      kind: .surge, name: "surge", source: "arXiv 2405.14578",
      caution: "for Adam; its fall beyond the noise batch is not seen by others (arXiv 2510.03871)"),
  ]
}
