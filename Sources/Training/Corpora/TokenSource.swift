/// A supply of sequences of tokens that depends on its description only.
///
/// Any sequence can be asked for at any time, so that a resumed run sees what an uninterrupted one
/// sees, and the horizons of one trunk share their data.
package protocol TokenSource: Sendable {
  /// The token ids are all below this.
  var vocabulary: Int { get }
  /// The tokens of one sequence that a model predicts; a sequence has one more, which comes first.
  var sequenceLength: Int { get }
  /// The sequences of one pass through the source; `nil` for one that never ends.
  var sequencesPerEpoch: Int? { get }

  /// The tokens `[sequenceLength + 1]` of the sequence at `index`, counted from the run's first.
  ///
  /// A finite source goes on into its next epoch.
  func sequence(at index: Int) -> [Int32]
}
