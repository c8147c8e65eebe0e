import Foundation
package import Runs
package import ScalingLaws

/// What the runs of each variant say, and how the variants compare.
package struct StudyRivals: Sendable {
  package struct Side: Sendable {
    package var variant: StudyDescription.Variant
    package var rival: RivalComparison.Rival
    package var reading: StudyReading
    /// Why there is no law, where there is none.
    package var analysis: Result<StudyAnalysis, FitError>
  }

  package let sides: [Side]
  package let comparison: RivalComparison

  /// - Parameters:
  ///   - reading: A study with several variants.
  ///   - paramsKind: Which count of parameters the laws are fitted on.
  ///   - options: Draws, confidence and seed.
  ///   - progress: Called now and then with the fraction done.
  /// - Throws: `StudyError.nothingTrained`.
  package init(
    _ reading: StudyReading, paramsKind: ParameterCountKind = .total,
    options: FitOptions = FitOptions(), progress: @escaping (Double) -> Void = { _ in }
  ) throws {
    guard !reading.records.isEmpty else {
      throw StudyError.nothingTrained(
        folder: reading.folder.url.relativePath, runs: reading.runs.count)
    }
    let variants = reading.study.variants
    sides = variants.enumerated().map { place, variant in
      let own = reading.only(variant)
      let analysis = Result { () throws(FitError) in
        try StudyAnalysis(
          name: reading.folder.url.lastPathComponent, own.records, of: own.study,
          paramsKind: paramsKind, options: options,
          progress: { progress((Double(place) + $0) / Double(variants.count)) })
      }
      return Side(
        variant: variant,
        rival: RivalComparison.Rival(
          variant: reading.study.number(of: variant), title: reading.study.title(of: variant)),
        reading: own, analysis: analysis)
    }
    comparison = RivalComparison(
      sides.map { side in
        RivalComparison.Entrant(
          rival: side.rival, records: side.reading.records.map { $0.counting(paramsKind) },
          noise: (try? side.analysis.get())?.law.basin.noise)
      })
  }
}
