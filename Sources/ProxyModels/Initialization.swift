package import Parametrizations
import Runs
package import Tensors

extension RecordedModel {
  /// Fills `storage` with the model's first weights.
  ///
  /// Matrices are normal with the standard deviation of their settings, gains are one, biases zero.
  /// Each parameter has a random stream of its own, named by the seed and its path, so that its
  /// values do not depend on what other parameters there are.
  package func initialize(
    _ storage: Storage, specs: ParameterTree<ParameterSpec>, settings: ModelSettings, seed: UInt64
  ) {
    storage.whole.zero()
    for (index, path) in specs.paths.enumerated() {
      let slice = storage[tape.range(of: weights.leaves[index])]
      switch specs.leaves[index].role {
      case .norm:
        for element in 0..<slice.count { slice[element] = 1 }
      default:
        let std = settings.parameters.leaves[index].initStd
        guard std > 0 else { continue }
        var random = KeyedRandom(seed: seed, Self.stream, path.key)
        for element in 0..<slice.count { slice[element] = std * random.normal() }
      }
    }
  }

  /// Sets the random streams of first weights apart from all others of a run.
  private static let stream: UInt64 = 1
}

extension ParameterPath {
  /// The path as a number (FNV-1a of its bytes: Fowler, Noll and Vo).
  package var key: UInt64 {
    description.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
