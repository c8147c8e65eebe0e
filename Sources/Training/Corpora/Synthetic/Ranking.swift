/// Letters in the order of their scores, the greatest first; of equals, the first letter.
struct Ranking: Sendable {
  /// One for each letter.
  var scores: [Int16]
  /// Room for the letters that lead, kept from one use to the next.
  private var leaders: [Int] = []

  init(letters: Int) {
    scores = [Int16](repeating: 0, count: letters)
  }

  /// How many letters come before `letter`.
  func rank(of letter: Int) -> Int {
    let score = scores[letter]
    return scores.count { $0 > score } + scores[..<letter].count { $0 == score }
  }

  /// The letter that exactly `rank` others come before.
  ///
  /// Most ranks asked for are among the first, so the leaders are few and seldom change.
  mutating func letter(ofRank rank: Int) -> Int {
    leaders.removeAll(keepingCapacity: true)
    for (letter, score) in scores.enumerated() {
      if leaders.count > rank {
        guard score > scores[leaders[rank]] else { continue }
        leaders.removeLast()
      }
      let place = leaders.lastIndex { scores[$0] >= score } ?? -1
      leaders.insert(letter, at: place + 1)
    }
    return leaders[rank]
  }
}
