import Optimizers
import Parametrizations
import ProxyModels
import Runs
import Tensors

/// Looks at one update of a model, from its first replay to the moved weights, and changes nothing.
///
/// The calls come in the order in which they stand here.
package final class TelemetryProbe {
  private let recorded: RecordedModel
  private let specs: ParameterTree<ParameterSpec>
  private let engine: Engine
  private let seed: UInt64
  /// Whether rules shrink weights by ηλ; not where λ is a part of gradients.
  private let shrinksWeights: Bool
  /// The gradient of a batch's first part, then the weights before they move.
  private let copy: Storage

  /// The places of matrices among the parameters.
  private let matrices: [Int]
  private var logits: Magnitude?
  private var attention: [Telemetry.Attention] = []
  /// The share of the batch that `copy` has the gradient of, where it has.
  private var share: Double?
  private var noise: [Int: GradientNoise] = [:]

  init(
    _ recorded: RecordedModel, _ specs: ParameterTree<ParameterSpec>, shrinksWeights: Bool,
    seed: UInt64, _ engine: Engine
  ) throws {
    self.recorded = recorded
    self.specs = specs
    self.shrinksWeights = shrinksWeights
    self.seed = seed
    self.engine = engine
    copy = try Storage(engine.precision, count: recorded.tape.parameterCount)
    matrices = specs.leaves.indices.filter { specs.leaves[$0].isMatrix }
  }

  /// Takes what the first forward pass of the batch has left in `arena`.
  func lookAtActivations(_ arena: Arena) {
    let blocks = arena.attentionStatistics()
    // Blocks are told of by their places, so all or none.
    let areFinite = blocks.allSatisfy { $0.logitMaximum.isFinite && $0.entropy.isFinite }
    attention = (areFinite ? blocks : []).map {
      Telemetry.Attention(logitMaximum: $0.logitMaximum, entropy: $0.entropy)
    }
    logits = arena.magnitude(of: recorded.logits)
    (share, noise) = (nil, [:])
  }

  /// Takes the gradient as it is after `done` of the batch's `all` replays, of which there are more.
  func lookAtPart(of gradients: Storage, done: Int, all: Int) {
    copy.whole.copy(from: gradients.whole)
    share = Double(done) / Double(all)
  }

  /// Takes the whole gradient and the weights, before they move.
  func lookBefore(_ parameters: [OptimizedParameter], weights: Storage, tokens: Int) {
    if let share {
      for (place, parameter) in parameters.enumerated() {
        let change = Change(from: copy[parameter.gradient.range], to: parameter.gradient)
        noise[place, default: GradientNoise()].add(change, share: share, tokens: tokens)
      }
    }
    copy.whole.copy(from: weights.whole)
  }

  /// What there is to tell once the weights have moved.
  func lookAfter(_ parameters: [OptimizedParameter]) -> Telemetry {
    let found = matrices.map { matrix($0, parameters[$0]) }
    let whole = noise.sorted { $0.key < $1.key }.map(\.value).reduce(GradientNoise(), +)
    return Telemetry(
      matrices: found.filter(\.isFinite), attention: attention,
      outputLogitRMS: logits?.rootMeanSquare, outputLogitMaximum: logits?.largest,
      gradientNoiseScale: whole.scale)
  }

  private func matrix(_ place: Int, _ parameter: OptimizedParameter) -> Telemetry.Matrix {
    let (before, spec) = (copy[parameter.weight.range], parameter.spec)
    let decay = shrinksWeights ? parameter.settings.weightDecay : 0
    let movement = WeightMovement(
      Change(from: before, to: parameter.weight), count: before.count,
      learningRate: parameter.settings.learningRate, weightDecay: decay)
    return Telemetry.Matrix(
      path: specs.paths[place].description, role: spec.role.rawValue,
      rows: spec.shape.stack * spec.shape.fanOut, columns: spec.shape.fanIn,
      learningRate: parameter.settings.learningRate, weightDecay: decay,
      weightNorm: movement.weightNorm, weightRMS: movement.weightRMS,
      updateRMS: movement.updateRMS, directionRMS: movement.directionRMS,
      displacement: movement.displacement, rateOverNorm: movement.rateOverNorm,
      cosine: movement.cosine, topSingularValue: topSingularValue(of: before, place, spec),
      gradientNorm: parameter.gradient.sumOfSquares(engine).squareRoot(),
      gradientNoiseScale: noise[place]?.scale)
  }
}

extension TelemetryProbe {
  /// Sets the random streams of first vectors apart from all others of a run.
  private static let stream: UInt64 = 8

  /// Enough for three digits unless many singular values are as large.
  private static let spectrumSteps = 12

  /// The largest of the matrices that the parameter is a stack of.
  private func topSingularValue(
    of weights: StorageSlice, _ place: Int, _ spec: ParameterSpec
  ) -> Double {
    let (rows, columns) = (spec.dimensions[spec.dimensions.count - 2], spec.dimensions.last ?? 1)
    let each = rows * columns
    return (0..<spec.shape.stack).map { matrix in
      var random = KeyedRandom(seed: seed, Self.stream, specs.paths[place].key, UInt64(matrix))
      let start = weights.range.lowerBound + matrix * each
      return weights.storage[start..<start + each].topSingularValue(
        rows: rows, columns: columns, start: (0..<columns).map { _ in random.normal() },
        steps: Self.spectrumSteps, engine)
    }.max() ?? 0
  }
}
