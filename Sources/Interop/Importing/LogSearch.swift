import Foundation
import Runs

/// Finds the runs whose logs lie in a file or anywhere in a folder.
///
/// Links are not followed, so that nothing outside the folder is read and nothing twice.
package struct LogSearch {
  /// A run's logs, and who reads them.
  package struct Finding: Sendable {
    package var importer: any RunImporter
    package var place: LogPlace
  }

  private static let mostFiles = 2_000_000
  private static let deepest = 64
  private static let headBytes = 4096
  /// A folder with this store is a study, and what it keeps of its runs is no log of another tool.
  private static let studyStore = "study.sqlite"
  private static let studyRuns = "runs"

  /// In the order of their paths.
  package private(set) var findings: [Finding] = []
  /// Files that nobody knows.
  package private(set) var otherFiles = 0
  /// Files and folders that cannot be read.
  package private(set) var unreadable: [String] = []

  /// - Parameters:
  ///   - path: A log, or a folder to search.
  ///   - kind: The only importer to ask; all are, where it is `nil`.
  ///   - progress: Called now and then with the number of files seen.
  /// - Throws: When there is nothing of a known kind.
  package init(
    _ path: String, kind: String? = nil, progress: (Int) -> Void = { _ in }
  ) throws(ImportError) {
    let importers = try Self.importers(kind)
    guard !path.isEmpty else { throw .noFile("''") }
    let root = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    var status = stat()
    guard stat(root.path, &status) == 0 else { throw .noFile(path) }
    var claims: [[LogFile]] = Array(repeating: [], count: importers.count)
    var seen = 0
    if status.st_mode & S_IFMT == S_IFDIR {
      var pending = [(folder: root.path, depth: 0)]
      while let (folder, depth) = pending.popLast() {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
          unreadable.append(folder)
          continue
        }
        let isStudy = names.contains(Self.studyStore)
        for name in names.sorted() where !(isStudy && name == Self.studyRuns) {
          let entry = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
          var status = stat()
          guard lstat(entry, &status) == 0 else { continue }
          if status.st_mode & S_IFMT == S_IFDIR, depth < Self.deepest {
            pending.append((entry, depth + 1))
          } else if status.st_mode & S_IFMT == S_IFREG {
            seen += 1
            guard seen <= Self.mostFiles else {
              throw .tooLarge(path, what: "a number of files", limit: Self.mostFiles)
            }
            if seen.isMultiple(of: 256) { progress(seen) }
            claim(entry, bytes: Int(status.st_size), importers, &claims)
          }
        }
      }
    } else {
      // A pipe that nobody writes to would hold its reader for ever.
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path) }
      seen = 1
      claim(root.path, bytes: Int(status.st_size), importers, &claims, isNamed: true)
    }
    findings = Self.findings(importers, claims)
    guard !findings.isEmpty else {
      if let unreadable = unreadable.first {
        throw .unreadable(unreadable, reason: "permission denied")
      }
      if let kind { throw .otherKind(path, kind: kind) }
      throw .nothingFound(path, files: seen)
    }
  }

  private static func importers(_ kind: String?) throws(ImportError) -> [any RunImporter] {
    guard let kind else { return RunImporters.all }
    let chosen = RunImporters.all.filter { $0.kind == kind }
    guard !chosen.isEmpty else {
      throw .unknownKind(kind, nearest: kind.nearest(in: RunImporters.all.map(\.kind)))
    }
    return chosen
  }

  /// Gives the file to the first importer that knows it.
  private mutating func claim(
    _ path: String, bytes: Int, _ importers: [any RunImporter], _ claims: inout [[LogFile]],
    isNamed: Bool = false
  ) {
    guard let head = Self.head(path) else {
      unreadable.append(path)
      return
    }
    let file = LogFile(path: path, bytes: bytes, head: head)
    if let index = importers.firstIndex(where: { $0.recognizes(file) })
      ?? (isNamed ? Self.reader(ofUnknown: file, importers) : nil)
    {
      claims[index].append(file)
    } else if file.name != ImportMapping.fileName {
      otherFiles += 1
    }
  }

  /// Who says what is missing in a file that somebody names: the one that is asked for, or for a table
  /// the importer of runs.
  private static func reader(ofUnknown file: LogFile, _ importers: [any RunImporter]) -> Int? {
    if importers.count == 1 { return 0 }
    guard TableHeader(file) != nil else { return nil }
    return importers.firstIndex { $0.kind == RunTableImporter().kind }
  }

  private static func head(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: headBytes)
    let count = read(descriptor, &head, headBytes)
    return count < 0 ? nil : Array(head[..<count])
  }

  /// The runs of all importers; a folder that is one run's own holds no other importer's.
  private static func findings(
    _ importers: [any RunImporter], _ claims: [[LogFile]]
  ) -> [Finding] {
    var findings: [Finding] = []
    var owned: Set<String> = []
    for (importer, files) in zip(importers, claims) where !files.isEmpty {
      let places = importer.places(among: files).filter { place in
        !isInside(place.path, owned)
      }
      findings += places.map { Finding(importer: importer, place: $0) }
      owned.formUnion(places.flatMap(\.ownedFolders))
    }
    return findings.sorted { $0.place.path < $1.place.path }
  }

  private static func isInside(_ path: String, _ folders: Set<String>) -> Bool {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    while parts.count > 1 {
      parts.removeLast()
      if folders.contains(parts.joined(separator: "/")) { return true }
    }
    return false
  }
}
