import Foundation
import Runs
import ScalingLaws
import Studies

extension StudyFolder {
  /// The study in the folder at `path`, if that is what is there and it is trained here.
  init?(at path: String) throws {
    let url = URL(fileURLWithPath: path, isDirectory: true)
    guard Self.isStudy(url), try ImportedStudy(at: path) == nil else { return nil }
    self.init(url)
  }

  /// What no output may be written over or into when the runs at `path` are read.
  static func ownPaths(at path: String) -> [String] {
    let folder = StudyFolder(URL(fileURLWithPath: path, isDirectory: true))
    return isStudy(folder.url) ? folder.ownPaths : [path]
  }
}

extension ImportedStudy {
  /// The imported runs in the folder at `path`, if that is what is there.
  init?(at path: String) throws {
    try self.init(StudyFolder(URL(fileURLWithPath: path, isDirectory: true)))
  }
}

extension StudyDescription {
  /// The scale of the run that the study is made for.
  var targetScale: RunScale? {
    target.map { RunScale(params: Double($0.params), tokens: Double($0.tokens)) }
  }
}

extension StudyReading {
  /// Runs that ended at a horizon, those of the hold-out too.
  var endedRuns: [StoredRun] { runs.filter { $0.hasEnded && $0.run.role != .trunk } }
}

extension StudyFolder {
  /// What no output may be written over or into.
  var ownPaths: [String] {
    [studyURL, storeURL, url.appending(path: "runs")].map(\.path)
  }
}

extension StudyReading {
  /// Refuses runs that carry no effective rate.
  func checkEffectiveRates() throws {
    let lacking = records.filter { $0.effectiveLearningRate == nil && !$0.hasDiverged }
    guard lacking.isEmpty else {
      throw StudyError.noEffectiveRate(
        folder: folder.url.relativePath, lacking: lacking.count, of: records.count)
    }
  }

  /// How the variants compare, with progress on a terminal.
  func comparedRivals(
    paramsKind: ParameterCountKind = .total, options: FitOptions = FitOptions()
  ) throws -> StudyRivals {
    let fitting = Progress("fitting \(folder.url.relativePath)")
    defer { fitting.end() }
    return try StudyRivals(
      self, paramsKind: paramsKind, options: options, progress: { fitting.show($0) })
  }

  /// What the runs say, with progress on a terminal and errors that name the folder.
  func fitted(
    paramsKind: ParameterCountKind = .total, options: FitOptions = FitOptions()
  ) throws -> StudyAnalysis {
    let fitting = Progress("fitting \(folder.url.relativePath)")
    defer { fitting.end() }
    do {
      return try analysis(
        paramsKind: paramsKind, options: options, progress: { fitting.show($0) })
    } catch let error as FitError {
      throw UnfittableRuns(path: folder.url.relativePath, reason: error)
    }
  }
}
