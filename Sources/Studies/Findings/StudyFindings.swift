package import Runs
package import ScalingLaws

/// What is known of a study so far: its runs with their curves, what they cost, and what follows.
package struct StudyFindings: Sendable {
  /// The folder's name.
  package var name: String
  package var study: StudyDescription
  /// Trunks, branches, runs that stand alone, and those of the hold-out; in the order of the plan.
  package var runs: [StudyRun]
  package var cost: StudyCost
  /// `nil` where no trunk has horizons enough.
  package var horizons: HorizonSearch?
  /// `nil` before it is trained, or where none is asked for.
  package var heldOut: HeldOutTest?
  /// `nil` where the study has one variant.
  package var rivals: RivalComparison?

  package init(
    name: String, study: StudyDescription, runs: [StudyRun], cost: StudyCost,
    horizons: HorizonSearch?, heldOut: HeldOutTest?, rivals: RivalComparison? = nil
  ) {
    self.name = name
    self.study = study
    self.runs = runs
    self.cost = cost
    self.horizons = horizons
    self.heldOut = heldOut
    self.rivals = rivals
  }
}

/// One run of a study with its curve.
package struct StudyRun: Hashable, Sendable {
  package enum Role: String, Hashable, Codable, Sendable {
    /// Goes on at the peak; its branches leave it to their ends.
    case trunk
    /// Decays from a trunk's checkpoint to its horizon.
    case branch
    /// Trained from its start to its horizon.
    case whole
    /// The test of the law; no part of the fit.
    case heldOut = "held_out"
  }

  package var id: String
  package var role: Role
  /// The run that it branches from, and where.
  package var trunk: String?
  package var branchTokens: Int?
  package var params: Double
  package var learningRate: Double
  /// Its horizon.
  package var tokens: Int
  package var batchTokens: Int
  package var seed: Int
  /// `nil` before it is begun.
  package var state: RunState.State?
  /// The last loss on held-out text; `nil` for a trunk, or before the end, or when it diverged.
  package var loss: Double?
  package var lossStandardError: Double?
  /// On held-out text, oldest first; a branch's begin at its trunk's end.
  package var validation: [CurvePoint]
  /// On its own batches, thinned out for a screen.
  package var training: [CurvePoint]
  /// The number of its variant, where the study has several; `nil` for a trunk that they may share.
  package var variant: Int?

  package struct CurvePoint: Hashable, Sendable {
    package var tokens: Int
    package var loss: Double

    package init(tokens: Int, loss: Double) {
      self.tokens = tokens
      self.loss = loss
    }
  }

  package init(
    id: String, role: Role, trunk: String? = nil, branchTokens: Int? = nil, params: Double,
    learningRate: Double, tokens: Int, batchTokens: Int, seed: Int, state: RunState.State?,
    loss: Double? = nil, lossStandardError: Double? = nil, validation: [CurvePoint] = [],
    training: [CurvePoint] = [], variant: Int? = nil
  ) {
    self.id = id
    self.role = role
    self.trunk = trunk
    self.branchTokens = branchTokens
    self.params = params
    self.learningRate = learningRate
    self.tokens = tokens
    self.batchTokens = batchTokens
    self.seed = seed
    self.state = state
    self.loss = loss
    self.lossStandardError = lossStandardError
    self.validation = validation
    self.training = training
    self.variant = variant
  }
}

/// What a study costs in floating-point operations of training.
package struct StudyCost: Hashable, Codable, Sendable {
  /// Of the runs of the sweep, as far as they have come.
  package var spent: Double
  /// Of all runs of the sweep, horizons sharing trunks where they do.
  package var planned: Double
  /// Of every cell of the grid, those only predicted too, each trained from its start.
  package var fullGrid: Double
  /// Of the hold-out, as far as it has come.
  package var heldOut: Double

  package init(spent: Double, planned: Double, fullGrid: Double, heldOut: Double) {
    self.spent = spent
    self.planned = planned
    self.fullGrid = fullGrid
    self.heldOut = heldOut
  }
}

/// The law put to the test on a larger, longer run.
package struct HeldOutTest: Hashable, Codable, Sendable {
  package struct Run: Hashable, Codable, Sendable {
    package var id: String
    package var learningRate: Double
    /// `nil` when it diverged.
    package var loss: Double?

    package init(id: String, learningRate: Double, loss: Double?) {
      self.id = id
      self.learningRate = learningRate
      self.loss = loss
    }
  }

  package var params: Double
  package var tokens: Int
  /// The rate that the law recommended before any of the runs was begun.
  package var learningRate: Double
  /// The optimum that the law predicted, with its interval.
  package var optimum: Estimate
  /// By ascending learning rate.
  package var runs: [Run]
  /// The loss at the recommended rate over the least measured, in percent, with its standard error;
  /// `nil` when the run at the recommended rate diverged.
  package var gapPercent: Double?
  package var gapStandardError: Double?
  /// Where the least loss would be, by the basin through the runs; `nil` where they do not bracket it.
  package var measuredOptimum: Estimate?

  package init(
    params: Double, tokens: Int, learningRate: Double, optimum: Estimate, runs: [Run],
    gapPercent: Double?, gapStandardError: Double?, measuredOptimum: Estimate?
  ) {
    self.params = params
    self.tokens = tokens
    self.learningRate = learningRate
    self.optimum = optimum
    self.runs = runs
    self.gapPercent = gapPercent
    self.gapStandardError = gapStandardError
    self.measuredOptimum = measuredOptimum
  }
}
