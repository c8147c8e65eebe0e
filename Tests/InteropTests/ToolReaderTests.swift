import Foundation
import Interop
import Support
import Testing

/// Beside the readers that the tools have for their own logs: all runs, metrics, steps and values.
@Suite(
  .enabled(if: ToolScripts.python != nil, "tools are compared with by `make test-python`"),
  .serialized)
struct ToolReaderTests {
  @Test("importers read what the tools' own readers do", arguments: ToolLogs.all + [ToolLogs.sweep])
  func committed(logs: ToolLogs) throws {
    try compare(logs, in: Fixtures.path(""))
  }

  @Test(
    "and of logs that the tools write now",
    arguments: ["wandb", "tensorboard", "mlflow", "huggingface", "lightning"])
  func made(tool: String) throws {
    let folder = try TemporaryFolder()
    try ToolScripts.run("make-fixtures.py", [folder.path, tool])
    let written = ToolLogs.all.filter { $0.path.hasPrefix(tool) }
    try #require(!written.isEmpty)
    for logs in written { try compare(logs, in: folder.path) }
  }

  private func compare(_ logs: ToolLogs, in folder: String) throws {
    let comparison = try ToolComparison(logs, in: folder)
    #expect(comparison.values > 100)
    for difference in comparison.differences.prefix(20) {
      Issue.record("\(logs.testDescription): \(difference)")
    }
    print(
      "\(logs.testDescription): \(comparison.runs) runs, \(comparison.metrics) metrics,",
      "\(comparison.values) values, \(comparison.settings) settings")
  }
}

/// Logs of a tool, and where its reader and the importer mean to differ.
struct ToolLogs: Sendable, CustomTestStringConvertible {
  /// The reader, of those in `read-logs.py`.
  var reader: String
  /// The importer.
  var kind: String
  /// In the folder of fixtures.
  var path: String
  /// What keys of settings begin with in the reader's words and in the importer's.
  var settings: [String: String] = [:]
  /// What names begin with that the tool logs for itself, and the importer leaves out.
  var own: [String] = []
  /// Whether the reader takes each file for a run, of which the importer joins those in a folder.
  var isByFile = false
  /// Runs of which the reader shows what a restart left, as the importer does only when it joins curves.
  var purged: Set<String> = []
  /// What is in the path of copies, which the importer passes over for the whole.
  var copies: String?

  var testDescription: String { "\(reader) of \(path)" }

  static let all = [
    wandb("wandb"),
    ToolLogs(
      reader: "tensorboard-file", kind: "tensorboard", path: "tensorboard", isByFile: true),
    ToolLogs(
      reader: "tensorboard", kind: "tensorboard", path: "tensorboard", purged: ["resumed"]),
    ToolLogs(
      reader: "mlflow", kind: "mlflow", path: "mlflow/mlruns",
      settings: ["params": "", "tags": "tags."]),
    ToolLogs(
      reader: "mlflow", kind: "mlflow", path: "mlflow/mlflow.sql",
      settings: ["params": "", "tags": "tags."]),
    ToolLogs(
      reader: "huggingface", kind: "huggingface", path: "huggingface",
      settings: ["state": "", "config": "config.", "whole": ""], own: ["stateful_callbacks"],
      copies: "/checkpoint-"),
    ToolLogs(reader: "lightning", kind: "steps", path: "lightning", settings: ["hparams": ""]),
  ]

  /// Written by minutes of training, and so not made anew.
  static let sweep = wandb("wandb-sweep")

  private static func wandb(_ path: String) -> ToolLogs {
    ToolLogs(
      reader: "wandb", kind: "wandb", path: path, settings: ["config": "", "summary": "summary."],
      own: ["_"])
  }
}
