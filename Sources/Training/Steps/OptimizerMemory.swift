import Optimizers
import Parametrizations
import ProxyModels
import Runs
import Tensors

/// What an optimizer remembers of a model: arrays for each parameter, and numbers of the whole.
struct OptimizerMemory {
  /// By parameter, in the model's order.
  let arrays: [[Array]]
  var numbers: [Double]

  struct Array {
    let state: OptimizerState
    let storage: Storage
  }

  /// Sets the random streams of first states apart from all others of a run.
  private static let stream: UInt64 = 7

  /// - Parameters:
  ///   - optimizer: Says what it remembers.
  ///   - specs: The model's parameters.
  ///   - seed: The run's.
  ///   - engine: In whose precision it remembers.
  ///   - weights: The first weights of the parameter at a place.
  /// - Throws: When there is no memory, or the optimizer is not for one of them.
  init(
    _ optimizer: any Optimizer, of specs: ParameterTree<ParameterSpec>, seed: UInt64,
    _ engine: Engine, weights: (Int) -> StorageSlice
  ) throws {
    var arrays: [[Array]] = []
    for (place, spec) in specs.leaves.enumerated() {
      var own: [Array] = []
      for state in try optimizer.states(of: spec) {
        let storage = try Storage(engine.precision, count: state.count)
        var random = KeyedRandom(seed: seed, Self.stream, specs.paths[place].key)
        storage.whole.begin(as: state.start, from: weights(place), &random, engine)
        own.append(Array(state: state, storage: storage))
      }
      arrays.append(own)
    }
    self.arrays = arrays
    numbers = optimizer.numbers
  }

  /// The scalars that an optimizer remembers of a model.
  static func count(
    _ optimizer: any Optimizer, of specs: ParameterTree<ParameterSpec>
  ) throws(OptimizerError) -> Int {
    var count = 0
    for spec in specs.leaves {
      for state in try optimizer.states(of: spec) { count += state.count }
    }
    return count
  }
}

extension StorageSlice {
  fileprivate func begin(
    as start: OptimizerState.Start, from weights: StorageSlice, _ random: inout KeyedRandom,
    _ engine: Engine
  ) {
    switch start {
    case .zero: break
    case .weights: copy(from: weights)
    case .norms:
      let each = weights.count / count
      for matrix in 0..<count {
        let slice = weights.storage[
          weights.range.lowerBound + matrix * each..<weights.range.lowerBound + (matrix + 1) * each]
        self[matrix] = slice.sumOfSquares(engine).squareRoot()
      }
    case .random:
      for index in 0..<count { self[index] = random.normal() }
    }
  }
}
