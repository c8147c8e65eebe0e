/// What a model file says; `nil` is what it leaves to the family or to a file it is laid over.
package struct ModelFields: Hashable, Codable, Sendable {
  package var family: ModelFamily?
  package var width: Int?
  package var layers: Int?
  package var heads: Int?
  package var kvHeads: Int?
  package var headWidth: Int?
  package var ffnWidth: Int?
  package var vocabulary: Int?
  package var sequenceLength: Int?
  package var tied: Bool?
  package var qkNorm: Bool?
  package var attentionSoftcap: Double?
  package var outputSoftcap: Double?
  package var experts: Int?
  package var expertsActive: Int?
  package var sharedExperts: Int?

  package init() {}

  /// The names in a model file.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case family, width, layers, heads, vocabulary, tied, experts
    case kvHeads = "kv_heads"
    case headWidth = "head_width"
    case ffnWidth = "ffn_width"
    case sequenceLength = "sequence_length"
    case qkNorm = "qk_norm"
    case attentionSoftcap = "attention_softcap"
    case outputSoftcap = "output_softcap"
    case expertsActive = "experts_active"
    case sharedExperts = "shared_experts"
  }

  /// These fields, with those of `shared` where these say nothing.
  package func over(_ shared: ModelFields) -> ModelFields {
    var fields = shared
    fields.family = family ?? shared.family
    fields.width = width ?? shared.width
    fields.layers = layers ?? shared.layers
    fields.heads = heads ?? shared.heads
    fields.kvHeads = kvHeads ?? shared.kvHeads
    fields.headWidth = headWidth ?? shared.headWidth
    fields.ffnWidth = ffnWidth ?? shared.ffnWidth
    fields.vocabulary = vocabulary ?? shared.vocabulary
    fields.sequenceLength = sequenceLength ?? shared.sequenceLength
    fields.tied = tied ?? shared.tied
    fields.qkNorm = qkNorm ?? shared.qkNorm
    fields.attentionSoftcap = attentionSoftcap ?? shared.attentionSoftcap
    fields.outputSoftcap = outputSoftcap ?? shared.outputSoftcap
    fields.experts = experts ?? shared.experts
    fields.expertsActive = expertsActive ?? shared.expertsActive
    fields.sharedExperts = sharedExperts ?? shared.sharedExperts
    return fields
  }

  /// The tokens in a sequence of a model to be trained here; a family's own are for larger models.
  static let trainedSequenceLength = 256

  /// These fields for a model to be trained on `corpus`, whose vocabulary it has unless it says so.
  func filled(for corpus: CorpusDescription) -> ModelFields {
    var fields = self
    fields.vocabulary = vocabulary ?? corpus.vocabulary
    fields.sequenceLength = sequenceLength ?? Self.trainedSequenceLength
    return fields
  }
}
