/// The name of an array on a tape; the array itself exists only in an arena.
package struct Tensor: Hashable, Sendable {
  let slot: Int
  /// Outermost first; rows are dense.
  package let shape: [Int]

  package var count: Int { shape.reduce(1, *) }
  /// The size of the innermost dimension.
  package var width: Int { shape.last ?? 1 }
  /// All others together.
  package var rows: Int { shape.dropLast().reduce(1, *) }
}
