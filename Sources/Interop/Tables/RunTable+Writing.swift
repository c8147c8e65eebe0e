import Foundation
package import Runs

extension RunTable {
  /// The CSV text of `records`, in columns that reading knows.
  ///
  /// Columns that no record fills are left out.
  package static func csv(of records: [RunRecord]) -> String {
    let required: [(name: String, text: (RunRecord) -> String?)] = [
      ("params", { $0.params.plain }), ("tokens", { $0.tokens.plain }),
      ("learning_rate", { $0.learningRate.plain }), ("loss", { $0.loss?.plain ?? "" }),
    ]
    let columns = required + RunField.optional.map { field in (field.name, { field.text(in: $0) }) }
    let used = columns.filter { column in records.contains { column.text($0) != nil } }
    let header = used.map(\.name).joined(separator: ",")
    let rows = records.map { record in
      used.map { column in (column.text(record) ?? "").csvField }.joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }
}
