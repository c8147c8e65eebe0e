package import ScalingLaws

/// The runs of a CSV file that could be trained: columns `params`, `tokens`, `learning_rate` and,
/// where wanted, `batch_tokens`, `active_share` and `flops`, the cost of the whole run.
package enum CandidateTable {
  /// The runs in order.
  ///
  /// - Throws: A `TableError` for the first thing that is wrong.
  package static func read(_ path: String) throws(TableError) -> [RunCandidate] {
    try ScaleTable(
      path, required: ["learning_rate"], optional: ["flops"],
      needs: "a header with params, tokens, learning_rate and, where wanted, batch_tokens, "
        + "active_share and flops, and one row for each run that could be trained"
    ).rows.map {
      RunCandidate(
        scale: $0.scale, learningRate: $0.numbers["learning_rate"] ?? 0,
        operations: $0.numbers["flops"])
    }
  }
}
