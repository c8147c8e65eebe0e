import RealModule

/// How the best learning rate moves with batch size at fixed size and tokens.
package struct RateCoupling: Hashable, Encodable, Sendable {
  /// A rule that says so: the rate grows as batch size to this power.
  package enum Rule: String, CaseIterable, Encodable, Sendable {
    case none
    case squareRoot = "square_root"
    case linear

    package var exponent: Double {
      switch self {
      case .none: 0
      case .squareRoot: 0.5
      case .linear: 1
      }
    }
  }

  /// An exponent measured in several cells, each with a level of its own.
  package struct Slope: Hashable, Encodable, Sendable {
    package var exponent: Estimate
    package var slices: Int
    package var cells: Int
    /// The rules inside the interval: none refutes all, several leave it open.
    package var rules: [Rule]
  }

  /// Over all batch sizes.
  package var all: Slope
  /// Up to the best batch, from it on, and from twice of it on; `nil` where slices are too few.
  package var belowBest: Slope?
  package var aboveBest: Slope?
  package var farAboveBest: Slope?
  /// By the law of the rate at a given batch size, in the middle of the scales.
  package var byLaw: Estimate?
  package var cells: [Cell]
  /// The slices of cells whose best batch is located, relative to it.
  package var points: [Point]

  /// The best rate at one batch size.
  package struct Point: Hashable, Encodable, Sendable {
    package var params: Double
    package var tokens: Double
    package var batchTokens: Double
    package var learningRate: Double
    package var batchOverBest: Double
    /// Over the cell's rate at its best batch, between the neighbouring slices.
    package var rateOverBest: Double
  }

  /// The exponent of one cell by its own slices.
  package struct Cell: Hashable, Encodable, Sendable {
    package var params: Double
    package var tokens: Double
    package var activeShare: Double?
    package var slices: Int
    package var exponent: Estimate
  }

  /// Whether the rate falls at batches far above the best, as the surge rule foretells
  /// (arXiv 2405.14578); `nil` where the interval holds both or slices are too few.
  package var fallsFarAbove: Bool? {
    guard let exponent = farAboveBest?.exponent else { return nil }
    if exponent.upper < 0 { return true }
    return exponent.lower >= 0 ? false : nil
  }

  /// `nil` where no cell has two located rates.
  ///
  /// - Parameters:
  ///   - floors: Those whose rate is at an end of its sweep are left out.
  ///   - best: The best batch of each cell, where known.
  ///   - byLaw: The law's exponent.
  ///   - confidence: Of the intervals.
  init?(
    _ floors: [BatchFloor], best: [RunScale: Double], byLaw: Estimate?, confidence: Double
  ) {
    let located = floors.filter { $0.edge == nil }
    guard let all = Slope(located, confidence: confidence) else { return nil }
    func part(_ holds: (_ ratioToBest: Double) -> Bool) -> Slope? {
      let part = located.filter { floor in
        best[floor.cell].map { holds(floor.batchTokens / $0) } ?? false
      }
      return Slope(part, confidence: confidence).flatMap {
        $0.slices - $0.cells >= Self.leastSpare ? $0 : nil
      }
    }
    self.all = all
    // The slices next to the best batch count on both sides.
    belowBest = part { $0 <= Self.margin }
    aboveBest = part { $0 >= 1 / Self.margin }
    farAboveBest = part { $0 >= 2 }
    self.byLaw = byLaw
    cells = Dictionary(grouping: located, by: \.cell).sorted { $0.key < $1.key }.compactMap {
      cell, floors in
      guard floors.count >= Self.leastInCell,
        let slope = Slope(floors, confidence: confidence)
      else { return nil }
      return Cell(
        params: cell.params, tokens: cell.tokens, activeShare: cell.activeShare,
        slices: slope.slices, exponent: slope.exponent)
    }
    points = Dictionary(grouping: located, by: \.cell).sorted { $0.key < $1.key }.flatMap {
      cell, floors in best[cell].map { Self.points(of: floors, best: $0) } ?? []
    }
  }

  /// The slices of one cell over their rate at the best batch, which is read between two of them.
  private static func points(of floors: [BatchFloor], best: Double) -> [Point] {
    let floors = floors.sorted { $0.batchTokens < $1.batchTokens }
    guard let above = floors.firstIndex(where: { $0.batchTokens >= best }), above > 0 else {
      return []
    }
    let (low, high) = (floors[above - 1], floors[above])
    let share = Double.log(best / low.batchTokens) / .log(high.batchTokens / low.batchTokens)
    let middle = low.logRate + share * (high.logRate - low.logRate)
    return floors.map { floor in
      Point(
        params: floor.cell.params, tokens: floor.cell.tokens, batchTokens: floor.batchTokens,
        learningRate: .exp(floor.logRate), batchOverBest: floor.batchTokens / best,
        rateOverBest: .exp(floor.logRate - middle))
    }
  }

  private static let margin = 2.0.squareRoot()
  private static let leastSpare = 3
  private static let leastInCell = 3
}

