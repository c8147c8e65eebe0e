import ArgumentParser
import Interop
import Runs
import Studies

/// How to read a table of runs.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Columns for fields, with a factor where the unit differs.",
      discussion: "For example: params=N,tokens=D,learning_rate=lr,batch_tokens=bs*2048",
      valueName: "field=column,..."))
  var map: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Read only rows whose column has this text; of a study with several variants, variant=1.",
      valueName: "column=text"))
  var filters: [String] = []

  @Option(help: "What params counts: unspecified, total, non-embedding or active.")
  var paramsKind: ParameterCountKind?

  var saysAnything: Bool { map != nil || !filters.isEmpty || paramsKind != nil }

  func validate() throws {
    _ = try columnMap()
    for filter in filters where !filter.contains("=") {
      throw ValidationError("--where is '\(filter)'; write it as column=text.")
    }
  }

  /// Reads the table at `path`.
  private func table(at path: String) throws -> RunTable {
    let progress = Progress("reading \(path)")
    defer { progress.end() }
    return try RunTable(
      path: path, map: try columnMap(),
      where: filters.map { filter in
        let sides = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(sides[0]), String(sides[1]))
      }, paramsKind: paramsKind, progress: { progress.show($0) })
  }

  /// The runs of the table or of the imports at `path`, to be fitted.
  func readableRuns(at path: String) throws -> ReadableRuns {
    guard let imported = try ImportedStudy(at: path) else {
      let table = try table(at: path)
      return ReadableRuns(
        records: table.records, notes: table.notes, digest: try Digest.ofPlainFile(path))
    }
    guard map == nil else {
      throw ValidationError(
        "--map is for tables; imported runs have the fields they were imported with.")
    }
    let chosen = try filters.reduce(imported.records) { records, filter in
      let sides = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return try records.holding(String(sides[1]), in: String(sides[0]))
    }
    guard !chosen.isEmpty else {
      throw ValidationError("No imported run has \(filters.joined(separator: ", ")).")
    }
    return ReadableRuns(imported: chosen.map { $0.counting(paramsKind ?? .unspecified) })
  }

  /// Refuses what only a table can heed.
  func checkForStudy() throws {
    guard map == nil else {
      throw ValidationError("--map is for tables; a study's runs are known by name.")
    }
  }

  /// The finished runs of a table or of a study's sweep.
  func records(at path: String) throws -> [RunRecord] {
    if let study = try StudyFolder(at: path) {
      try checkForStudy()
      return try StudyReading(study).choosing(where: filters).records
        .map { $0.counting(paramsKind ?? .total) }
    }
    let runs = try readableRuns(at: path)
    printWarnings(runs.notes)
    return runs.records
  }

  private func columnMap() throws -> ColumnMap {
    do {
      return try map.map(ColumnMap.init(parsing:)) ?? ColumnMap()
    } catch {
      throw ValidationError("\(error)")
    }
  }
}
