import RealModule

/// One run as the fit sees it: a loss at a learning rate.
package struct SweepPoint: Hashable, Sendable {
  package var learningRate: Double
  /// The final loss; `nil` when it was not finite.
  package var loss: Double?
  /// The error of the loss beside others of its slice, where the source gives one.
  package var lossStandardError: Double?
  /// Whether the run counts as diverged, by its record or by standing far above its basin.
  package var diverged: Bool
  /// Whether the loss was predicted from other horizons of the trunk.
  package var isPredicted = false
  /// Whether a better run of the same configuration stands for this one.
  ///
  /// Repeats without a seed may be failed or mislabelled runs, so only the least loss counts.
  var isSuperseded = false
  /// Whether the loss is too far below every other of its slice to be believed.
  package var isImplausible = false
  /// The experiment that the run belongs to; branches of one trunk share it.
  var trunk: Int
  /// The position of the run among the branches of its trunk, by tokens.
  var branch: Int

  var logLearningRate: Double { .log(learningRate) }
}

extension SweepPoint {
  /// Whether the point shows that the optimum is on the other side of it, where `best` is.
  ///
  /// Of measured runs their order is enough. Where one of the two is predicted, it must be surely the
  /// worse one: a prediction that may as well be the least loss brackets nothing.
  fileprivate func bounds(_ best: SweepPoint) -> Bool {
    guard isPredicted || best.isPredicted, !diverged, let loss, let least = best.loss else {
      return true
    }
    let errors = [lossStandardError ?? 0, best.lossStandardError ?? 0]
    return loss - least > Self.sureDeviations
      * (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
  }

  /// Nineteen times in twenty, a normal error is below as many standard deviations.
  private static let sureDeviations = 1.645
}

/// The runs of one scale, by ascending learning rate.
package struct SweepSlice: Hashable, Sendable {
  package var scale: RunScale
  package var points: [SweepPoint]

  /// The number of learning rates that were tried.
  package var learningRateCount: Int {
    Set(points.map(\.learningRate)).count
  }

  /// The least finite loss of a run that did not diverge.
  var best: SweepPoint? {
    points.filter { !$0.diverged && !$0.isImplausible && !$0.isSuperseded && $0.loss != nil }
      .min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
  }

  /// The least loss of the rate whose runs lose least on average, of those at which none diverged.
  ///
  /// Of several runs at an end of the rates, one is easily lucky.
  private var bestOnAverage: SweepPoint? {
    let counted = points.filter { !$0.isImplausible && !$0.isSuperseded }
    let rates = Dictionary(grouping: counted, by: \.learningRate).mapValues { runs in
      (runs: runs, losses: runs.compactMap { $0.diverged ? nil : $0.loss })
    }.filter { $1.runs.count == $1.losses.count }
    let least = rates.min { ($0.value.losses.mean, $0.key) < ($1.value.losses.mean, $1.key) }
    return least?.value.runs.min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) } ?? best
  }

  /// The position of the least loss that was measured, of a run that did not diverge.
  var leastPoint: Int? {
    points.indices.filter {
      !points[$0].diverged && !points[$0].isImplausible && !points[$0].isPredicted
        && points[$0].loss != nil
    }.min { (points[$0].loss ?? .infinity) < (points[$1].loss ?? .infinity) }
  }

  /// Marks a least loss that no basin reaches: all others of the slice would have diverged beside it.
  mutating func markImplausible() {
    // A prediction is no witness of what was measured, and has no label that may be wrong.
    let ranked = points.indices.filter {
      !points[$0].diverged && !points[$0].isPredicted && points[$0].loss != nil
    }
    .sorted { (points[$0].loss ?? 0) < (points[$1].loss ?? 0) }
    guard ranked.count >= Self.leastWitnesses, let least = points[ranked[0]].loss,
      let next = points[ranked[1]].loss, .log(next / least) > SliceEvidence.widestExcess
    else { return }
    markImplausible(at: ranked[0])
  }

  /// Marks one point; the next best run of the same configuration then stands for it.
  mutating func markImplausible(at place: Int) {
    points[place].isImplausible = true
    let next = points.index(after: place)
    guard next < points.endIndex, points[next].learningRate == points[place].learningRate else {
      return
    }
    points[next].isSuperseded = false
  }

  /// With fewer finite losses than this, which of them is wrong cannot be told.
  static let leastWitnesses = 4

  /// Which end of the learning rates tried holds the least loss, if one does.
  ///
  /// A diverged run beyond the best one bounds the optimum, so the best is then not at the edge.
  package var edge: SweepEdge? {
    guard let best = bestOnAverage else { return nil }
    let bounds = points.filter { $0.bounds(best) }
    if !bounds.contains(where: { $0.learningRate > best.learningRate }) { return .highest }
    return bounds.contains { $0.learningRate < best.learningRate } ? nil : .lowest
  }
}

/// An end of the learning rates that were tried.
package enum SweepEdge: String, Codable, Sendable {
  case lowest
  case highest
}
