import RealModule
import Runs

/// What one run says of itself: what its numbers come to, and what there is to say about them.
package struct RunDiagnosis: Sendable {
  package let run: RunEvidence
  /// Of the weight matrices, in the model's order; without telemetry they have no points.
  package let roles: [RoleDynamics]
  package let lossSpikes: [SpikeSearch.Episode]
  /// Of the logarithm of the gradient's norm.
  package let gradientSpikes: [SpikeSearch.Episode]
  package let attention: [AttentionSeries]
  package let noiseScale: NoiseScaleReading?
  /// The worst first.
  package private(set) var findings: [Finding] = []

  package init(_ run: RunEvidence) {
    self.run = run
    let matrices = run.matrices.map { matrix in
      let memory = (run.description?.optimizer).flatMap {
        DirectionMemory(of: $0, role: matrix.role)
      }
      return MatrixDynamics(matrix, in: run, memory: memory)
    }
    var order: [String] = []
    for matrix in matrices where !order.contains(matrix.role) { order.append(matrix.role) }
    roles = order.map { role in RoleDynamics(role, matrices.filter { $0.role == role }) }
    lossSpikes =
      SpikeSearch(
        run.training.map { ($0.step, $0.loss ?? .nan) }, leastRise: Self.leastLossRise
      ).episodes
    gradientSpikes =
      SpikeSearch(
        run.training.map { ($0.step, $0.gradientNorm.map { .log($0) } ?? .nan) },
        leastRise: .log(Self.leastGradientFactor)
      ).episodes
    attention = AttentionSeries.all(of: run)
    noiseScale = NoiseScaleReading(run)
    findings = DiagnosisRules.ofRuns.flatMap { $0.findings(in: self) }.ranked
  }

  /// Less than this, in nats, is what batches differ by.
  package static let leastLossRise = 0.1
  /// Gradients are noisier than losses, by a factor rather than by an amount.
  package static let leastGradientFactor = 3.0
}

extension RunDiagnosis {
  /// The role that stands for the model: hidden matrices, or those with most weights.
  package var mainRole: RoleDynamics? {
    roles.first { $0.role == "hidden" } ?? roles.max { $0.count < $1.count }
  }

  /// 2 Σ ηλ over the steps made, of the main role where matrices are known; `nil` where λ is not.
  package var decaySum: Double? {
    run.weightDecay.flatMap { _ in
      mainRole?.decaySum ?? sum(of: run.rates.prefix(run.stepsMade))
    }
  }

  /// The same over all steps that are asked.
  package var plannedDecaySum: Double? {
    run.weightDecay.flatMap { _ in mainRole?.plannedDecaySum ?? sum(of: run.rates[...]) }
  }

  private func sum(of rates: ArraySlice<Double>) -> Double? {
    run.weightDecay.map { decay in 2 * decay * rates.reduce(0, +) }
  }

  /// 1 / (η λ S) at the peak, which is B / (η λ D): the steps that weights are averaged over, as a share of
  /// the S of the run (arXiv 2405.13698, 2505.13738); `nil` without decay.
  package var timescale: Double? {
    guard let decay = run.weightDecay, decay > 0, run.steps > 0 else { return nil }
    let factor = mainRole?.matrices.first.map { $0.rateFactor * $0.weightDecay } ?? decay
    return factor > 0 ? 1 / (run.learningRate * factor * Double(run.steps)) : nil
  }

  /// The mean effective learning rate along the run of the main role's matrices: their displacement
  /// (arXiv 2606.29158).
  package var meanDisplacement: Double? { mainRole?.mean(\.displacement) }
  /// The same as rate over norm (arXiv 2608.24814).
  package var meanRateOverNorm: Double? { mainRole?.mean(\.rateOverNorm) }

  /// What cannot be said, and how to get it.
  package var missing: [String] {
    var missing: [String] = []
    if run.looks.isEmpty {
      missing.append(
        run.description == nil
          ? "weight norms, effective learning rates, logits and the noise scale are not known of imported "
            + "runs; train the run here with `telemetry: {every: ...}` in its file"
          : "no telemetry: weight norms, effective learning rates, logits and the noise scale are not known; "
            + "put `telemetry: {every: \(max(Int(run.tokens) / 40, 1))}` into the run file and train it again"
      )
    } else if run.looks.count < 2 {
      missing.append("one look at the weights so far: how they move is seen from the second on")
    }
    if run.weightDecay == nil {
      missing.append(
        run.description == nil
          ? "the weight decay is not known, so nothing is said of equilibrium"
          : "\(run.optimizer) steps and decays by other numbers than the rate and the decay that it is given, "
            + "so nothing is said of equilibrium")
    }
    if !run.knowsRates {
      missing.append(
        "the log has no learning rates: 2ηλS is for the peak at every step, which is its upper bound"
      )
    }
    if run.firstStep > 0 {
      missing.append(
        "the log begins after step \(run.firstStep): the trunk that the run branched from is not beside it"
      )
    }
    return missing
  }
}
