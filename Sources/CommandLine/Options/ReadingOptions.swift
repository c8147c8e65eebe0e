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
    help: ArgumentHelp("Read only rows whose column has this text.", valueName: "column=text"))
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
  func table(at path: String) throws -> RunTable {
    let progress = Progress("reading \(path)")
    defer { progress.end() }
    return try RunTable(
      path: path, map: try columnMap(),
      where: filters.map { filter in
        let sides = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(sides[0]), String(sides[1]))
      }, paramsKind: paramsKind, progress: { progress.show($0) })
  }

  /// Refuses what only a table can heed.
  func checkForStudy() throws {
    guard map == nil, filters.isEmpty else {
      throw ValidationError("--map and --where are for tables; a study's runs are known by name.")
    }
  }

  /// The finished runs of a table or of a study's sweep.
  func records(at path: String) throws -> [RunRecord] {
    if let study = StudyFolder(at: path) {
      try checkForStudy()
      return try StudyReading(study).records.map { $0.counting(paramsKind ?? .total) }
    }
    let table = try table(at: path)
    printWarnings(table.notes)
    return table.records
  }

  private func columnMap() throws -> ColumnMap {
    do {
      return try map.map(ColumnMap.init(parsing:)) ?? ColumnMap()
    } catch {
      throw ValidationError("\(error)")
    }
  }
}
