import Foundation
package import Interop
package import Runs

/// A study whose runs were imported from logs; none of it is trained here.
package struct ImportedStudy: Sendable {
  package let folder: StudyFolder
  /// In the order of their ids, those that have not finished too.
  package let records: [RunRecord]

  /// The imported runs of the folder; `nil` where there are none, or it is a study that is trained.
  ///
  /// - Throws: When the store cannot be read.
  package init?(_ folder: StudyFolder) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: folder.storeURL.path),
      !files.fileExists(atPath: folder.studyURL.path)
    else { return nil }
    let store = try StudyStore(reading: folder.storeURL)
    let records = try store.importedRuns()
    guard !records.isEmpty else { return nil }
    self.folder = folder
    self.records = records
  }

  /// The curve of a run, where it was imported with one.
  package func curve(of record: RunRecord) throws -> [ImportedRun.CurvePoint] {
    try ImportedRunFolder(of: record, in: folder).curve()
  }
}

/// Writes imported runs into a study's folder; it alone does, for as long as it lives.
package final class StudyImport {
  package let folder: StudyFolder
  private let store: StudyStore
  private let lock: FolderLock
  /// Whether the folder was made for runs of which none has come.
  private var isInVain: Bool

  /// - Throws: When the folder is a study that is trained, is in use, or cannot be written.
  package init(_ folder: StudyFolder) throws {
    self.folder = folder
    if FileManager.default.fileExists(atPath: folder.studyURL.path) {
      throw StudyError.trainsItself(folder: folder.url.relativePath)
    }
    guard !RunFolder(folder.url).hasRun else {
      throw StudyError.isRun(folder.url.relativePath)
    }
    isInVain = !FileManager.default.fileExists(atPath: folder.url.path)
    try folder.url.makeFolder()
    lock = try FolderLock(folder.url)
    store = try StudyStore(writing: folder.storeURL)
    guard try store.study() == nil else {
      throw StudyError.trainsItself(folder: folder.url.relativePath)
    }
  }

  deinit {
    guard isInVain else { return }
    // Somebody may have put files of their own there meanwhile.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []
    let store = folder.storeURL.lastPathComponent
    guard names.allSatisfy({ $0 == FolderLock.fileName || $0.hasPrefix(store) }) else { return }
    for name in names { unlink(folder.url.appending(path: name).path) }
    rmdir(folder.url.path)
  }

  /// Keeps runs, each in a folder of its own; one that is there already is replaced.
  ///
  /// - Returns: How many were new.
  package func add(_ runs: [ImportedRun], kind: String) throws -> Int {
    if !runs.isEmpty { isInVain = false }
    var rows: [(id: String, kind: String, record: RunRecord)] = []
    for run in runs {
      try ImportedRunFolder(of: run.record, in: folder).write(run, kind: kind)
      rows.append((run.record.id ?? "", kind, run.record))
    }
    return try store.add(rows)
  }
}
