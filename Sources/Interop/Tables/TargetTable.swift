package import ScalingLaws

/// The targets of a CSV file with columns `params`, `tokens` and, where wanted, `batch_tokens` and
/// `active_share`.
package enum TargetTable {
  /// The targets in order, each with its line.
  ///
  /// - Throws: A `TableError` for the first thing that is wrong.
  package static func read(
    _ path: String
  ) throws(TableError) -> [(scale: RunScale, line: Int)] {
    try ScaleTable(
      path,
      needs: "a header with params, tokens and, where wanted, batch_tokens and active_share, and "
        + "one row for each target"
    ).rows.map { ($0.scale, $0.line) }
  }
}
