import Foundation
package import Runs

extension RunTable {
  /// The CSV text of `records`, in columns that reading knows.
  ///
  /// Columns that no record fills are left out.
  package static func csv(of records: [RunRecord]) -> String {
    let columns: [(name: String, text: (RunRecord) -> String?)] = [
      ("params", { "\($0.params)" }), ("tokens", { "\($0.tokens)" }),
      ("batch_tokens", { $0.batchTokens.map { "\($0)" } }),
      ("params_total", { $0.paramsTotal.map { "\($0)" } }),
      ("params_active", { $0.paramsActive.map { "\($0)" } }),
      ("experts", { $0.experts.map { "\($0)" } }),
      ("experts_active", { $0.expertsActive.map { "\($0)" } }),
      ("learning_rate", { "\($0.learningRate)" }),
      ("effective_learning_rate", { $0.effectiveLearningRate.map { "\($0)" } }),
      ("loss", { $0.loss.map { "\($0)" } ?? "" }),
      ("status", { $0.status.rawValue }), ("trunk", \.trunk), ("seed", \.seed),
      ("trainer", \.trainer),
      ("loss_kind", \.lossKind), ("corpus", \.corpus), ("tokenizer", \.tokenizer),
    ]
    let used = columns.filter { column in records.contains { column.text($0) != nil } }
    let header = used.map(\.name).joined(separator: ",")
    let rows = records.map { record in
      used.map { ($0.text(record) ?? "").csvField }.joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }
}
