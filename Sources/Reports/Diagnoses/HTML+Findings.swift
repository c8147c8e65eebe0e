import Studies

extension HTML {
  /// What was found, the worst first; `nil` where there is nothing.
  static func findings(_ findings: [Finding]) -> Page.Section? {
    guard !findings.isEmpty else { return nil }
    return Page.Section(
      id: "findings", title: "What is seen",
      body: warnings(
        findings.groups.map { group in
          let finding = group.first
          let times = group.count > 1 ? ", \(group.count) times" : ""
          return (
            "\(Wording.capitalized(finding.severity.rawValue))\(times): "
              + group.sightings.map(Wording.sentence).joined(separator: " ") + " "
              + Wording.sentence(finding.meaning)
              + (finding.source.map { " [\($0)]" } ?? ""), finding.kind.rawValue
          )
        }))
  }

  /// What could not be said, and how to get it.
  static func missing(_ missing: [String]) -> Page.Section? {
    guard !missing.isEmpty else { return nil }
    return Page.Section(
      id: "missing", title: "What is missing", body: warnings(missing.map { ($0, nil) }))
  }
}

extension Finding {
  /// How many findings of what weight, for a headline.
  static func headline(_ findings: [Finding]) -> String {
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      return count > 0 ? Wording.count(count, severity.rawValue) : nil
    }
    return counts.isEmpty ? "nothing to report" : Wording.list(counts)
  }
}
