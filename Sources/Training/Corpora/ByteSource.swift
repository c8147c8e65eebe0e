import Runs

/// The sequences of a byte corpus, each once an epoch and in an order of the epoch's own.
///
/// An epoch cuts the corpus into windows that predict no token twice. Where the first one begins is
/// drawn anew for each epoch, so that no token is always at the same place of its window.
package struct ByteSource: TokenSource {
  package let sequenceLength: Int
  package let seed: UInt64
  private let corpus: ByteCorpus
  private let windows: Int

  /// - Throws: When the corpus has not one sequence.
  package init(
    _ corpus: ByteCorpus, sequenceLength: Int, seed: UInt64
  ) throws(CorpusError) {
    try corpus.requireSequence(of: sequenceLength)
    self.corpus = corpus
    self.sequenceLength = sequenceLength
    self.seed = seed
    // One window less than would fit, if there are several: the cut has room to move by a whole one.
    windows = max(1, corpus.count / sequenceLength - 1)
  }

  package var vocabulary: Int { ByteCorpus.vocabulary }
  package var sequencesPerEpoch: Int? { windows }

  package func sequence(at index: Int) -> [Int32] {
    precondition(index >= 0, "sequence \(index)")
    let (epoch, place) = index.quotientAndRemainder(dividingBy: windows)
    let order = KeyedPermutation(
      of: windows, using: KeyedRandom(seed: seed, Stream.order, UInt64(epoch)))
    var random = KeyedRandom(seed: seed, Stream.phase, UInt64(epoch))
    let phase = random.index(below: corpus.count - windows * sequenceLength)
    let start = phase + order[place] * sequenceLength
    return corpus.tokens(start..<start + sequenceLength + 1)
  }

  /// The names, in ASCII, keep these apart from what else is drawn from a run's seed.
  private enum Stream {
    static let order: UInt64 = 0x6f_7264_6572
    static let phase: UInt64 = 0x70_6861_7365
  }
}
