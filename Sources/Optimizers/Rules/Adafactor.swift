import Foundation
package import Parametrizations
package import Tensors

/// Second moments of rows and columns in place of one for each number (Shazeer and Stern 2018, arXiv
/// 1804.04235), with decoupled decay.
///
/// PyTorch and transformers disagree on the small print, and both forms are here.
package struct Adafactor: SeparateOptimizer {
  /// What the count of steps is raised to for the weight of a new square; below 0.
  package let beta2Decay: Double
  /// Keeps squares from 0; how depends on the form.
  package let epsilon1: Double
  /// The least root mean square of weights that steps are in proportion to.
  package let epsilon2: Double
  /// The largest root mean square of an update.
  package let clip: Double
  /// The share of the momentum that a step keeps; `nil` keeps none.
  package let beta1: Double?
  /// Whether steps are in proportion to the weights' root mean square.
  package let isScaled: Bool
  package let form: Form

  package enum Form: String, CaseIterable, Sendable {
    /// The learning rate is at most 1/√step, and decay is by it alone; no momentum.
    case pytorch
    /// Decay is by the learning rate times the scale of the step.
    case transformers

    /// What keeps squares from 0 where nothing is said.
    package var epsilon1: Double {
      switch self {
      case .pytorch: Double(Float.ulpOfOne)
      case .transformers: 1e-30
      }
    }
  }

  package init(
    beta2Decay: Double, epsilon1: Double, epsilon2: Double, clip: Double, beta1: Double?,
    isScaled: Bool, form: Form
  ) {
    self.beta2Decay = beta2Decay
    self.epsilon1 = epsilon1
    self.epsilon2 = epsilon2
    self.clip = clip
    self.beta1 = beta1
    self.isScaled = isScaled
    self.form = form
  }

  package func states(of spec: ParameterSpec) -> [OptimizerState] {
    let shape = Self.shape(of: spec)
    var states =
      shape.map {
        [
          OptimizerState("row_moment2", [$0.stack, $0.rows]),
          OptimizerState("column_moment2", [$0.stack, $0.columns]),
        ]
      } ?? [OptimizerState("moment2", like: spec)]
    if beta1 != nil { states.append(OptimizerState("momentum", like: spec)) }
    return states
  }

  /// The rows and columns as they lie in memory; `nil` for vectors.
  private static func shape(of spec: ParameterSpec) -> MatrixShape? {
    switch spec.role {
    case .norm, .bias, .scalar: return nil
    case .embedding:
      var shape = MatrixShape(of: spec)
      swap(&shape.rows, &shape.columns)
      return shape
    default: return MatrixShape(of: spec)
    }
  }

  package func scratchScalars(of spec: ParameterSpec) -> Int { spec.shape.count / spec.shape.stack }

  package func move<Scalar: EngineScalar>(
    _ parameter: ParameterBuffers<Scalar>, _ step: OptimizerStep, _ engine: Engine
  ) {
    let shape = Self.shape(of: parameter.spec)
    let ranges =
      shape.map { shape in (0..<shape.stack).map { shape.range($0) } }
      ?? [0..<parameter.weight.count]
    let momentum = beta1 == nil ? nil : parameter.states.last
    for (number, range) in ranges.enumerated() {
      let weight = parameter.weight.part(range)
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: range.count) { update in
        let scale = Scalar(step.gradientScale)
        for (index, place) in range.enumerated() {
          update[index] = scale * parameter.gradient[place]
        }
        if let shape {
          normalize(
            update, shape, rows: parameter.states[0].part(Self.part(number, shape.rows)),
            columns: parameter.states[1].part(Self.part(number, shape.columns)), step.number)
        } else {
          normalize(update, by: parameter.states[0], step.number)
        }
        update.multiply(by: 1 / max(1, update.rootMeanSquare / clip))
        apply(update, to: weight, momentum?.part(range), parameter.settings, step.number)
      }
    }
  }

  private static func part(_ number: Int, _ count: Int) -> Range<Int> {
    number * count..<(number + 1) * count
  }

  /// The weight of a new square: 1 at the first step, so that no moment needs a correction.
  private func share(_ step: Int) -> Double { pow(Double(step), beta2Decay) }

  private func normalize<Scalar: EngineScalar>(
    _ gradient: UnsafeMutableBufferPointer<Scalar>, _ shape: MatrixShape,
    rows: UnsafeMutableBufferPointer<Scalar>, columns: UnsafeMutableBufferPointer<Scalar>,
    _ step: Int
  ) {
    takeMeanSquares(of: gradient, rows, columns, share: share(step))
    var mean = rows.reduce(0) { $0 + Double($1) } / Double(rows.count)
    if form == .pytorch { mean = max(mean, epsilon1) }
    // The root of a row's moment times a column's over the mean, of which PyTorch bounds the whole.
    let largest = form == .pytorch ? Scalar(1 / epsilon1) : .greatestFiniteMagnitude
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: columns.count) { factors in
      for column in columns.indices {
        factors[column] = Scalar(1 / Double(columns[column]).squareRoot())
      }
      for row in rows.indices {
        let factor = Scalar((mean / Double(rows[row])).squareRoot())
        let part = gradient.part(Self.part(row, columns.count))
        for column in columns.indices {
          part[column] *= min(factor * factors[column], largest)
        }
      }
    }
  }

  /// Takes the mean squares of the rows and columns of a gradient into their moments, in one pass.
  private func takeMeanSquares<Scalar: EngineScalar>(
    of gradient: UnsafeMutableBufferPointer<Scalar>, _ rows: UnsafeMutableBufferPointer<Scalar>,
    _ columns: UnsafeMutableBufferPointer<Scalar>, share: Double
  ) {
    let added = form == .transformers ? epsilon1 : 0
    func take(_ sum: Double, _ count: Int, into moment: inout Scalar) {
      moment = Scalar((1 - share) * Double(moment) + share * (sum / Double(count) + added))
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columns.count) { sums in
      sums.initialize(repeating: 0)
      for row in rows.indices {
        let part = gradient.part(Self.part(row, columns.count))
        for column in columns.indices {
          let value = Double(part[column])
          sums[column] += value * value
        }
        take(part.sumOfSquares, columns.count, into: &rows[row])
      }
      for column in columns.indices { take(sums[column], rows.count, into: &columns[column]) }
    }
  }

  private func normalize<Scalar: EngineScalar>(
    _ gradient: UnsafeMutableBufferPointer<Scalar>, by moments: UnsafeMutableBufferPointer<Scalar>,
    _ step: Int
  ) {
    let share = share(step)
    let added = form == .transformers ? epsilon1 : 0
    for index in gradient.indices {
      let square = Double(gradient[index]) * Double(gradient[index]) + added
      moments[index] = Scalar((1 - share) * Double(moments[index]) + share * square)
      gradient[index] /= Scalar(root(Double(moments[index])))
    }
  }

  private func root(_ moment: Double) -> Double {
    form == .pytorch ? max(moment, epsilon1 * epsilon1).squareRoot() : moment.squareRoot()
  }

  private func apply<Scalar: EngineScalar>(
    _ update: UnsafeMutableBufferPointer<Scalar>, to weight: UnsafeMutableBufferPointer<Scalar>,
    _ momentum: UnsafeMutableBufferPointer<Scalar>?, _ settings: ParameterSettings, _ step: Int
  ) {
    let scale = isScaled ? max(epsilon2, weight.rootMeanSquare) : 1
    let rate = settings.learningRate
    let capped = form == .pytorch ? min(rate, 1 / Double(step).squareRoot()) : rate
    update.multiply(by: scale * capped)
    let decayed = form == .pytorch ? rate : scale * rate
    let shrinking = Scalar(1 - decayed * settings.weightDecay)
    if let momentum, let beta1 { momentum.blend(keeping: beta1, with: update) }
    let moved = momentum ?? update
    for index in weight.indices { weight[index] = shrinking * weight[index] - moved[index] }
  }
}
