extension PublishedLaw {
  /// Every law that is known, in the order in which they are shown.
  package static let all: [PublishedLaw] = [
    stepLaw, deepSeek, bjorck, porian, olmoLadder, kaplan, zhou, ling, moeSparsity, nanochat,
    marin, hyperP, optimalNorm, miniCPM, powerLines,
  ]
}
