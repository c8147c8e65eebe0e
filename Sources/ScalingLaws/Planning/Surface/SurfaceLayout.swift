import RealModule

/// Which number of a loss surface stands where: coefficients, an offset a size, five a cell.
package struct SurfaceLayout: Hashable, Sendable {
  /// By ascending scale.
  package let cells: [RunScale]
  let sizes: [Double]
  /// The geometric mean of the cells.
  let centre: RunScale
  let options: SurfaceOptions

  private static let firstSize = SurfaceCoefficient.allCases.count

  package var count: Int {
    Self.firstSize + sizes.count + SurfaceOffset.allCases.count * cells.count
  }

  /// - Parameters:
  ///   - scales: Of all runs known and of all that may be trained; at least one.
  ///   - options: Their learning rates and batch sizes.
  package init(_ scales: [RunScale], options: SurfaceOptions) {
    let cells = Set(scales.map(\.cell)).sorted()
    self.cells = cells
    sizes = Set(cells.map(\.params)).sorted()
    let count = Double(cells.count)
    func mean(_ value: (RunScale) -> Double) -> Double {
      .exp(cells.reduce(0) { $0 + .log(value($1)) } / count)
    }
    centre = RunScale(
      params: mean(\.params), tokens: mean(\.tokens),
      activeShare: cells.contains { $0.activeShare != nil }
        ? mean { $0.activeShare ?? ActiveShares.dense } : nil)
    self.options = options
  }

  func index(ofSize params: Double) -> Int? {
    sizes.firstIndex(of: params).map { Self.firstSize + $0 }
  }

  func index(of offset: SurfaceOffset, cell: Int) -> Int {
    Self.firstSize + sizes.count + offset.rawValue * cells.count + cell
  }

  /// The place of a run on the surface; `nil` for a cell that the surface lacks.
  package func place(_ scale: RunScale, learningRate: Double) -> SurfacePlace? {
    guard let cell = cells.firstIndex(of: scale.cell), let size = index(ofSize: scale.params)
    else { return nil }
    return SurfacePlace(
      scale: logs(of: scale), rate: .log(learningRate),
      batch: options.batchesVary ? scale.batchTokens.map { .log($0) } : nil, cell: cell, size: size)
  }

  /// The logs of a scale over the centre.
  func logs(of scale: RunScale) -> ScaleLogs {
    ScaleLogs(
      params: .log(scale.params / centre.params), tokens: .log(scale.tokens / centre.tokens),
      activeShare: centre.activeShare.map {
        .log((scale.activeShare ?? ActiveShares.dense) / $0)
      } ?? 0)
  }

  /// The prior of every number; `floor` is that of each cell's floor.
  func priors(floors: [Double]) -> [NormalPrior] {
    SurfaceCoefficient.allCases.map { $0.prior(among: options) }
      + sizes.map { _ in NormalPrior(mean: 0, deviation: Spreads.usualSizes) }
      + SurfaceOffset.allCases.flatMap { offset in
        cells.indices.map {
          NormalPrior(mean: offset == .floor ? floors[$0] : 0, deviation: offset.deviation)
        }
      }
  }
}

/// Natural logs of a scale over the surface's centre.
package struct ScaleLogs: Hashable, Sendable {
  var params: Double
  var tokens: Double
  var activeShare: Double
}

/// Where one run is on a loss surface.
package struct SurfacePlace: Hashable, Sendable {
  var scale: ScaleLogs
  /// The natural log of the learning rate.
  var rate: Double
  /// That of the batch size, where batch sizes differ.
  var batch: Double?
  var cell: Int
  /// The index of its size's offset.
  var size: Int
}
