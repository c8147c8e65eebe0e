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
  init?(at path: String, paramsKind: ParameterCountKind?) throws {
    let isFile = ["yaml", "yml"].contains(URL(fileURLWithPath: path).pathExtension.lowercased())
    guard try isFile || StudyFolder(at: path) != nil else { return nil }
    let place = try StudyPlace(path, output: nil)
    let study = try place.study(corpus: nil, validation: nil)
    let kind = paramsKind ?? .total
    grid = try StudyCandidates(study, paramsKind: kind)
    target = study.targetScale
    sharedDecay = study.sharesTrunk ? study.schedule.decayFraction : nil
    let hasStore = FileManager.default.fileExists(atPath: place.folder.storeURL.path)
    known =
      hasStore ? try StudyReading(place.folder).records.map { $0.counting(kind) } : []
    ownPaths = place.folder.ownPaths + [path]
  }
}
