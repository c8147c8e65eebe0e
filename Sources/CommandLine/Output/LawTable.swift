import ScalingLaws

extension LearningRateLaw {
  /// The optimum of each cell.
  var cellTable: ResultTable {
    ResultTable(
      cells,
      [
        .quantity("params") { $0.params }, .quantity("tokens") { $0.tokens },
      ] + shareColumn + kindColumn + [
        .init(name: "status", exact: { $0.status.rawValue }, readable: { $0.status.rawValue }),
        .quantity("best_batch_tokens") { $0.bestBatchTokens },
        .rate("optimum") { $0.optimum?.value }, .rate("lower") { $0.optimum?.lower },
        .rate("upper") { $0.optimum?.upper },
      ])
  }

  /// Only where it matters, so that tables of dense models stay as they were.
  private var shareColumn: [ResultTable.Column<CellFit>] {
    needsActiveShare ? [.quantity("active_share") { $0.activeShare }] : []
  }

  private var kindColumn: [ResultTable.Column<CellFit>] {
    let kind = rateKind.rawValue
    return rateKind == .peak
      ? [] : [.init(name: "rate_kind", exact: { _ in kind }, readable: { _ in kind })]
  }
}
