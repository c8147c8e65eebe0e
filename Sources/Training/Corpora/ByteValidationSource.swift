/// Sequences spread evenly over a held-out text, the same for every run and in the text's order.
package struct ByteValidationSource: TokenSource {
  package let sequenceLength: Int
  private let corpus: ByteCorpus
  /// The windows of the whole text, of which `chosen` are used.
  private let windows: Int
  private let chosen: Int

  /// The first window and others at equal distances, no token predicted twice.
  ///
  /// - Parameters:
  ///   - corpus: The held-out text.
  ///   - training: What is trained on, which must not share a file with it.
  ///   - sequenceLength: The tokens predicted in each sequence.
  ///   - sequences: How many to use; all of a text that has fewer.
  /// - Throws: When the text is not held out, or has not one sequence.
  package init(
    _ corpus: ByteCorpus, heldOutFrom training: ByteCorpus, sequenceLength: Int,
    atMost sequences: Int
  ) throws(CorpusError) {
    precondition(sequences > 0, "\(sequences) sequences to validate on")
    try corpus.requireHeldOut(from: training)
    try corpus.requireSequence(of: sequenceLength)
    self.corpus = corpus
    self.sequenceLength = sequenceLength
    windows = (corpus.count - 1) / sequenceLength
    chosen = min(sequences, windows)
  }

  package var vocabulary: Int { ByteCorpus.vocabulary }
  package var sequencesPerEpoch: Int? { chosen }

  package func sequence(at index: Int) -> [Int32] {
    precondition(index >= 0, "sequence \(index)")
    let place = (index % chosen).multipliedFullWidth(by: windows)
    let start = chosen.dividingFullWidth(place).quotient * sequenceLength
    return corpus.tokens(start..<start + sequenceLength + 1)
  }
}
