import ArgumentParser
import Foundation
import Interop
import Runs
import Studies

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export the runs of a study as a table.",
    discussion: """
      One row or one object a run, with every field that any run has. vernier import and vernier fit \
      read it back; imported again the records are equal.
      """)

  @Argument(help: ArgumentHelp("The folder of a study, imported or trained.", valueName: "DIR"))
  var study: String

  @Option(help: "csv, or jsonl for one JSON object a line.")
  var format = Format.csv

  @Flag(help: "With jsonl: the curve of each run as series, [{step, tokens, loss, learning_rate}].")
  var series = false

  @Option(name: .shortAndLong, help: ArgumentHelp("Where it goes.", valueName: "FILE"))
  var output: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl
  }

  func validate() throws {
    guard !series || format == .jsonl else {
      throw ValidationError("--series is for --format jsonl; a row of CSV holds no curve.")
    }
  }

  func run() throws {
    let source = try ExportSource(study)
    let file = try output.map { try OutputFile($0, sparing: source.folder.ownPaths) }
    if let file {
      try file.write { try write(source, $0) }
    } else {
      try FileHandle.standardOutput.write(as: "standard output") { try write(source, $0) }
    }
  }

  private func write(_ source: ExportSource, _ put: (Data) throws -> Void) throws {
    switch format {
    case .csv: try put(Data(RunTable.csv(of: source.records).utf8))
    case .jsonl:
      for record in source.records {
        try put(try record.jsonLine(curve: series ? try source.curve(of: record) : nil))
      }
    }
  }
}

/// The runs of a study, whoever trained them.
private struct ExportSource {
  let folder: StudyFolder
  let records: [RunRecord]
  private let imported: ImportedStudy?

  init(_ path: String) throws {
    folder = StudyFolder(URL(fileURLWithPath: path, isDirectory: true))
    imported = try ImportedStudy(folder)
    records = try imported?.records ?? StudyReading(folder).records
  }

  func curve(of record: RunRecord) throws -> [ImportedRun.CurvePoint] {
    try ImportedRunFolder(of: record, in: folder).curve()
  }
}