extension RateCoupling.Slope {
  /// The common slope of rates against batches in logs, each cell with a level of its own.
  ///
  /// The interval holds for other model sizes like these where there are enough of them, since the
  /// cells of one size often share trunks; else for other cells, or in one cell for other slices.
  ///
  /// - Returns: `nil` where no cell has two batch sizes.
  fileprivate init?(_ floors: [BatchFloor], confidence: Double) {
    let cells = Dictionary(grouping: floors, by: \.cell).filter {
      Set($0.value.map(\.batchTokens)).count > 1
    }.sorted { $0.key < $1.key }
    guard !cells.isEmpty else { return nil }
    let rows = Self.rows(cells)
    let gram = rows.reduce(0.0) { $0 + $1.weight * $1.x * $1.x }
    let slope = rows.reduce(0.0) { $0 + $1.weight * $1.x * $1.y } / gram
    let error = Self.error(rows, slope: slope, gram: gram)
    let reach =
      error.variance.squareRoot()
      * studentQuantile((1 + confidence) / 2, degrees: error.degrees)
    let interval = Estimate(
      value: slope, lower: slope - reach, upper: slope + reach, confidence: confidence)
    exponent = interval
    slices = rows.count
    self.cells = cells.count
    rules = RateCoupling.Rule.allCases.filter {
      (interval.lower - Self.negligible...interval.upper + Self.negligible).contains($0.exponent)
    }
  }

  /// A slice off the middle of its cell, in logs.
  private struct Row {
    var cell: RunScale
    var weight: Double
    var x: Double
    var y: Double
  }

  private static func rows(_ cells: [(key: RunScale, value: [BatchFloor])]) -> [Row] {
    var rows: [Row] = []
    for (cell, floors) in cells {
      let weights = floors.map { 1 / ($0.rateDeviation * $0.rateDeviation + scatter * scatter) }
      let total = weights.reduce(0, +)
      let middle =
        zip(weights, floors).reduce(0) { $0 + $1.0 * .log($1.1.batchTokens) } / total
      let height = zip(weights, floors).reduce(0) { $0 + $1.0 * $1.1.logRate } / total
      for (weight, floor) in zip(weights, floors) {
        rows.append(
          Row(
            cell: cell, weight: weight, x: .log(floor.batchTokens) - middle,
            y: floor.logRate - height))
      }
    }
    return rows
  }

  /// The variance of the slope and its degrees of freedom.
  private static func error(
    _ rows: [Row], slope: Double, gram: Double
  ) -> (variance: Double, degrees: Int) {
    let cells = Set(rows.map(\.cell))
    if Set(cells.map(\.params)).count >= leastGroups {
      return clustered(rows, slope: slope, gram: gram, by: \.params)
    }
    if cells.count >= leastGroups {
      return clustered(rows, slope: slope, gram: gram, by: \.self)
    }
    let spare = rows.count - cells.count - 1
    let squares = rows.reduce(0.0) { sum, row in
      let rest = row.y - slope * row.x
      return sum + row.weight * rest * rest
    }
    // Errors as given are never trusted to be too large.
    return (max(spare > 0 ? squares / Double(spare) : 1, 1) / gram, max(spare, 1))
  }

  /// The same where all rows of a group may err together.
  private static func clustered<Group: Hashable>(
    _ rows: [Row], slope: Double, gram: Double, by group: (RunScale) -> Group
  ) -> (variance: Double, degrees: Int) {
    let scores = Dictionary(grouping: rows) { group($0.cell) }.mapValues { rows in
      rows.reduce(0.0) { $0 + $1.weight * $1.x * ($1.y - slope * $1.x) }
    }
    let count = Double(scores.count)
    let sum = scores.values.sorted().reduce(0.0) { $0 + $1 * $1 }
    return (sum * count / (count - 1) / (gram * gram), scores.count - 1)
  }

  /// A rule so far off misses the rate by a hundredth a doubling, which refutes no rule.
  private static let negligible = 0.02
  /// How far best rates scatter around any smooth curve, in nats: keeps one slice from ruling.
  private static let scatter = 0.05
  /// With fewer groups their scatter is not known.
  private static let leastGroups = 4
}

extension RateCoupling.Slope {
  /// Which rule the interval leaves standing, in words.
  package var verdict: String {
    switch rules.count {
    case 0: "none of: no change, square root, linear"
    case 1: rules[0].words
    default: "cannot tell \(rules.map(\.words).joined(separator: " from "))"
    }
  }
}

extension RateCoupling.Rule {
  fileprivate var words: String {
    switch self {
    case .none: "no change"
    case .squareRoot: "square root"
    case .linear: "linear"
    }
  }
}
