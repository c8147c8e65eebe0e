import Studies
import Testing

@Suite struct FindingGroupTests {
  private func finding(_ place: String?, meaning: String = "so") -> Finding {
    Finding(.optimumAtEdge, .caution, at: place, seen: "seen", meaning: meaning, evidence: [])
  }

  @Test("findings that mean the same are told once, with the first few places and how many more")
  func groups() {
    let many = (1...7).map { finding("cell \($0)") }
    let other = finding(nil, meaning: "otherwise")
    let groups = ([many[0], other] + many.dropFirst()).groups
    #expect(groups.map(\.count) == [7, 1])
    #expect(groups[0].sightings.count == 5)
    #expect(groups[0].sightings.first == "cell 1: seen")
    #expect(groups[0].sightings.last == "and 3 more")
    #expect(groups[1].sightings == ["seen"])
    #expect(Array(many.prefix(5)).groups.first?.sightings.count == 5)
  }
}
