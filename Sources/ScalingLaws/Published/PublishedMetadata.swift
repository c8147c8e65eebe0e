import RealModule

/// Where a law was published.
package struct PublishedSource: Hashable, Sendable {
  package var authors: String
  /// `nil` for a program, which changes.
  package var year: Int?
  /// The arXiv number, or for a recipe of a program its file.
  package var reference: String
  /// The equation or section, where it was read.
  package var place: String?

  /// The source in one line.
  package var words: String {
    ([authors] + [year.map { "\($0)" }].compactMap(\.self)).joined(separator: " ")
      + ", \(reference)" + (place.map { ", \($0)" } ?? "")
  }
}

/// How far the numbers of a law were followed to their source.
package enum PublishedVerification: String, CaseIterable, Codable, Sendable {
  case paper = "read in the paper"
  case code = "read in its code"
  case secondary = "read in secondary sources"
}

/// The optimizer whose learning rate a law gives; rates of two optimizers are not comparable.
package enum PublishedOptimizer: String, CaseIterable, Codable, Sendable {
  case adamW = "adamw"
  case muon
  case scion
  case adamH = "adamh"
  case muonH = "muonh"
  case notStated = "not stated"

  /// The optimizer as it is spelled.
  package var words: String {
    switch self {
    case .adamW: "AdamW"
    case .muon: "Muon"
    case .scion: "Scion"
    case .adamH: "AdamH"
    case .muonH: "MuonH"
    case .notStated: "optimizer not stated"
    }
  }
}

/// The kind of model that a law was fitted on.
package enum PublishedModelClass: String, CaseIterable, Codable, Sendable {
  case dense
  case mixture = "mixture of experts"
  case notStated = "not stated"
}

/// Which parameters a law counts as N.
package enum PublishedParams: String, CaseIterable, Codable, Sendable {
  case total = "all"
  case nonEmbedding = "without embedding and head"
  case withHead = "without embedding, with head"
  case activeNonEmbedding = "active, without embedding and head"
  case notStated = "not stated"
  /// The law does not depend on N.
  case none
}

/// Whether a rate may be compared between models as it stands.
package enum PublishedParametrization: String, CaseIterable, Codable, Sendable {
  case standard
  /// A base rate that each module multiplies by its own factor of width.
  case mup = "muP"
  case notStated = "not stated"
}

/// Where a law was fitted along one quantity; an end is missing where the source does not give it.
package struct PublishedRange: Hashable, Sendable {
  package var quantity: PublishedQuantity
  package var lower: Double?
  package var upper: Double?

  package init(_ quantity: PublishedQuantity, _ lower: Double?, _ upper: Double?) {
    self.quantity = quantity
    self.lower = lower
    self.upper = upper
  }

  /// How far `value` lies outside, in powers of ten: above is positive, below negative.
  package func decades(to value: Double) -> Double {
    if let upper, value > upper { return .log10(value / upper) }
    if let lower, value < lower { return -.log10(lower / value) }
    return 0
  }
}
