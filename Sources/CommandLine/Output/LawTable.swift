import ScalingLaws

extension LearningRateLaw {
  /// The optimum of each cell.
  var cellTable: ResultTable {
    ResultTable(
      cells,
      [
        .quantity("params") { $0.params }, .quantity("tokens") { $0.tokens },
        .init(name: "status", exact: { $0.status.rawValue }, readable: { $0.status.rawValue }),
        .quantity("best_batch_tokens") { $0.bestBatchTokens },
        .rate("optimum") { $0.optimum?.value }, .rate("lower") { $0.optimum?.lower },
        .rate("upper") { $0.optimum?.upper },
      ])
  }
}
