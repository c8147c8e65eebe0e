/// Findings that mean the same, seen in several places.
package struct FindingGroup: Sendable {
  package let first: Finding
  package let count: Int
  /// What is seen, each with its place, and how many more where they are many.
  package let sightings: [String]

  fileprivate init(_ first: Finding, _ others: [Finding]) {
    let all = [first] + others
    // One line instead of one more sighting saves nothing.
    let shown = all.count > Self.most + 1 ? Array(all.prefix(Self.most)) : all
    self.first = first
    count = all.count
    sightings =
      shown.map { ($0.place.map { "\($0): " } ?? "") + $0.seen }
      + (shown.count < all.count ? ["and \(all.count - shown.count) more"] : [])
  }

  private static let most = 4
}

extension [Finding] {
  /// Those that mean the same together, in the order of the first of each.
  package var groups: [FindingGroup] {
    var order: [Finding] = []
    var others: [[Finding]] = []
    for finding in self {
      if let place = order.firstIndex(where: finding.meansTheSame) {
        others[place].append(finding)
      } else {
        order.append(finding)
        others.append([])
      }
    }
    return zip(order, others).map { FindingGroup($0, $1) }
  }
}

extension Finding {
  fileprivate func meansTheSame(as other: Finding) -> Bool {
    kind == other.kind && severity == other.severity && meaning == other.meaning
  }
}
