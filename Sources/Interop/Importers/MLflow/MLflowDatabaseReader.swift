/// Reads MLflow's SQLite database, again whenever somebody wrote to it.
final class MLflowDatabaseReader: RunReader {
  private static let mostRuns = 200_000
  private static let mostKeys = 20_000

  private(set) var logs: [RunLog] = []

  private let database: ReadOnlyDatabase
  private let keeps: @Sendable (String) -> Bool
  private var version: Int?
  private var places: [String: Int] = [:]
  private var hasExperiments = false
  private var hasTags = false

  init(_ path: String, keeping keeps: @escaping @Sendable (String) -> Bool) throws(ImportError) {
    database = try ReadOnlyDatabase(path)
    self.keeps = keeps
    try database.check(
      table: "runs", columns: ["run_uuid", "name", "status", "lifecycle_stage", "start_time"])
    try database.check(
      table: "metrics", columns: ["run_uuid", "key", "value", "timestamp", "step", "is_nan"])
    try database.check(table: "params", columns: ["run_uuid", "key", "value"])
    hasTags = has("tags", ["run_uuid", "key", "value"])
    hasExperiments =
      has("experiments", ["experiment_id", "name"]) && has("runs", ["experiment_id"])
  }

  private func has(_ table: String, _ columns: [String]) -> Bool {
    (try? database.check(table: table, columns: columns)) != nil
  }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    database.allowWork()
    let now = try database.version()
    if now == version { return }
    (logs, places) = ([], [:])
    try readRuns()
    try readSettings()
    try readMetrics(progress)
    version = now
  }

  private func readRuns() throws(ImportError) {
    let order = "ORDER BY start_time, run_uuid"
    let select =
      hasExperiments
      ? """
      SELECT run_uuid, runs.name, status, experiments.name FROM runs
      LEFT JOIN experiments ON experiments.experiment_id = runs.experiment_id
      WHERE runs.lifecycle_stage IS NOT 'deleted' \(order)
      """
      : "SELECT run_uuid, name, status, NULL FROM runs WHERE lifecycle_stage IS NOT 'deleted' \(order)"
    let path = database.path
    try database.query(select) { row throws(ImportError) in
      guard let id = row.text(0), places[id] == nil else { return }
      guard logs.count < Self.mostRuns else {
        throw .tooLarge(path, what: "runs", limit: Self.mostRuns)
      }
      let name = row.text(1) ?? ""
      var log = RunLog(name: name.isEmpty ? id : name, keeping: keeps)
      log.identity = "mlflow \(id)"
      log.end = MLflowStatus.end(row.text(2) ?? "")
      if let experiment = row.text(3) {
        log.set("mlflow.experiment", .text(experiment), at: place(id))
      }
      places[id] = logs.count
      logs.append(log)
    }
  }

  private func place(_ run: String) -> String { "\(database.path), run \(run)" }

  private func readSettings() throws(ImportError) {
    if hasTags {
      try database.query("SELECT run_uuid, key, value FROM tags") { row throws(ImportError) in
        guard let (run, id) = run(row), let key = row.text(1), let value = row.text(2) else {
          return
        }
        if key == "mlflow.runName", !value.isEmpty { logs[run].name = value }
        logs[run].set("tags.\(key)", .text(value), at: place(id))
      }
    }
    try database.query("SELECT run_uuid, key, value FROM params") { row throws(ImportError) in
      guard let (run, id) = run(row), let key = row.text(1), let value = row.text(2) else { return }
      logs[run].set(key, .text(value), at: place(id))
    }
  }

  private func run(_ row: DatabaseRow) -> (place: Int, id: String)? {
    guard let id = row.text(0), let place = places[id] else { return nil }
    return (place, id)
  }

  /// Reads the metrics that are kept, each in the order of `MlflowClient.get_metric_history`.
  ///
  /// That of the table's primary key, so that nothing is sorted.
  private func readMetrics(_ progress: (Int) -> Void) throws(ImportError) {
    var keys: [String] = []
    try database.query(
      "SELECT DISTINCT key FROM metrics ORDER BY key LIMIT \(Self.mostKeys)"
    ) { row in
      if let key = row.text(0), keeps(key) { keys.append(key) }
    }
    var rows = 0
    for key in keys {
      var series: [Int: Int] = [:]
      try database.query(
        """
        SELECT run_uuid, step, value, is_nan FROM metrics
        WHERE key = ? ORDER BY timestamp, step, run_uuid, value
        """, [key]
      ) { row throws(ImportError) in
        guard let (run, _) = run(row), let step = row.int(1), let value = row.number(2),
          let metric = series[run] ?? logs[run].metric(key)
        else { return }
        series[run] = metric
        let isNaN = row.int(3) ?? 0 != 0
        logs[run].append(isNaN ? .nan : value, at: step, to: metric)
        rows += 1
        if rows.isMultiple(of: 10_000) { progress(rows * Self.bytesOfRow) }
      }
    }
    progress(FileVersion(database.path)?.bytes ?? 0)
  }

  /// Roughly what a row takes with its place in the index.
  private static let bytesOfRow = 150
}
