import Runs

/// The scores of all letters in a context, which rank them.
///
/// A score is a sum over influences, each of which reads a row of letters from one pool of noise, at
/// a place that is a hash of its context. So there are as many contexts as there can be, and no table.
struct ContextScores: Sendable {
  private let influences: [Influence]
  /// One for each influence.
  private let hashes: [ContextHash]
  private let noise: [Int16]

  init(letters: Int, random: inout KeyedRandom) {
    var hashes: [Influence.Kind: ContextHash] = [:]
    for (kind, _) in Influence.Kind.weights {
      hashes[kind] = ContextHash(kind: kind, bits: Self.placeBits, random: &random)
    }
    influences = Influence.all
    self.hashes = influences.compactMap { hashes[$0.kind] }
    // The number of bits set in a random word is as good as normal, and bounded.
    noise = (0..<(1 << Self.placeBits) + letters).map { _ in
      let word = UInt32(truncatingIfNeeded: random.next())
      return Int16(word.nonzeroBitCount - UInt32.bitWidth / 2)
    }
  }

  /// Ranks the letters that may come at `position` of `text`, given all tokens before it.
  ///
  /// Before the start of the text, its first token stands in.
  func rank(at position: Int, of text: [Int32], into ranking: inout Ranking) {
    let topic = UInt64(text[0])
    let last = UInt64(text[position - 1])
    var scores = ranking.scores.mutableSpan
    let noise = noise.span
    for letter in scores.indices { scores[unchecked: letter] = 0 }
    for (influence, hash) in zip(influences, hashes) {
      let earlier = UInt64(text[max(position - influence.distance, 0)])
      let row = hash.place(topic: topic, last: last, earlier: earlier)
      let weight = influence.weight
      for letter in scores.indices {
        scores[unchecked: letter] &+= weight &* noise[unchecked: row &+ letter]
      }
    }
  }

  /// Many more places than contexts that are ever learnt, few enough to stay in cache.
  private static let placeBits = 18
}
