package import Foundation
package import Interop
package import Runs

/// The files of an imported run: `import.json`, its curve in `events.jsonl`, and `status.json`.
package struct ImportedRunFolder: Sendable {
  private let folder: RunFolder

  package init(of record: RunRecord, in study: StudyFolder) {
    let id = record.id ?? ""
    folder = study.run(Self.isFileName(id) ? id : Digest(of: Array(id.utf8)).shortID)
  }

  /// Whether an id can name a folder; one from a table may hold anything.
  private static func isFileName(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 128 && !id.hasPrefix(".")
      && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }

  package var manifestURL: URL { folder.url.appending(path: "import.json") }

  /// What `import.json` holds: the record, and where all of it came from.
  package struct Manifest: Codable, Sendable {
    package static let version = 1

    package var version = Self.version
    package var kind: String
    package var record: RunRecord
    package var origins: [String: FieldOrigin]
    package var warnings: [ImportWarning]
  }

  package func write(_ run: ImportedRun, kind: String) throws {
    try folder.url.makeFolder()
    let manifest = Manifest(
      kind: kind, record: run.record, origins: run.origins, warnings: run.warnings)
    let encoder = RecordCoding.encoder()
    encoder.outputFormatting.insert(.prettyPrinted)
    try manifestURL.replace(with: try encoder.encode(manifest))
    if run.curve.isEmpty {
      try? FileManager.default.removeItem(at: folder.log.url)
    } else {
      try write(run.curve)
    }
    let state: RunState.State =
      switch run.record.status {
      case .finished: .finished
      case .diverged: .diverged
      case .unfinished: .stopped
      }
    let step = run.curve.last?.step ?? Int(exactly: (run.record.steps ?? 0).rounded()) ?? 0
    try folder.write(RunState(state: state, step: step, attempt: 1))
  }

  private static let pieceBytes = 1 << 20

  private func write(_ curve: [ImportedRun.CurvePoint]) throws {
    // Of one name, so that what an interrupted import leaves is written over by the next.
    let file = try ReplacementFile(folder.log.url, by: ".events.jsonl.new")
    var events = CurveEvents()
    for point in curve {
      events.append(point)
      guard events.bytes.count >= Self.pieceBytes else { continue }
      try file.write(events.bytes)
      events.removeAll()
    }
    try file.write(events.bytes)
    try file.finish()
  }

  /// The curve of the run; empty where only its end was imported.
  ///
  /// - Throws: When it cannot be read.
  package func curve() throws -> [ImportedRun.CurvePoint] {
    guard FileManager.default.fileExists(atPath: folder.log.url.path) else { return [] }
    let lines = try JSONLines(folder.log.url.path)
    var curve: [ImportedRun.CurvePoint] = []
    while let event = try lines.next() {
      guard let kind = event["kind"]?.text, kind == "train" || kind == "validation",
        let step = event["step"]?.number.flatMap({ Int(exactly: $0) })
      else { continue }
      if curve.last?.step != step {
        curve.append(ImportedRun.CurvePoint(step: step, tokens: event["tokens"]?.number))
      }
      let last = curve.count - 1
      if kind == "validation" {
        curve[last].validationLoss = event["loss"]?.number
      } else {
        curve[last].loss = event["loss"]?.number
        curve[last].learningRate = event["learning_rate"]?.number
      }
    }
    return curve
  }
}
