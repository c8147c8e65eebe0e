package import Runs

/// A made-up language whose entropy is known exactly.
///
/// A text begins with its topic; letters follow. In every context all letters are ranked by scores
/// that depend on the context, and the next letter's rank is drawn from one law, which is the same
/// in every context: so is the entropy.
package struct SyntheticLanguage: Sendable {
  package let seed: UInt64
  package let vocabulary: Int
  /// The tokens below this are topics, one of which begins each text; the others are letters.
  package let topics: Int

  private let topicLaw: RankLaw
  private let letterLaw: RankLaw
  private let scores: ContextScores

  package init(seed: UInt64, vocabulary: Int) {
    precondition(vocabulary >= 4, "\(vocabulary) tokens: too few for a topic and letters")
    self.seed = seed
    self.vocabulary = vocabulary
    topics = min(Self.mostTopics, vocabulary / 4)
    let letters = vocabulary - topics
    // Zipf's law: a few topics are common, most are rare and still to be learnt late.
    topicLaw = RankLaw(weights: (1...topics).map { 1 / Double($0) })
    letterLaw = RankLaw(weights: (1...letters).map { 1 / (Double($0) * Double($0).squareRoot()) })
    var random = KeyedRandom(seed: seed, SyntheticSource.Purpose.scores.rawValue)
    scores = ContextScores(letters: letters, random: &random)
  }

  /// The entropy of every token after the first, given all before it.
  package var entropyPerToken: Double { letterLaw.entropyNats }

  /// A text of `count` tokens, its topic included.
  package func text(count: Int, from random: inout KeyedRandom) -> [Int32] {
    var text = [Int32(topicLaw.rank(from: &random))]
    text.reserveCapacity(count)
    var ranking = Ranking(letters: vocabulary - topics)
    while text.count < count {
      scores.rank(at: text.count, of: text, into: &ranking)
      let letter = ranking.letter(ofRank: letterLaw.rank(from: &random))
      text.append(Int32(topics + letter))
    }
    return text
  }

  /// What a model that knows the language loses on each token of `text` after the first, in nats.
  package func idealLosses(of text: [Int32]) -> [Double] {
    var ranking = Ranking(letters: vocabulary - topics)
    return text.indices.dropFirst().map { position in
      scores.rank(at: position, of: text, into: &ranking)
      return letterLaw.lossNats[ranking.rank(of: Int(text[position]) - topics)]
    }
  }

  /// The probability of each token of the vocabulary to come after `text`.
  package func probabilities(after text: [Int32]) -> [Double] {
    var ranking = Ranking(letters: vocabulary - topics)
    scores.rank(at: text.count, of: text, into: &ranking)
    let none = [Double](repeating: 0, count: topics)
    return none + ranking.scores.indices.map { letterLaw.probabilities[ranking.rank(of: $0)] }
  }

  /// Few enough to leave most of a small vocabulary to letters.
  private static let mostTopics = 16
}
