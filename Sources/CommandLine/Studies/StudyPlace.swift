import Foundation
import Runs
import Studies

/// Which study is meant, and which folder is its own.
struct StudyPlace {
  let folder: StudyFolder
  private let file: URL
  /// The study's file, when it is not the one in the study's folder.
  var copiedFrom: String? {
    file.resolvingSymlinksInPath().path == folder.studyURL.resolvingSymlinksInPath().path
      ? nil : file.lastPathComponent.replacingOccurrences(of: "\n", with: " ")
  }

  /// - Parameters:
  ///   - path: A study file or a study's folder.
  ///   - output: The folder to sweep in.
  /// - Throws: When there is no study, or its folder would be none.
  init(_ path: String, output: String?) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw StudyError.missing(path)
    }
    let given = URL(fileURLWithPath: path)
    if isFolder.boolValue {
      file = StudyFolder(given).studyURL
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw StudyError.noStudy(folder: path)
      }
    } else {
      file = given
    }
    if let output {
      guard !output.isEmpty else { throw StudyError.notAFolder("''") }
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: output, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        throw StudyError.notAFolder(output)
      }
      folder = StudyFolder(URL(fileURLWithPath: output, isDirectory: true))
    } else if file.lastPathComponent == "study.yaml" {
      folder = StudyFolder(file.deletingLastPathComponent())
    } else {
      folder = StudyFolder(
        URL(
          fileURLWithPath: file.deletingPathExtension().lastPathComponent, isDirectory: true))
    }
    guard !RunFolder(folder.url).hasRun else { throw StudyError.isRun(folder.url.relativePath) }
  }

  /// What is asked, with absolute paths, on the study's text or on another.
  func study(corpus: String?, validation: String?) throws -> StudyDescription {
    var study = try StudyDescription(contentsOfFile: file.path)
    study = study.resolvingPaths(in: file.deletingLastPathComponent().path)
    guard corpus != nil || validation != nil else { return study }
    let here = FileManager.default.currentDirectoryPath
    guard case .bytes(let path, let heldOut) = study.corpus else {
      throw OtherCorpus(file: file.path)
    }
    let given = CorpusDescription.bytes(path: corpus ?? path, validation: validation ?? heldOut)
    study.corpus = given.resolvingPaths(in: here)
    return study
  }
}

/// `--corpus` for a study of no text.
struct OtherCorpus: Error, CustomStringConvertible {
  let file: String

  var description: String {
    "\(file) has a corpus of another kind than bytes, in whose place --corpus and --validation cannot "
      + "stand; change `corpus` in the file"
  }
}
