import CKernels
import Foundation

/// Rotary positions.
///
/// Su et al. 2021, arXiv 2104.09864, with channel i paired to i + H/2 as LLaMA's
/// weights are published by Hugging Face.
struct Rotation: Operation {
  let x: Tensor
  let cosines: Tensor
  let sines: Tensor
  let headWidth: Int
  let result: Tensor

  // The angles are no parameters and get no gradient.
  var inputs: [Tensor] { [x] }
  var outputs: [Tensor] { [result] }
  var kept: [Tensor] { [] }

  func forward(_ arena: Arena) {
    turn(arena.value(x), to: (arena.value(result), false), inverse: false, arena)
  }

  func backward(_ arena: Arena) {
    let gradient = arena.gradient(of: result)
    turn(gradient, to: arena.gradient(to: x), inverse: true, arena)
  }

  private func turn(
    _ from: UnsafeMutableRawPointer, to: (pointer: UnsafeMutableRawPointer, add: Bool),
    inverse: Bool, _ arena: Arena
  ) {
    arena.kernels.rotation(
      to.pointer, to.add, from, arena.value(cosines), arena.value(sines), x.rows,
      cosines.rows, x.width / headWidth, headWidth, inverse)
  }
}

/// The angles of rotary positions, which all layers share.
package struct RotaryAngles: Sendable {
  let cosines: Tensor
  let sines: Tensor
  let headWidth: Int
}

extension Tape {
  /// The angles position / base^(2i / H) of every position and channel pair.
  package mutating func rotaryAngles(headWidth: Int, base: Double) -> RotaryAngles {
    precondition(headWidth.isMultiple(of: 2), "head width \(headWidth)")
    let angles = (0..<length).flatMap { position in
      (0..<headWidth / 2).map { Double(position) / pow(base, Double(2 * $0) / Double(headWidth)) }
    }
    return RotaryAngles(
      cosines: constant(angles.map { cos($0) }, [length, headWidth / 2]),
      sines: constant(angles.map { sin($0) }, [length, headWidth / 2]), headWidth: headWidth)
  }

  /// Queries or keys `[B, T, heads * H]` turned by their positions.
  package mutating func rotation(_ x: Tensor, by angles: RotaryAngles) -> Tensor {
    precondition(x.width.isMultiple(of: angles.headWidth), "\(angles.headWidth) of \(x.shape)")
    let result = activation(x.shape)
    record(
      Rotation(
        x: x, cosines: angles.cosines, sines: angles.sines, headWidth: angles.headWidth,
        result: result))
    return result
  }
}
