import RealModule

/// The annealing law of Tissue and others (2024, arXiv 2408.11029).
///
///     L(t) = L0 + A S(t)^-α - C S2(t),  S2(t) = Σ_{i≤t} Σ_{k≤i} (η_{k-1} - η_k) λ^{i-k}
///
/// S(t) is the sum of the learning rates with those of the warm-up; S2 counts falls and rises after
/// the warm-up only, which is our choice. λ is fitted: no value of the paper could be verified.
package struct AnnealingLaw: Hashable, Codable, Sendable {
  package var floor: Double
  package var amplitude: Double
  package var exponent: Double
  /// C: how much loss a unit of annealing area takes off.
  package var annealing: Double
  /// λ, the share of a fall that is still to act after each step, from 0 to 1.
  package var memory: Double

  package init(
    floor: Double, amplitude: Double, exponent: Double, annealing: Double, memory: Double
  ) {
    self.floor = floor
    self.amplitude = amplitude
    self.exponent = exponent
    self.annealing = annealing
    self.memory = memory
  }

  /// S2 at each knot, exactly: on a stretch where every step falls by the same amount the double sum
  /// is a geometric series.
  package static func annealingArea(along path: LearningRatePath, memory: Double) -> [Double] {
    let rest = 1 - memory
    let peak = path.knots.map(\.learningRate).max() ?? 0
    var areas = [0.0]
    var momentum = 0.0
    var isWarm = path.knots[0].learningRate > 0
    for (start, end) in zip(path.knots, path.knots.dropFirst()) {
      let steps = Double(end.step - start.step)
      let fall = isWarm ? (start.learningRate - end.learningRate) / steps : 0
      isWarm = isWarm || end.learningRate >= peak
      let kept = Double.pow(memory, steps)
      let decayed = memory * (1 - kept) / rest
      areas.append(areas[areas.count - 1] + momentum * decayed + fall / rest * (steps - decayed))
      momentum = momentum * kept + fall * (1 - kept) / rest
    }
    return areas
  }
}

extension AnnealingLaw: LossCurveLaw {
  package func losses(along path: LearningRatePath) -> [Double] {
    zip(path.knots, Self.annealingArea(along: path, memory: memory)).map { knot, area in
      floor + amplitude * .pow(knot.area, -exponent) - annealing * area
    }
  }

  package func finalLoss(of path: LearningRatePath) -> Double {
    losses(along: path)[path.knots.count - 1]
  }

  package var constants: [LawConstant] {
    [
      LawConstant(symbol: "L0", value: floor), LawConstant(symbol: "A", value: amplitude),
      LawConstant(symbol: "α", value: exponent), LawConstant(symbol: "C", value: annealing),
      LawConstant(symbol: "λ", value: memory),
    ]
  }
}
