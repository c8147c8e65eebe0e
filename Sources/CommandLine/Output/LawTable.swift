import Runs
import ScalingLaws

extension LearningRateLaw {
  /// The optimum of each cell.
  var cellTable: ResultTable {
    ResultTable(
      cells,
      [
        .init(
          name: "params", exact: { $0.params.plain }, readable: { Quantity.format($0.params) }),
        .init(
          name: "tokens", exact: { $0.tokens.plain }, readable: { Quantity.format($0.tokens) }),
        .init(name: "status", exact: { $0.status.rawValue }, readable: { $0.status.rawValue }),
        .init(
          name: "best_batch_tokens", exact: { $0.bestBatchTokens?.plain },
          readable: { $0.bestBatchTokens.map { Quantity.format($0) } }),
        .init(
          name: "optimum", exact: { $0.optimum?.value.plain },
          readable: { ($0.optimum?.value).map { Quantity.learningRate($0, digits: 3) } }),
        .init(
          name: "lower", exact: { $0.optimum?.lower.plain },
          readable: { ($0.optimum?.lower).map { Quantity.learningRate($0, digits: 3) } }),
        .init(
          name: "upper", exact: { $0.optimum?.upper.plain },
          readable: { ($0.optimum?.upper).map { Quantity.learningRate($0, digits: 3) } }),
      ])
  }
}
