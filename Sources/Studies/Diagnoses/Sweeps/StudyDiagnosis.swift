import Runs

/// What the runs of a study say together.
package struct StudyDiagnosis: Sendable {
  /// How many runs one kind of finding was made in.
  package struct Tally: Hashable, Codable, Sendable {
    package var kind: Finding.Kind
    package var severity: Finding.Severity
    package var runs: Int
    /// One of the runs with the worst of them, to look at.
    package var example: String
    package var seen: String
  }

  /// The folder's name.
  package let name: String
  package let runs: [StudiedRun]
  /// Runs without a step.
  package let notBegun: Int
  /// By size, horizon, batch and variant.
  package let cells: [CellDiagnosis]
  package let steadiness: RateSteadiness?
  /// By rate over norm.
  package let normSteadiness: RateSteadiness?
  /// What was found in runs, the worst first.
  package let tallies: [Tally]
  /// The worst first.
  package private(set) var findings: [Finding] = []

  package init(name: String, runs: [StudiedRun], notBegun: Int = 0) {
    self.name = name
    self.runs = runs
    self.notBegun = notBegun
    let cells = Dictionary(grouping: runs, by: \.cell).compactMap { CellDiagnosis($0, $1) }
      .sorted { $0.place.order < $1.place.order }
    self.cells = cells
    // Rates of other variants mean other things, so that their spread would tell nothing.
    let alike = Set(cells.map(\.place.variant)).count == 1 ? cells : []
    steadiness = RateSteadiness(alike, optimum: \.displacement, rate: \.displacement)
    normSteadiness = RateSteadiness(alike, optimum: \.rateOverNorm, rate: \.rateOverNorm)
    tallies = Self.tallies(of: runs)
    findings = DiagnosisRules.ofStudies.flatMap { $0.findings(in: self) }.ranked
  }

  /// Whether cells differ in optimizer or schedule.
  package var hasVariants: Bool { Set(cells.map(\.place.variant)).count > 1 }
  package var hasTelemetry: Bool { runs.contains { $0.displacement != nil } }

  private static func tallies(of runs: [StudiedRun]) -> [Tally] {
    let tallies = Finding.Kind.allCases.compactMap { kind -> Tally? in
      let found = runs.compactMap { run in
        run.findings.first { $0.kind == kind }.map { (run, $0) }
      }
      guard let worst = found.map(\.1.severity).max(),
        let example = found.first(where: { $0.1.severity == worst })
      else { return nil }
      return Tally(
        kind: kind, severity: worst, runs: found.count, example: example.0.id,
        seen: example.1.seen)
    }
    return Finding.Severity.allCases.reversed().flatMap { severity in
      tallies.filter { $0.severity == severity }
    }
  }
}

extension CellPlace {
  /// Small ones first.
  fileprivate var order: (String, Double, Double, Double) {
    (variant, params, tokens, batchTokens ?? 0)
  }

  /// The cell in words, with its variant where there are several.
  package func words(withVariant: Bool) -> String {
    let batch = batchTokens.map { ", batch \(Quantity.format($0))" } ?? ""
    return "\(Quantity.format(params)) params, \(Quantity.format(tokens)) tokens\(batch)"
      + (withVariant ? ", \(variant)" : "")
  }
}
