/// What could be done next, and what it is worth.
extension PlanDesign {
  /// One run, or two of one cell.
  struct Choice {
    /// The places of its runs among those open, by ascending learning rate.
    let runs: [Int]
    let price: Double
    /// How much it lowers the mean variance of the targets' log optima.
    let fall: Double
  }

  /// A step that lowers the targets' variance by a smaller part of it is of no use.
  static let leastUse = 0.01

  /// The step that lowers the targets' variance most for its price.
  ///
  /// - Parameters:
  ///   - budget: What may be spent.
  ///   - mostRuns: How many runs the step may have, of which it has one or two.
  ///   - leastPrice: What a run is taken to cost at least where steps are compared.
  /// - Returns: `nil` where none is affordable.
  func best(within budget: Double, mostRuns: Int = 2, leastPrice: Double = 0) -> Choice? {
    var best: (choice: Choice, value: Double)?
    forEachChoice(within: budget, mostRuns: mostRuns) { choice in
      let price = choice.runs.reduce(0) { $0 + max(open[$1].price, leastPrice) }
      let value = choice.fall / price
      if value > best?.value ?? 0 { best = (choice, value) }
    }
    return best?.choice
  }

  /// The least price of a step that lowers the targets' variance noticeably.
  var leastUseful: Double? {
    let variance = outlook.reduce(0) { $0 + $1.variance } / Double(max(targets.count, 1))
    var least: Double?
    forEachChoice(within: .infinity, mostRuns: 2) { choice in
      guard choice.fall > Self.leastUse * variance else { return }
      least = min(least ?? .infinity, choice.price)
    }
    return least
  }

  /// Whether any run is left to take.
  var isExhausted: Bool { open.allSatisfy(\.isTaken) }

  /// Calls `body` with every step that costs no more than `budget` and lowers the variance at all.
  private func forEachChoice(
    within budget: Double, mostRuns: Int, _ body: (Choice) -> Void
  ) {
    // A budget that was spent to the last run may be short of its price by rounding.
    let budget = budget * (1 + 1e-9)
    let affordable = open.indices.filter {
      !open[$0].isTaken && open[$0].noise < Self.saysNothing && open[$0].price <= budget
    }
    // What a unit of each run's loss says of each target.
    let pulls = open.map { run in targetRows.map { $0.row.dot(run.spread) } }
    let own = open.map { $0.noise + $0.row.dot($0.spread) }
    let targetCount = Double(max(targets.count, 1))
    func offer(_ runs: [Int], price: Double, fall: Double) {
      guard price <= budget, fall > 0 else { return }
      body(Choice(runs: runs, price: price, fall: fall / targetCount))
    }
    for index in affordable {
      let fall = pulls[index].reduce(0) { $0 + $1 * $1 } / own[index]
      offer([index], price: open[index].price, fall: fall)
    }
    guard mostRuns > 1 else { return }
    let cells = Dictionary(grouping: affordable) { open[$0].place.cell }
    for (_, runs) in cells.sorted(by: { $0.key < $1.key }) {
      for (position, one) in runs.enumerated() {
        for other in runs[(position + 1)...] {
          let price = open[one].price + open[other].price
          guard price <= budget else { continue }
          let common = open[one].row.dot(open[other].spread)
          let determinant = own[one] * own[other] - common * common
          guard determinant > 0 else { continue }
          var fall = 0.0
          for target in targetRows.indices {
            let (a, b) = (pulls[one][target], pulls[other][target])
            fall += (a * a * own[other] + b * b * own[one] - 2 * a * b * common) / determinant
          }
          offer([one, other], price: price, fall: fall)
        }
      }
    }
  }
}
