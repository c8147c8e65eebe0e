extension StringProtocol {
  /// The name in `names` that this text was most likely meant to be, if any is close.
  package func nearest(in names: [String]) -> String? {
    let ranked = names.map { (name: $0, edits: edits(to: $0)) }
    guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= Swift.max(2, count / 3) ? best.name : nil
  }

  /// The Levenshtein distance: insertions, deletions and substitutions between two texts.
  private func edits(to other: String) -> Int {
    let other = Array(other)
    var previous = Array(0...other.count)
    for (row, character) in enumerated() {
      var current = [row + 1]
      for column in other.indices {
        let substitution = previous[column] + (character == other[column] ? 0 : 1)
        current.append(Swift.min(substitution, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[other.count]
  }
}
