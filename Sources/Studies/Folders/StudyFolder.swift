package import Foundation
package import Runs

/// The folder of a study: `study.yaml`, `study.sqlite` and `runs/<id>/`.
package struct StudyFolder: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package var studyURL: URL { url.appending(path: "study.yaml") }
  package var storeURL: URL { url.appending(path: "study.sqlite") }

  package func run(_ id: String) -> RunFolder {
    RunFolder(url.appending(path: "runs").appending(path: id))
  }

  /// Whether a study was ever swept here, or is asked for.
  package static func isStudy(_ url: URL) -> Bool {
    let folder = StudyFolder(url)
    return [folder.studyURL, folder.storeURL].contains {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  /// What the study's own file asks, with absolute paths.
  package func study() throws -> StudyDescription {
    guard FileManager.default.fileExists(atPath: studyURL.path) else {
      throw StudyError.noStudy(folder: url.path)
    }
    return try StudyDescription(contentsOfFile: studyURL.path).resolvingPaths(in: url.path)
  }

  /// Refuses to put `study` in the place of a study file that somebody else wrote and that asks
  /// something else.
  package func checkReplaceable(by study: StudyDescription) throws {
    guard FileManager.default.fileExists(atPath: studyURL.path) else { return }
    let text = try String(contentsOf: studyURL, encoding: .utf8)
    if text.hasPrefix(Self.mark) { return }
    guard try self.study() == study else { throw StudyError.otherStudy(studyURL.path) }
  }

  /// Writes the study's own file, complete, unless there is one that asks the same.
  package func write(_ study: StudyDescription, from file: String) throws {
    try checkReplaceable(by: study)
    let isThere = FileManager.default.fileExists(atPath: studyURL.path)
    if isThere, (try? self.study()) == study { return }
    let text = Self.mark + file + ", with what it leaves out filled in.\n"
    try studyURL.replace(with: Data((text + (try study.yaml)).utf8))
  }

  /// What a study file of ours begins with.
  private static let mark = "# Written by vernier from "
}
