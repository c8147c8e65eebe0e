/// Why a model file describes no model.
package enum ModelError: Error, Hashable {
  case missing(String)
  case outOfRange(key: String, value: Int)
  case softcapOutOfRange(key: String, value: Double)
  case headsDoNotDivide(heads: Int, width: Int)
  case headWidthDoesNotDivide(headWidth: Int, width: Int)
  case noHeadWidth(width: Int)
  case kvHeadsDoNotDivide(kvHeads: Int, heads: Int)
  case tooManyActive(active: Int, experts: Int)
  case needsExperts(String)
}

extension ModelError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let key):
      "the model has no `\(key)`, which has no default; add it"
    case .outOfRange(let key, let value):
      "`\(key)` of the model is \(value); give a whole number from "
        + "\(ModelDescription.sizes.lowerBound) to \(ModelDescription.sizes.upperBound)"
    case .softcapOutOfRange(let key, let value):
      "`\(key)` of the model is \(value); give \(Self.softcapWords), or "
        + "leave it out"
    case .headsDoNotDivide(let heads, let width):
      "`heads` \(heads) does not divide `width` \(width); change one, or give `head_width` too"
    case .headWidthDoesNotDivide(let headWidth, let width):
      "`head_width` \(headWidth) does not divide `width` \(width); change one, or give `heads` too"
    case .noHeadWidth(let width):
      "no usual head width divides `width` \(width); give `heads` or `head_width`, "
        + "or a width that is a multiple of 8"
    case .kvHeadsDoNotDivide(let kvHeads, let heads):
      "`kv_heads` \(kvHeads) does not divide `heads` \(heads); each must serve as many heads"
    case .tooManyActive(let active, let experts):
      "`experts_active` \(active) is more than `experts` \(experts); a token visits some of them"
    case .needsExperts(let key):
      "`\(key)` is given without `experts`; give the number of `experts`, or leave `\(key)` out"
    }
  }

  static let softcapWords =
    "a number from \(ModelDescription.softcaps.lowerBound) to "
    + "\(Int(ModelDescription.softcaps.upperBound)), such as 50"
}
