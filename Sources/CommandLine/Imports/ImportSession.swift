import Foundation
import Interop
import Runs
import Studies

/// Imports the runs under some paths into a study's folder.
struct ImportSession {
  private let choices: ImportChoices
  private let kind: String?
  private let keepsDamaged: Bool
  /// Where the runs go; `nil` where they are only looked at.
  private let study: StudyImport?
  private var folders = ToldFolders()

  /// How many runs, and points of their curves, are kept before they are written, so that memory is
  /// bounded.
  private static let batch = 256
  private static let batchPoints = 1 << 20

  init(
    into folder: StudyFolder?, kind: String?, choices: ImportChoices, keepsDamaged: Bool
  ) throws {
    self.choices = choices
    self.kind = kind
    self.keepsDamaged = keepsDamaged
    study = try folder.map { try StudyImport($0) }
  }

  /// Imports everything under `path` once.
  ///
  /// - Throws: When nothing can be read there; what is wrong with single runs is in `result`.
  mutating func add(_ path: String, to result: inout ImportResult) throws {
    let progress = Progress("reading \(path)")
    defer { progress.end() }
    let search = try LogSearch(path, kind: kind)
    result.otherFiles += search.otherFiles
    result.unreadable += search.unreadable
    let sidecars = Sidecars(choices, below: path)
    var pending: [(kind: String, run: ImportedRun)] = []
    for (index, finding) in search.findings.enumerated() {
      let done = Double(index) / Double(search.findings.count)
      let bytes = Double(max(finding.place.files.reduce(0) { $0 + Self.size(of: $1) }, 1))
      let place: PlaceImport
      do {
        place = try PlaceImport(finding, choices: try sidecars.choices(for: finding.place))
      } catch {
        result.damaged.append(DamagedLog(path: finding.place.path, error: error, isKept: false))
        continue
      }
      let damage = place.read { read in
        progress.show(done + min(Double(read) / bytes, 1) / Double(search.findings.count))
      }
      if let damage {
        result.damaged.append(
          DamagedLog(path: finding.place.path, error: damage, isKept: keepsDamaged))
        guard keepsDamaged else { continue }
      }
      var contents = place.contents
      folders.note(finding, in: &contents.runs)
      pending += contents.runs.map { (finding.importer.kind, $0) }
      result.damaged += contents.damagedRows.map {
        DamagedLog(path: finding.place.path, error: $0, isKept: false)
      }
      result.incomplete += contents.incomplete.map {
        IncompleteLog(path: finding.place.path, run: $0)
      }
      let points = pending.reduce(0) { $0 + $1.run.curve.count }
      if pending.count >= Self.batch || points >= Self.batchPoints {
        try keep(&pending, in: &result)
      }
      progress.show(done)
    }
    try keep(&pending, in: &result)
  }

  private func keep(
    _ pending: inout [(kind: String, run: ImportedRun)], in result: inout ImportResult
  ) throws {
    for (kind, runs) in Dictionary(grouping: pending, by: \.kind).sorted(by: { $0.key < $1.key }) {
      result.new += try study?.add(runs.map(\.run), kind: kind) ?? 0
      for (_, run) in runs { result.add(run, kind: kind) }
    }
    pending = []
  }

  private static func size(of file: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int ?? 0
  }

  /// Imports what is under `path`, and on whenever it has grown, until all runs have ended or a stop is
  /// asked for.
  func follow(_ path: String, until isStopped: () -> Bool) throws {
    let sidecars = Sidecars(choices, below: path)
    var followed: [String: PlaceImport] = [:]
    var shown: [String: RunRecord] = [:]
    var noted: Set<String> = []
    func note(_ text: String) {
      if noted.insert(text).inserted { printNote(text) }
    }
    var polls = 0
    while !isStopped() {
      if polls.isMultiple(of: 5) {
        let findings = (try? LogSearch(path, kind: kind))?.findings ?? []
        if findings.isEmpty { note("\(path) holds no log yet; waiting for one") }
        for finding in findings {
          // A run that writes another file is read anew from all of them.
          let name = "\(finding.importer.kind) \(finding.place.path)"
          guard followed[name]?.place != finding.place else { continue }
          do {
            followed[name] = try PlaceImport(
              finding, choices: try sidecars.choices(for: finding.place))
          } catch {
            note("\(error)")
          }
        }
      }
      polls += 1
      for (_, place) in followed.sorted(by: { $0.key < $1.key })
      where place.damage == nil && place.hasChanged {
        if let damage = place.read(isWhole: false) {
          note("\(damage)" + (place.damage == nil ? "" : "; it is followed no further"))
          guard keepsDamaged, place.damage != nil else { continue }
        }
        let contents = place.contents
        for row in contents.damagedRows { note("\(row); the row is left out") }
        for run in contents.incomplete {
          note(
            "\(place.place.path) lacks \(run.missing.map(\.field).joined(separator: ", ")) so far; give "
              + run.missing.map(\.remedy).joined(separator: "; "))
        }
        let changed = contents.runs.filter { shown[$0.record.id ?? ""] != $0.record }
        guard !changed.isEmpty else { continue }
        _ = try study?.add(changed, kind: place.importer.kind)
        for run in changed {
          shown[run.record.id ?? ""] = run.record
          print(Self.line(run.record, name: place.place.path))
        }
        fflush(nil)
      }
      if !followed.isEmpty, followed.values.allSatisfy(\.hasEnded) { return }
      Thread.sleep(forTimeInterval: 1)
    }
  }

  private static func line(_ record: RunRecord, name: String) -> String {
    let loss = record.loss.map { "loss \($0.rounded(significant: 5))" } ?? "no loss"
    return "\(name): step \((record.steps ?? 0).plain), \(Quantity.format(record.tokens)) tokens, "
      + "\(loss), \(record.status.rawValue)"
  }
}

/// Who told of a run in each folder: two loggers of one trainer tell of the same.
private struct ToldFolders {
  private var first: [String: (kind: String, file: String)] = [:]

  /// Warns of `runs` where another tool's log in the same folder came before theirs.
  mutating func note(_ finding: LogSearch.Finding, in runs: inout [ImportedRun]) {
    guard !runs.isEmpty, let file = finding.place.files.first else { return }
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
    let kind = finding.importer.kind
    guard let other = first[folder], other.kind != kind else {
      first[folder] = first[folder] ?? (kind, file)
      return
    }
    for index in runs.indices {
      runs[index].warnings.append(
        ImportWarning(
          .toldTwice,
          "\(other.file), read as \(other.kind), lies in the same folder: if both tell of one run, a fit "
            + "takes it for two. Import one kind with --from"))
    }
  }
}

/// Mapping files beside logs: one in a folder holds for all below it, a nearer one comes first.
private struct Sidecars {
  private let given: ImportChoices
  private let root: String

  init(_ given: ImportChoices, below path: String) {
    self.given = given
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    root = isThere && !isFolder.boolValue ? url.deletingLastPathComponent().path : url.path
  }

  func choices(for place: LogPlace) throws(ImportError) -> ImportChoices {
    var choices = given
    var folder = place.path
    while true {
      let file = URL(fileURLWithPath: folder).appending(path: ImportMapping.fileName).path
      if FileManager.default.fileExists(atPath: file) {
        choices = choices.merging(try ImportMapping.read(file))
      }
      guard folder != root, folder.hasPrefix(root), folder.count > 1 else { return choices }
      folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    }
  }
}
