import Runs

/// Endless independent texts in a synthetic language, one a sequence.
package struct SyntheticSource: TokenSource {
  /// Which of a language's endless supplies of text.
  package enum Stream: Hashable, Sendable {
    case training(seed: UInt64)
    case validation
  }

  /// What random numbers are for: each use has its own.
  enum Purpose: UInt64 {
    case scores, training, validation
  }

  package let language: SyntheticLanguage
  package let stream: Stream
  package let sequenceLength: Int

  package init(language: SyntheticLanguage, stream: Stream, sequenceLength: Int) {
    self.language = language
    self.stream = stream
    self.sequenceLength = sequenceLength
  }

  package var vocabulary: Int { language.vocabulary }

  package var sequencesPerEpoch: Int? { nil }

  package func sequence(at index: Int) -> [Int32] {
    var random =
      switch stream {
      case .training(let seed):
        KeyedRandom(
          seed: language.seed, Purpose.training.rawValue, seed, UInt64(index))
      case .validation:
        KeyedRandom(seed: language.seed, Purpose.validation.rawValue, UInt64(index))
      }
    return language.text(count: sequenceLength + 1, from: &random)
  }
}
