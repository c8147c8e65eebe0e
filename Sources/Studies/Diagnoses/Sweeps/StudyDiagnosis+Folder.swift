import Foundation
import Interop
import Runs

extension StudyDiagnosis {
  /// Every run of a study's folder, trained or imported.
  ///
  /// - Parameters:
  ///   - folder: The study.
  ///   - progress: Called now and then with the fraction done.
  /// - Throws: When there is no study, none of its runs has begun, or a log is damaged.
  package init(_ folder: StudyFolder, progress: (Double) -> Void = { _ in }) throws {
    let name = folder.url.lastPathComponent
    if let imported = try ImportedStudy(folder) {
      let runs = try imported.records.map { record in
        let evidence = RunEvidence(record, curve: try imported.curve(of: record))
        return StudiedRun(RunDiagnosis(evidence), isHeldOut: false)
      }
      self.init(name: name, runs: runs)
      return
    }
    let reading = try StudyReading(folder)
    var trunks: [String: [TrainingEvent]] = [:]
    var runs: [StudiedRun] = []
    var notBegun = 0
    for (place, stored) in reading.runs.enumerated() {
      progress(Double(place) / Double(reading.runs.count))
      let run = stored.run
      // What a trunk did is told of by each of its branches; by itself it ends at no horizon.
      guard run.role != .trunk else { continue }
      guard stored.state != nil else {
        notBegun += 1
        continue
      }
      if let trunk = run.trunk, trunks[trunk] == nil {
        trunks[trunk] = try folder.run(trunk).log.events()
      }
      do {
        let evidence = try RunEvidence(
          folder.run(run.id), trunk: run.trunk.flatMap { trunks[$0] } ?? [])
        runs.append(StudiedRun(RunDiagnosis(evidence), isHeldOut: run.role == .heldOut))
      } catch DiagnosisError.notBegun {
        notBegun += 1
      }
    }
    guard !runs.isEmpty else {
      throw StudyError.nothingTrained(folder: folder.url.relativePath, runs: reading.runs.count)
    }
    self.init(name: name, runs: runs, notBegun: notBegun)
  }
}
