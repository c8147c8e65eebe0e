import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct MLflowImporterTests {
  private let importer = MLflowImporter()
  private let fixtures = ImporterFixtures.path("mlflow")
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func database(_ more: String = "") throws -> String {
    let path = folder.file("mlflow.db")
    let sql = try String(contentsOfFile: fixtures + "/mlflow.sql", encoding: .utf8)
    try ImporterFixtures.run(sql + more, on: path)
    return path
  }

  /// The id of the run that finished, in SQL.
  private let finished = "(SELECT run_uuid FROM runs WHERE name = 'finished')"

  private func read(_ path: String) throws -> [RunLog] {
    let reader = try importer.reader(of: LogPlace(path: path, files: [path])) { _ in true }
    try reader.advance { _ in }
    return reader.logs
  }

  private func points(_ series: MetricSeries) -> [[UInt64]] {
    zip(series.steps, series.values).map { step, value in
      let finite = value == .infinity ? .greatestFiniteMagnitude : value
      return [UInt64(step), finite.bitPattern]
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test("both stores of the same runs say the same")
  func stores() throws {
    let inDatabase = try read(try database()).sorted { $0.name < $1.name }
    let inFolder = try ImporterFixtures.runs(importer, fixtures).sorted { $0.name < $1.name }
    #expect(inDatabase.map(\.name) == ["diverged", "finished"])
    #expect(inFolder.map(\.name) == ["diverged", "finished"])
    #expect(inFolder.map(\.end) == [.failed("FAILED"), .finished])
    for (log, other) in zip(inDatabase, inFolder) {
      #expect(log.end == other.end)
      #expect(log.metrics.map(\.name).sorted() == other.metrics.map(\.name).sorted())
      for series in log.metrics {
        let same = try #require(other.series(series.name))
        // The store of files keeps the order of logging, the database that of times; and it has
        // the greatest number in place of infinity.
        #expect(points(series) == points(same))
      }
      for (key, setting) in log.settings where key != "mlflow.experiment" {
        #expect(other.settings[key]?.value == setting.value, "\(key)")
      }
    }
  }

  @Test("a run has its id, its settings and its numbers")
  func run() throws {
    let log = try #require(try read(try database()).first { $0.name == "finished" })
    #expect(log.identity?.wholeMatch(of: /mlflow [0-9a-f]{32}/) != nil)
    #expect(log.settings["model/width"]?.value == .text("256"))
    #expect(log.settings["note"]?.value == .text("two\nlines and größe"))
    #expect(log.settings["tags.seed"]?.value == .text("1"))
    #expect(log.settings["mlflow.experiment"]?.value == .text("sweep"))
    let loss = try #require(log.series("train/loss"))
    #expect(loss.values.prefix(3) == [7.5, 6.289291416275995, 5.721970074886271])
    #expect(try read(try database2()).first?.series("train/loss")?.values.last?.isNaN == true)
  }

  /// The run that diverged, alone.
  private func database2() throws -> String {
    let path = folder.file("mlflow.db")
    try ImporterFixtures.run("DELETE FROM runs WHERE name = 'finished'", on: path)
    return path
  }

  @Test("a database that grows is read again, and not when nothing was written")
  func growing() throws {
    let path = try database()
    #expect(importer.recognizes(ImporterFixtures.file(path)))
    let reader = try importer.reader(of: LogPlace(path: path, files: [path])) { _ in true }
    try reader.advance { _ in }
    let before = reader.logs.flatMap(\.metrics).map(\.steps.count).reduce(0, +)
    var calls = 0
    try reader.advance { _ in calls += 1 }
    #expect(calls == 0)
    try ImporterFixtures.run(
      """
      INSERT INTO metrics VALUES
      ('train/loss', 1.5, 1904164645000, \(finished), 900, 0),
      ('train/loss', 1.25, 1904164645000, \(finished), 901, 0);
      """, on: path)
    try reader.advance { _ in calls += 1 }
    #expect(calls > 0)
    #expect(reader.logs.flatMap(\.metrics).map(\.steps.count).reduce(0, +) == before + 2)
    let loss = reader.logs.first { $0.name == "finished" }?.series("train/loss")
    #expect(loss?.values.suffix(2) == [1.5, 1.25])
  }

  @Test(
    "databases whose tables are computed are refused",
    arguments: [
      """
      DROP TABLE metrics; CREATE VIEW metrics AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL
      SELECT n + 1 FROM c) SELECT n AS step, 'a' AS key, 1.0 AS value, 1 AS timestamp,
      '' AS run_uuid, 0 AS is_nan FROM c;
      """,
      "ALTER TABLE params ADD COLUMN more TEXT AS (hex(zeroblob(1000000)));",
      "DROP TABLE runs;", "ALTER TABLE metrics RENAME COLUMN step TO steps;",
      "DROP TABLE params; CREATE VIRTUAL TABLE params USING fts5(run_uuid, key, value);",
    ])
  func computed(change: String) throws {
    let path = try database(change)
    let error = try #require(throws: ImportError.self) { try read(path) }
    #expect(error.description.contains("table"), "\(error)")
    #expect(!importer.recognizes(ImporterFixtures.file(path)))
  }

  @Test("values of other types than MLflow's are passed over")
  func types() throws {
    let path = try database(
      """
      INSERT INTO metrics VALUES
      (x'00', x'00', x'00', x'00', x'00', 0), ('lr', 'text', 5, 'x', 'y', 0),
      ('lr', x'FF', 1904164645000, \(finished), 900, 0);
      INSERT INTO params VALUES ('a', x'00', \(finished));
      """)
    let log = try #require(try read(path).first { $0.name == "finished" })
    #expect(log.settings["a"] == nil)
    #expect(log.series("lr")?.steps.contains(900) == false)
  }

  @Test("a pipe beside a database holds nobody up")
  func pipe() throws {
    let path = try database()
    #expect(mkfifo(path + "-journal", 0o600) == 0)
    #expect(throws: ImportError.notAFile(path + "-journal")) { try read(path) }
  }

  @Test("ten thousand runs are read in a moment")
  func manyRuns() throws {
    let path = try database(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
      INSERT INTO runs (run_uuid, name, status, lifecycle_stage) SELECT printf('%032d', i), i,
      'FINISHED', 'active' FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
      INSERT INTO metrics SELECT 'train/loss', 1.0 / i, i, printf('%032d', i % 10000 + 1), i, 0 FROM n;
      """)
    let logs = try read(path)
    #expect(logs.count == 10_002)
    #expect(logs.count { $0.series("train/loss")?.steps.count == 5 } == 10_000)
  }
}

@Suite struct MLflowFolderTests {
  private let importer = MLflowImporter()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: folder.file("mlruns/1/run/" + name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func read() throws -> RunLog {
    try #require(try ImporterFixtures.runs(importer, folder.file("mlruns")).first)
  }

  private let meta = "run_uuid: abc\nlifecycle_stage: active\nstatus: 1\n"

  @Test("lines of every version are read, a cut one is left")
  func lines() throws {
    try write(meta, to: "meta.yaml")
    try write("5 1.5\n6 nan 2\n7 -inf 3\n8 1e-05 4 data 0123\n9 2.5 5", to: "metrics/a/b")
    let log = try read()
    #expect(log.name == "abc" && log.identity == "mlflow abc" && log.end == .running)
    let series = try #require(log.series("a/b"))
    #expect(series.steps == [0, 2, 3, 4])
    #expect(series.values.map(\.description) == ["1.5", "nan", "-inf", "1e-05"])
  }

  @Test("a line that is no point is an error at its place")
  func damage() throws {
    try write(meta, to: "meta.yaml")
    try write("5 1.5 1\nnonsense\n", to: "metrics/loss")
    let error = try #require(throws: ImportError.self) { try read() }
    #expect(error.description.contains("metrics/loss, byte 8: expected a time, a value"))
  }

  @Test("links and pipes are not followed")
  func links() throws {
    try write(meta, to: "meta.yaml")
    try write("secret", to: "secret")
    try write("1", to: "params/seed")
    let params = folder.file("mlruns/1/run/params")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: params + "/stolen", withDestinationPath: "../secret")
    try files.createSymbolicLink(atPath: params + "/loop", withDestinationPath: "..")
    #expect(mkfifo(params + "/pipe", 0o600) == 0)
    #expect(try read().settings.keys.sorted() == ["seed"])
  }

  @Test("deleted runs, and what only looks like a run, are left out")
  func leftOut() throws {
    try write("run_id: a\nlifecycle_stage: deleted\n", to: "meta.yaml")
    #expect(try ImporterFixtures.runs(importer, folder.file("mlruns")).isEmpty)
    for path in ["mlruns/.trash/1/a/meta.yaml", "mlruns/1/models/a/meta.yaml"] {
      let file = LogFile(path: path, bytes: 10, head: Array(meta.utf8))
      #expect(!importer.recognizes(file))
    }
    let experiment = LogFile(
      path: "mlruns/1/meta.yaml", bytes: 10,
      head: Array("experiment_id: 1\nlifecycle_stage: active\n".utf8))
    #expect(!importer.recognizes(experiment))
  }

  @Test("a run that is written on is read again")
  func growing() throws {
    try write(meta, to: "meta.yaml")
    try write("5 1.5 1\n", to: "metrics/loss")
    let path = folder.file("mlruns/1/run/meta.yaml")
    let reader = try importer.reader(of: LogPlace(path: path, files: [path])) { _ in true }
    try reader.advance { _ in }
    #expect(reader.logs.first?.series("loss")?.values == [1.5])
    try write("5 1.5 1\n6 1.25 2\n", to: "metrics/loss")
    try reader.advance { _ in }
    #expect(reader.logs.first?.series("loss")?.values == [1.5, 1.25])
  }
}
