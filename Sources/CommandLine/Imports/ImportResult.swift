import Foundation
import Interop
import Runs

/// What an import did, for people and for programs.
struct ImportResult: Encodable {
  /// Where the runs went; `nil` where they were only looked at.
  var study: String?
  var new = 0
  private(set) var runs: [Imported] = []
  var incomplete: [IncompleteLog] = []
  var damaged: [DamagedLog] = []
  var unreadable: [String] = []
  var otherFiles = 0

  struct Imported: Encodable {
    var id: String?
    var kind: String
    var record: RunRecord
    var origins: [String: FieldOrigin]
    var warnings: [ImportWarning]
    var points: Int
  }

  init(study: String?) { self.study = study }

  mutating func add(_ run: ImportedRun, kind: String) {
    runs.append(
      Imported(
        id: run.record.id, kind: kind, record: run.record, origins: run.origins,
        warnings: run.warnings, points: run.curve.count))
  }

  var isWhole: Bool { incomplete.isEmpty && damaged.isEmpty && unreadable.isEmpty }
}

/// A run that lacks a field without which there is no record.
struct IncompleteLog: Encodable {
  var path: String
  var name: String
  var missing: [String]
  var remedies: [String]

  init(path: String, run: IncompleteRun) {
    self.path = path
    name = run.name
    missing = run.missing.map(\.field)
    remedies = run.missing.map(\.remedy)
  }
}

/// A log that is damaged.
struct DamagedLog: Encodable {
  var path: String
  var message: String
  /// Bytes before the damage, where it has a place.
  var offset: Int?
  /// Whether what came before was imported all the same.
  var isKept: Bool

  init(path: String, error: ImportError, isKept: Bool) {
    self.path = path
    self.isKept = isKept
    message = "\(error)"
    offset = error.damage?.offset
  }
}

extension ImportResult {
  /// More lines than this of one thing are counted and not shown.
  private static let shown = 10

  var text: String {
    var lines = [head]
    if !runs.isEmpty { lines += ["", fields] + spans }
    if !incomplete.isEmpty {
      lines += ["", "\(incomplete.count.counted("run")) without a field that a record needs:"]
      lines += Self.listed(
        incomplete.map { log in
          "  \(log.path.fromHere)\(log.path.hasSuffix(log.name) ? "" : " (\(log.name))"): no "
            + zip(log.missing, log.remedies).map { "\($0); give \($1)" }.joined(separator: "; no ")
        })
    }
    if !damaged.isEmpty {
      lines += ["", "damaged or not readable:"]
      lines += Self.listed(
        damaged.map {
          "  \($0.message.fromHere)" + ($0.isKept ? " (what came before it is imported)" : "")
        })
      if damaged.contains(where: { !$0.isKept && $0.offset != nil }) {
        lines.append("  --keep-damaged imports what comes before the damage")
      }
    }
    if !unreadable.isEmpty {
      lines += ["", "not readable:"] + Self.listed(unreadable.map { "  \($0.fromHere)" })
    }
    return lines.joined(separator: "\n")
  }

  private var head: String {
    let kinds = Dictionary(grouping: runs, by: \.kind).sorted { $0.key < $1.key }
      .map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
    let ended = Dictionary(grouping: runs, by: \.record.status)
    let states = RunStatus.allCases.compactMap { status in
      ended[status].map { "\($0.count) \(status.rawValue)" }
    }.joined(separator: ", ")
    let others = otherFiles > 0 ? "; \(otherFiles.counted("other file")) passed over" : ""
    guard let study else {
      return runs.isEmpty
        ? "no run could be imported\(others)"
        : "\(runs.count.counted("run")) could be imported (\(kinds)): \(states)\(others)"
    }
    guard !runs.isEmpty else { return "no run was imported into \(study)\(others)" }
    return "\(runs.count.counted("run")) imported into \(study) (\(kinds)): \(new) new, \(states)"
      + others
  }

  /// Where the fields came from, alike ones together.
  private var fields: String {
    var counts: [String: [String: Int]] = [:]
    for run in runs {
      for (field, origin) in run.origins {
        counts[field, default: [:]][origin.rule, default: 0] += 1
      }
    }
    let order = RunField.required + RunField.optional.map(\.name)
    let rows = counts.sorted {
      (order.firstIndex(of: $0.key) ?? order.count, $0.key)
        < (order.firstIndex(of: $1.key) ?? order.count, $1.key)
    }.flatMap { field, rules in
      rules.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4).map {
        [field, $0.key, "\($0.value)"]
      }
    }
    return TextTable(["field", "from", "runs"], rows).text
  }

  /// What the runs span, and what no run tells though fits ask for it.
  private var spans: [String] {
    func span(_ name: String, _ values: [Double], _ format: (Double) -> String) -> String? {
      guard let least = values.min(), let greatest = values.max() else { return nil }
      let count = Set(values).count
      return least == greatest
        ? "\(name) \(format(least))"
        : "\(name) \(format(least)) to \(format(greatest)) (\(count) values)"
    }
    let records = runs.map(\.record)
    let spans = [
      span("params", records.map(\.params)) { Quantity.format($0) },
      span("tokens", records.map(\.tokens)) { Quantity.format($0) },
      span("batch_tokens", records.compactMap(\.batchTokens)) { Quantity.format($0) },
      span("learning_rate", records.map(\.learningRate)) { Quantity.learningRate($0) },
      span("loss", records.compactMap(\.loss)) { "\($0.rounded(significant: 5))" },
    ].compactMap(\.self)
    let kinds = Set(records.compactMap(\.lossKind)).sorted().joined(separator: "; ")
    var lines = ["", spans.joined(separator: ", ") + (kinds.isEmpty ? "" : " (\(kinds))")]
    let unknown = Self.wanted.filter { field in runs.contains { $0.origins[field] == nil } }
    if !unknown.isEmpty {
      lines.append(
        "not told by all logs: \(unknown.joined(separator: ", ")); give them by --set "
          + "\(unknown[0])=VALUE or a file \(ImportMapping.fileName)")
    }
    return lines
  }

  /// What a fit compares runs by, or rests on, besides what it needs.
  private static let wanted = [
    "batch_tokens", "loss_kind", "schedule.kind", "corpus", "tokenizer", "weight_decay.value",
    "seed",
  ]

  private static func listed(_ lines: [String]) -> [String] {
    guard lines.count > shown else { return lines }
    return lines.prefix(shown) + ["  and \(lines.count - shown) more; --format json lists all"]
  }

  /// What should be known of the runs, alike warnings together.
  func printWarnings() {
    let groups = Dictionary(grouping: runs.flatMap { run in run.warnings.map { (run, $0) } }) {
      $0.1.code
    }
    for (code, warnings) in groups.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      for (run, warning) in warnings.prefix(3) {
        printError(
          "warning [\(code.rawValue)]: \((run.record.source?.file ?? run.id ?? "").fromHere): "
            + "\(warning.message)\n")
      }
      if warnings.count > 3 {
        printError(
          "warning [\(code.rawValue)]: and \(warnings.count - 3) runs more; --format json lists all\n"
        )
      }
    }
  }
}

extension String {
  /// The text with paths below the working folder as people type them.
  fileprivate var fromHere: String {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
      .resolvingSymlinksInPath().path
    return here == "/" ? self : replacingOccurrences(of: here + "/", with: "")
  }
}
