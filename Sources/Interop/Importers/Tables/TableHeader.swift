import Runs

/// The columns of a table, and which fields they hold where nobody says so.
struct TableHeader {
  private static let sampledLines = 32

  let columns: [String]

  /// - Returns: `nil` for a file that is no table.
  init?(_ file: LogFile) {
    if JSONRows.isJSONLines(file.path) {
      guard let rows = try? JSONLines(file.path) else { return nil }
      var columns: [String] = []
      // A line may lack what others have.
      for _ in 0..<Self.sampledLines {
        do {
          guard let row = try rows.next() else { break }
          row.flatten { key, _ in
            let isCurve = key.hasPrefix(JSONRows.seriesKey + ".")
            if !isCurve, !key.isEmpty, !columns.contains(key) { columns.append(key) }
          }
        } catch {
          guard error.damage != nil else { break }
        }
      }
      guard !columns.isEmpty else { return nil }
      self.columns = columns
    } else {
      guard file.name.lowercased().hasSuffix(".csv"), var reader = try? CSVReader(path: file.path),
        (try? reader.advance()) == true, let columns = try? reader.texts()
      else { return nil }
      self.columns = columns
    }
  }

  init(columns: [String]) { self.columns = columns }

  /// The preset that such a table is known by.
  var preset: TablePreset? {
    TablePreset.all.first { $0.signature.allSatisfy(columns.contains) }
  }

  /// Whether a row may be a whole run.
  var isOfRuns: Bool {
    if preset != nil { return true }
    // A log may repeat in each line what was set.
    guard !isOfSteps else { return false }
    let map = columnMap(beside: ColumnMap())
    func has(_ field: String) -> Bool {
      Self.standIns[field, default: [field]].contains { map.columns[$0] != nil }
    }
    // The size or the length of all runs may be given in place of a column.
    return has("learning_rate") && has("loss") && (has("params") || has("tokens"))
  }

  /// Whether a row may be a logged step of a run.
  var isOfSteps: Bool {
    let names = StepTableImporter.stepColumns
    return columns.contains(where: names.contains)
      && columns.contains { column in StepTableImporter.isLoss(column) }
  }

  /// A column of such a name holds that field and no other.
  private static let fields = Set(RunField.required + RunField.optional.map(\.name))

  /// Fields that can stand in for one.
  private static let standIns = [
    "params": ["params", "params_total", "params_non_embedding", "params_active"]
  ]

  /// Which column holds which field: as `given` says, else that of its name, else one that is left
  /// and has a name that people use for it.
  func columnMap(beside given: ColumnMap) -> ColumnMap {
    var map = given
    let fields = RunField.required + RunField.optional.map(\.name)
    for field in fields where map.columns[field] == nil && columns.contains(field) {
      map.set(field, to: field)
    }
    var used = Set(map.columns.values.map(\.name))
    for field in fields where map.columns[field] == nil {
      let names = Self.names(of: field)
      guard let column = names.first(where: { columns.contains($0) && !used.contains($0) }) else {
        continue
      }
      map.set(field, to: column)
      used.insert(column)
    }
    return map
  }

  /// Names of columns that hold `field`, best first.
  private static func names(of field: String) -> [String] {
    let common = FieldNames.common
    switch field {
    case "tokens": return ["tokens", "D", "train_tokens"] + names(common.metrics[.tokens])
    case "loss":
      return ["loss", "final_loss"] + names(common.metrics[.validationLoss])
        + names(common.metrics[.loss])
    case "params": return ["params", "N"]
    case "status": return ["status", "State"]
    case "id": return ["id", "ID", "run_id"]
    default: return [field] + (common.settings[field] ?? []).map(\.key)
    }
  }

  private static func names(_ metrics: [MetricName]?) -> [String] { (metrics ?? []).map(\.name) }
}
