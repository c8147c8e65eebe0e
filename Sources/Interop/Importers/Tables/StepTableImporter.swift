import Foundation
import Runs

/// Tables with a logged step in each row, one run each: Lightning's `metrics.csv`, exports of W&B
/// histories such as those of OLMo-ladder, logs of JSON lines, and W&B's exports of a line plot,
/// which hold several runs.
struct StepTableImporter: RunImporter {
  let kind = "steps"
  let reads =
    "a table with a logged step a row, CSV or JSON lines: Lightning's metrics.csv, exported W&B histories "
    + "and line plots, OLMo-ladder"

  static let stepColumns: Set<String> = [
    "step", "_step", "Step", "global_step", "trainer/global_step", "train/global_step", "iter",
    "iteration",
  ]

  let names = FieldNames(
    settings: [
      "learning_rate": ["learning_rate_peak"], "batch_tokens": ["batch_size_in_tokens"],
    ],
    metrics: [
      .loss: [
        MetricName("train_loss_step", .step), MetricName("train_loss_epoch", .window),
        MetricName("train/CE loss", .step), MetricName("train/CrossEntropyLoss", .step),
      ],
      .validationLoss: [
        "eval/c4_en-validation/CrossEntropyLoss", "eval/lm/c4_en-validation/CE loss",
        "eval/*/CrossEntropyLoss", "eval/lm/*/CE loss",
      ],
      .tokens: ["throughput/total_tokens", "throughput/total tokens"],
      .learningRate: [
        "optim/learning_rate_group0", "lr-AdamW", "lr-Adam", "lr-*", "optim/learning_rate_group*",
      ],
    ])

  /// Whether a column holds a loss, as far as its name tells.
  static func isLoss(_ column: String) -> Bool {
    let metrics = StepTableImporter().names.merging(.common).metrics
    let metric = Self.parts(of: column)?.metric ?? column
    return [CurveField.loss, .validationLoss].contains { field in
      (metrics[field] ?? []).contains { $0.matches(metric) }
    }
  }

  /// Whether a column holds a number of the curve, as far as its name tells.
  static func isMetric(_ column: String) -> Bool {
    StepTableImporter().names.merging(.common).metrics.values.contains { names in
      names.contains { $0.matches(column) }
    }
  }

  /// The run and the metric of a column of W&B's line plots, `RUN - METRIC`.
  static func parts(of column: String) -> (run: String, metric: String)? {
    guard let range = column.range(of: " - ", options: .backwards) else { return nil }
    return (String(column[..<range.lowerBound]), String(column[range.upperBound...]))
  }

  func recognizes(_ file: LogFile) -> Bool {
    TableHeader(file)?.isOfSteps ?? false
  }

  func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    StepTableReader(place.path, keeps: keeps)
  }
}

/// Reads a table of steps whole, and again when it has grown.
private final class StepTableReader: RunReader {
  private(set) var logs: [RunLog] = []
  private let path: String
  private let keeps: @Sendable (String) -> Bool
  private var bytesRead = -1
  /// Bounds of W&B's line plots are no metrics.
  private static let bounds = ["__MIN", "__MAX"]

  init(_ path: String, keeps: @escaping @Sendable (String) -> Bool) {
    self.path = path
    self.keeps = keeps
  }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    let length = try FileStream(path).length
    guard length != bytesRead else { return }
    do {
      logs =
        JSONRows.isJSONLines(path)
        ? try read(try JSONRows(path)) { progress(Int($0 * Double(length))) }
        : try read(try CSVReader(path: path)) { progress(Int($0 * Double(length))) }
    } catch {
      throw .table(error)
    }
    bytesRead = length
  }

  /// Where a column's numbers go.
  private struct Column {
    var index: Int
    var log: Int
    var metric: Int?
    var name: String
    var mayBeSetting: Bool
    /// What all rows so far have, and the first of them.
    private(set) var setting: (text: String, line: Int)?

    init(index: Int, log: Int, metric: Int?, name: String, mayBeSetting: Bool) {
      self.index = index
      self.log = log
      self.metric = metric
      self.name = name
      self.mayBeSetting = mayBeSetting
    }

    /// A column that changes from row to row holds no setting.
    mutating func note(_ text: String, line: Int) {
      if setting == nil {
        setting = (text, line)
      } else if setting?.text != text {
        setting = nil
        mayBeSetting = false
      }
    }
  }

  private func read<Rows: TableRows & ~Copyable>(
    _ rows: consuming Rows, _ progress: (Double) -> Void
  ) throws(TableError) -> [RunLog] {
    guard try rows.advance() else { throw .empty(path, needs: "a header and a row a logged step") }
    let header = try rows.texts()
    guard let step = header.firstIndex(where: StepTableImporter.stepColumns.contains) else {
      throw .missingFields(path, fields: ["step"], found: header)
    }
    let isPlot =
      header[step] == "Step"
      || header.indices.allSatisfy { $0 == step || StepTableImporter.parts(of: header[$0]) != nil }
    var logs: [RunLog] = []
    var columns: [Column] = []
    var places: [String: Int] = [:]
    for (index, column) in header.enumerated()
    where index != step && !Self.bounds.contains(where: { column.hasSuffix($0) }) {
      let parts = isPlot ? StepTableImporter.parts(of: column) : nil
      let run = parts?.run ?? Self.name(of: path)
      let log = places[run] ?? logs.count
      if log == logs.count {
        places[run] = log
        var new = RunLog(name: run, keeping: keeps)
        if parts != nil { new.identity = "\(path) \(run)" }
        logs.append(new)
      }
      let name = parts?.metric ?? column
      columns.append(
        Column(
          index: index, log: log, metric: logs[log].metric(name), name: name,
          mayBeSetting: !StepTableImporter.isMetric(name)))
    }
    var count = 0
    while try rows.advance() {
      count += 1
      if count.isMultiple(of: 4096) { progress(rows.fractionRead) }
      // A row that is being written is no row yet.
      guard rows.fieldCount == header.count else { continue }
      guard let at = Double(try rows.field(step)).flatMap({ Int(exactly: $0.rounded()) }) else {
        continue
      }
      for index in columns.indices {
        let text = try rows.field(columns[index].index)
        guard !text.isEmpty else { continue }
        let column = columns[index]
        if let metric = column.metric, let value = Double(text) {
          logs[column.log].append(value, at: at, to: metric)
        }
        if column.mayBeSetting { columns[index].note(text, line: rows.line) }
      }
    }
    for column in columns {
      guard let setting = column.setting else { continue }
      let value = Double(setting.text).map { LoggedValue.number($0) } ?? .text(setting.text)
      logs[column.log].set(column.name, value, at: "\(path), line \(setting.line)")
    }
    for (key, value) in Self.hparams(beside: path) {
      for index in logs.indices { logs[index].set(key, value, at: "hparams.yaml") }
    }
    return logs
  }

  private static func name(of path: String) -> String {
    let parts = path.split(separator: "/").suffix(2).map(String.init)
    // Lightning calls every file alike and tells runs apart by folders.
    return parts.last == "metrics.csv" ? parts[0] : parts.last ?? path
  }

  /// The settings that Lightning writes beside its metrics.
  private static func hparams(beside path: String) -> [(String, LoggedValue)] {
    let file = URL(fileURLWithPath: path).deletingLastPathComponent().appending(
      path: "hparams.yaml")
    guard let value = try? YAMLFile.value(file.path) else { return [] }
    var settings: [(String, LoggedValue)] = []
    value.flatten { settings.append(($0, $1)) }
    return settings
  }
}
