import RealModule
import Runs

extension RivalComparison {
  /// How far each variant is from the winner of the largest scale, along compute.
  static func trends(of cells: [Cell]) -> [Trend] {
    guard let reference = cells.last(where: { $0.best != nil })?.best else { return [] }
    let others = Set(cells.flatMap { $0.standings.map(\.variant) }).subtracting([reference])
    return others.sorted().compactMap { variant in
      let points = cells.compactMap { cell -> (x: Double, y: Double)? in
        func loss(_ variant: Int) -> Double? {
          cell.standings.first { $0.variant == variant }?.loss
        }
        guard let own = loss(variant), let base = loss(reference) else { return nil }
        return (.log10(cell.params * cell.tokens), 100 * (own / base - 1))
      }
      guard let line = Line(points) else { return nil }
      return Trend(
        variant: variant, against: reference, percentPerDecade: line.slope,
        standardError: line.slopeError)
    }
  }

  /// Least squares through points.
  private struct Line {
    let slope: Double
    /// By the scatter around it; `nil` with two points.
    let slopeError: Double?

    /// `nil` where all are at one place.
    init?(_ points: [(x: Double, y: Double)]) {
      let count = Double(points.count)
      let (meanX, meanY) = (
        points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count
      )
      let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
      guard points.count > 1, spread > 1e-12 else { return nil }
      let slope = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
      let residual = points.reduce(0) { sum, point in
        let miss = point.y - meanY - slope * (point.x - meanX)
        return sum + miss * miss
      }
      self.slope = slope
      slopeError = points.count > 2 ? (residual / (count - 2) / spread).squareRoot() : nil
    }
  }

  /// Who wins, and how that changes with scale, in sentences.
  package var sentences: [String] {
    let won = cells.filter { $0.best != nil }
    guard let first = won.first, let last = won.last, let best = last.best else {
      return ["no scale has losses of two variants yet"]
    }
    let winners = rivals.map(\.variant).map { variant in
      (variant, won.count { $0.best == variant }, won.count { $0.best == variant && $0.isSure })
    }.filter { $0.1 > 0 }.sorted { ($0.1, $1.0) > ($1.1, $0.0) }
    func place(_ cell: Cell) -> String {
      "\(Quantity.format(cell.params)) params on \(Quantity.format(cell.tokens)) tokens"
    }
    var sentences = [
      winners.map { variant, count, sure in
        "variant \(variant), \(title(variant)), has the least loss at \(count) of \(won.count.counted("scale"))"
          + (errorSource == nil ? "" : ", surely at \(sure)")
      }.joined(separator: "; ")
    ]
    if let smallest = first.best, smallest != best {
      sentences.append(
        "the winner changes with scale: variant \(smallest) at \(place(first)), variant \(best) at "
          + place(last))
    }
    for trend in trends {
      sentences.append(
        "variant \(trend.variant) against \(trend.against): "
          + "\(trend.percentPerDecade >= 0 ? "+" : "")"
          + "\(trend.percentPerDecade.rounded(significant: 2)) % of loss for ten times the compute"
          + (trend.standardError.map { " (standard error \($0.rounded(significant: 2)))" } ?? ""))
    }
    switch errorSource {
    case .seeds?: break
    case .basins?:
      sentences.append(
        "with one seed, errors are the scatter of losses around each variant's basin; more `seeds` "
          + "measure them")
    case nil: sentences.append("with one seed and no basin, errors are not known; add `seeds`")
    }
    let edges = won.flatMap(\.standings).count { $0.edge != nil }
    if edges > 0 {
      sentences.append(
        "at \(edges.counted("place")) the best rate is the lowest or the highest tried; widen that "
          + "variant's learning_rates before believing the order there")
    }
    return sentences
  }
}
