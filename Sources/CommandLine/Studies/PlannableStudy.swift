import ArgumentParser
import Foundation
import Runs
import ScalingLaws
import Studies

/// A study whose grid is there to be chosen from.
struct PlannableStudy {
  let grid: StudyCandidates
  /// The runs of it that have ended.
  let known: [RunRecord]
  /// The run that it is made for.
  let target: RunScale?
  /// The part of a run that is its own, where horizons share a trunk.
  let sharedDecay: Double?
  /// What no output may be written over.
  let ownPaths: [String]

  /// `nil` where `path` is neither a study's folder nor its file.
  ///
  /// - Throws: What is wrong with the study.
  init?(at path: String, paramsKind: ParameterCountKind?, where filters: [String]) throws {
    let isFile = ["yaml", "yml"].contains(URL(fileURLWithPath: path).pathExtension.lowercased())
    guard try isFile || StudyFolder(at: path) != nil else { return nil }
    let place = try StudyPlace(path, output: nil)
    let whole = try place.study(corpus: nil, validation: nil)
    let variant = try Self.variant(of: whole, filters)
    let study = variant.map(whole.only) ?? whole
    let kind = paramsKind ?? .total
    grid = try StudyCandidates(study, paramsKind: kind)
    target = study.targetScale
    sharedDecay = study.sharesTrunk ? study.schedule.decayFraction : nil
    let hasStore = FileManager.default.fileExists(atPath: place.folder.storeURL.path)
    known =
      hasStore ? try Self.records(in: place.folder, of: variant, kind) : []
    ownPaths = place.folder.ownPaths + [path]
  }

  /// The variant that is to be planned; `nil` of a study that has one.
  private static func variant(
    of study: StudyDescription, _ filters: [String]
  ) throws -> StudyDescription.Variant? {
    guard !filters.isEmpty else { return nil }
    let variant = study.variants.first { filters == ["variant=\(study.number(of: $0))"] }
    guard study.variants.count > 1, let variant else {
      throw ValidationError(
        "--where is for runs that are read; a study is planned as a whole"
          + (study.variants.count > 1
            ? ", or one of its variants, from variant=1 to variant=\(study.variants.count)." : "."))
    }
    return variant
  }

  private static func records(
    in folder: StudyFolder, of variant: StudyDescription.Variant?, _ kind: ParameterCountKind
  ) throws -> [RunRecord] {
    let reading = try StudyReading(folder)
    return (variant.map(reading.only) ?? reading).records.map { $0.counting(kind) }
  }
}
