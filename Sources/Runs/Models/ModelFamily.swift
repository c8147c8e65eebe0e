/// An architecture whose members differ in size only; with experts given, its mixture variant.
package enum ModelFamily: String, CaseIterable, Codable, Sendable {
  /// GPT-2 (Radford et al. 2019): learnt positions, LayerNorm, GELU, biases.
  case gpt2
  /// LLaMA (Touvron et al. 2023, arXiv 2302.13971): RoPE, RMSNorm, SwiGLU, no biases.
  case llama
  /// Qwen3 (Yang et al. 2025, arXiv 2505.09388): LLaMA with RMSNorm on queries and keys.
  case qwen3
}

/// What a model file need not say.
///
/// A rule copies the published models of the family, except below `smallestWidth`, where there is
/// none and a convention of ours keeps the members of a ladder of proxies in proportion.
extension ModelFamily {
  /// The width below which the conventions for proxies hold.
  ///
  /// GPT-2 begins at 768 and Qwen3 at 1024; for llama, ours, as Qwen3.
  private var smallestWidth: Int { self == .gpt2 ? 768 : 1024 }

  /// GPT-2, LLaMA and Qwen3: every size has one head width.
  ///
  /// Convention for proxies: 32, so that the smallest has more than one head. A width it does not
  /// divide gets the largest power of two that does; below 8 there is none.
  func headWidth(width: Int) -> Int? {
    let preferred = width < smallestWidth ? 32 : self == .gpt2 ? 64 : 128
    return [128, 64, 32, 16, 8].first { $0 <= preferred && width.isMultiple(of: $0) }
  }

  /// One for each head in GPT-2 and LLaMA; in Qwen3 8, with experts 4.
  ///
  /// Convention for Qwen3 where those do not divide the heads: one for each head.
  func kvHeads(heads: Int, experts: Int) -> Int {
    guard self == .qwen3 else { return heads }
    let groups = experts > 0 ? 4 : 8
    return heads.isMultiple(of: groups) ? groups : heads
  }

  /// The inner width of one feed-forward network, or of one expert.
  ///
  /// - GPT-2: 4 times the width.
  /// - LLaMA: 8/3 of the width, rounded up to a multiple of 256 (`multiple_of` in its reference
  ///   code); convention for proxies: of 16, as 256 would make the small ones much fatter.
  /// - Qwen3: 3 times the width, as at 0.6B, 1.7B and 8B (4B, 14B and 32B have more); with
  ///   experts 3/8 of it, as at 30B-A3B and 235B-A22B.
  ///
  /// Experts of the other two are as wide as a dense network (Switch, Mixtral).
  func ffnWidth(width: Int, experts: Int) -> Int {
    switch self {
    case .gpt2: 4 * width
    case .llama: Self.roundUp(8 * width / 3, to: width < smallestWidth ? 16 : 256)
    case .qwen3: experts > 0 ? (3 * width + 7) / 8 : 3 * width
    }
  }

  /// The size of each family's first published tokenizer.
  var vocabulary: Int {
    switch self {
    case .gpt2: 50257
    case .llama: 32000
    case .qwen3: 151_936
    }
  }

  /// The published context: of GPT-2, of LLaMA 1, and of Qwen3's first stage.
  var sequenceLength: Int {
    switch self {
    case .gpt2: 1024
    case .llama: 2048
    case .qwen3: 4096
    }
  }

  /// GPT-2 reads logits out with its embedding; LLaMA does not.
  ///
  /// Qwen3 does so up to 4B and not above. Convention: never, or a law would be fitted on tied
  /// proxies for an untied target.
  var tied: Bool { self == .gpt2 }

  var qkNorm: Bool { self == .qwen3 }

  /// How many of `experts` a token visits: one in 16 for Qwen3 (8 of 128), else one in 4 (Mixtral).
  ///
  /// A fraction and not a number, since sparsity is what transfer holds fixed (arXiv 2601.20205).
  func expertsActive(of experts: Int) -> Int {
    let sparsity = self == .qwen3 ? 16 : 4
    return (experts + sparsity - 1) / sparsity
  }

  private static func roundUp(_ value: Int, to multiple: Int) -> Int {
    (value + multiple - 1) / multiple * multiple
  }
}
