/// One value for each parameter of a model, always in the model's own order.
///
/// The same tree holds specs, weights, gradients, optimizer state or settings. Trees made from one
/// model have equal `paths`, so they can be walked together.
package struct ParameterTree<Leaf> {
  package private(set) var paths: [ParameterPath] = []
  package private(set) var leaves: [Leaf] = []
  private var indices: [ParameterPath: Int] = [:]

  package init() {}

  /// - Precondition: `path` is not in the tree yet.
  package mutating func append(_ leaf: Leaf, at path: ParameterPath) {
    precondition(indices[path] == nil, "\(path) occurs twice")
    indices[path] = leaves.count
    paths.append(path)
    leaves.append(leaf)
  }

  /// The leaf at `path`, if the model has such a parameter.
  package subscript(path: ParameterPath) -> Leaf? { indices[path].map { leaves[$0] } }

  /// A tree of what `transform` makes of each path and leaf.
  package func map<Result, Failure>(
    _ transform: (ParameterPath, Leaf) throws(Failure) -> Result
  ) throws(Failure) -> ParameterTree<Result> {
    var results = ParameterTree<Result>()
    for index in leaves.indices {
      results.append(try transform(paths[index], leaves[index]), at: paths[index])
    }
    return results
  }
}

extension ParameterTree: Sendable where Leaf: Sendable {}
extension ParameterTree: Equatable where Leaf: Equatable {}
