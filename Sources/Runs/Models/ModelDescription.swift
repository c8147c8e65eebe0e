/// The shape of a decoder-only transformer, with nothing left open.
///
/// It is what a model file says once the family's defaults have filled it in. As JSON it is a
/// complete model file, and it is read back under the same rules.
package struct ModelDescription: Hashable, Sendable {
  /// The sizes a model may have; products of two of them still fit an `Int`.
  package static let sizes = 1...Int(Int32.max)
  /// The caps a model may have: beyond them floats only round.
  package static let softcaps = 1e-3...1e6

  package let family: ModelFamily
  package let width: Int
  package let layers: Int
  package let heads: Int
  package let kvHeads: Int
  /// The channels of one head; `heads` times this need not be `width`.
  package let headWidth: Int
  /// The inner width of the feed-forward network, or of each expert.
  package let ffnWidth: Int
  package let vocabulary: Int
  /// The tokens in one sequence.
  package let sequenceLength: Int
  /// Whether logits are read out with the embedding.
  package let tied: Bool
  /// Whether queries and keys are normalised.
  package let qkNorm: Bool
  /// What the scaled products of queries and keys are bent below, if anything.
  package let attentionSoftcap: Double?
  /// What logits are bent below before the loss, if anything.
  package let outputSoftcap: Double?
  /// The routed experts of a layer; 0 in a dense model.
  package let experts: Int
  /// The routed experts that one token visits; 0 in a dense model.
  package let expertsActive: Int
  /// The experts that every token visits besides; 0 in a dense model.
  package let sharedExperts: Int

  /// Fills in what `fields` leaves out with the family's defaults.
  package init(_ fields: ModelFields) throws(ModelError) {
    guard let family = fields.family else { throw .missing("family") }
    guard let width = fields.width else { throw .missing("width") }
    guard let layers = fields.layers else { throw .missing("layers") }
    try fields.checkSizes()
    try fields.checkSoftcaps()
    self.family = family
    self.width = width
    self.layers = layers
    (heads, headWidth) = try fields.attention(family: family, width: width)
    experts = fields.experts ?? 0
    (expertsActive, sharedExperts) = try fields.mixture(family: family, experts: experts)
    kvHeads = fields.kvHeads ?? family.kvHeads(heads: heads, experts: experts)
    guard heads.isMultiple(of: kvHeads) else {
      throw .kvHeadsDoNotDivide(kvHeads: kvHeads, heads: heads)
    }
    ffnWidth = fields.ffnWidth ?? family.ffnWidth(width: width, experts: experts)
    vocabulary = fields.vocabulary ?? family.vocabulary
    sequenceLength = fields.sequenceLength ?? family.sequenceLength
    tied = fields.tied ?? family.tied
    qkNorm = fields.qkNorm ?? family.qkNorm
    attentionSoftcap = fields.attentionSoftcap
    outputSoftcap = fields.outputSoftcap
  }
}

extension ModelDescription: Codable {
  private typealias CodingKeys = ModelFields.CodingKeys

  package init(from decoder: any Decoder) throws {
    try self.init(ModelFields(from: decoder))
  }
}

extension ModelFields {
  /// The number of heads and their width, either of which the other and the model's width give.
  fileprivate func attention(
    family: ModelFamily, width: Int
  ) throws(ModelError) -> (heads: Int, headWidth: Int) {
    switch (heads, headWidth) {
    case (let heads?, let headWidth?):
      return (heads, headWidth)
    case (let heads?, nil):
      guard width.isMultiple(of: heads) else {
        throw .headsDoNotDivide(heads: heads, width: width)
      }
      return (heads, width / heads)
    case (nil, let headWidth):
      guard let headWidth = headWidth ?? family.headWidth(width: width) else {
        throw .noHeadWidth(width: width)
      }
      guard width.isMultiple(of: headWidth) else {
        throw .headWidthDoesNotDivide(headWidth: headWidth, width: width)
      }
      return (width / headWidth, headWidth)
    }
  }

  fileprivate func mixture(
    family: ModelFamily, experts: Int
  ) throws(ModelError) -> (active: Int, shared: Int) {
    let shared = sharedExperts ?? 0
    guard experts > 0 else {
      if let expertsActive, expertsActive > 0 { throw .needsExperts("experts_active") }
      if shared > 0 { throw .needsExperts("shared_experts") }
      return (0, 0)
    }
    let active = expertsActive ?? family.expertsActive(of: experts)
    guard active > 0 else { throw .outOfRange(key: "experts_active", value: active) }
    guard active <= experts else { throw .tooManyActive(active: active, experts: experts) }
    return (active, shared)
  }

  /// Every size given lies in `ModelDescription.sizes`; the numbers of experts may also be 0.
  fileprivate func checkSizes() throws(ModelError) {
    let sizes: [(CodingKeys, Int?)] = [
      (.width, width), (.layers, layers), (.heads, heads), (.kvHeads, kvHeads),
      (.headWidth, headWidth), (.ffnWidth, ffnWidth), (.vocabulary, vocabulary),
      (.sequenceLength, sequenceLength),
    ]
    let counts: [(CodingKeys, Int?)] = [
      (.experts, experts), (.expertsActive, expertsActive), (.sharedExperts, sharedExperts),
    ]
    for (key, value) in sizes + counts.filter({ $0.1 != 0 }) {
      guard let value, !ModelDescription.sizes.contains(value) else { continue }
      throw .outOfRange(key: key.rawValue, value: value)
    }
  }

  fileprivate func checkSoftcaps() throws(ModelError) {
    let caps: [(CodingKeys, Double?)] = [
      (.attentionSoftcap, attentionSoftcap), (.outputSoftcap, outputSoftcap),
    ]
    for (key, value) in caps {
      guard let value, !ModelDescription.softcaps.contains(value) else { continue }
      throw .softcapOutOfRange(key: key.rawValue, value: value)
    }
  }
}
