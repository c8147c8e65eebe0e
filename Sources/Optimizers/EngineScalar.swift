package import RealModule

/// What an engine computes in.
package protocol EngineScalar: BinaryFloatingPoint, Real {
  /// Replaces each number by the arc tangent of it over the one in `divisors`, none of which is below 0;
  /// by 0 where both are.
  static func takeArcTangents(
    of values: UnsafeMutableBufferPointer<Self>, over divisors: UnsafeMutableBufferPointer<Self>)
}

extension Double: EngineScalar {
  package static func takeArcTangents(
    of values: UnsafeMutableBufferPointer<Double>, over divisors: UnsafeMutableBufferPointer<Double>
  ) {
    for index in values.indices { values[index] = .atan2(y: values[index], x: divisors[index]) }
  }
}

extension Float: EngineScalar {
  package static func takeArcTangents(
    of values: UnsafeMutableBufferPointer<Float>, over divisors: UnsafeMutableBufferPointer<Float>
  ) {
    typealias Lanes = SIMD8<Float>
    let (raw, rawDivisors) = (
      UnsafeMutableRawBufferPointer(values), UnsafeMutableRawBufferPointer(divisors)
    )
    let whole = values.count - values.count % Lanes.scalarCount
    for first in stride(from: 0, to: whole, by: Lanes.scalarCount) {
      let offset = first * MemoryLayout<Float>.stride
      let found = arcTangents(
        raw.loadUnaligned(fromByteOffset: offset, as: Lanes.self),
        over: rawDivisors.loadUnaligned(fromByteOffset: offset, as: Lanes.self))
      raw.storeBytes(of: found, toByteOffset: offset, as: Lanes.self)
    }
    for index in whole..<values.count {
      let found = arcTangents(
        Lanes(repeating: values[index]), over: Lanes(repeating: divisors[index]))
      values[index] = found[0]
    }
  }

  /// Cephes' polynomial (Moshier 1989, atanf), within 4 units of the last place, for several at once.
  @inline(__always)
  private static func arcTangents(_ y: SIMD8<Float>, over x: SIMD8<Float>) -> SIMD8<Float> {
    let isNegative = y .< 0
    let size = y.replacing(with: -y, where: isNegative)
    let isSteep = size .> x
    let (least, most) = (
      size.replacing(with: x, where: isSteep), x.replacing(with: size, where: isSteep)
    )
    // Up to the tangent of π/8 as it is, above from π/4.
    let isAbove = least .> 0.414213562 * most
    let dividend = least.replacing(with: least - most, where: isAbove)
    let divisor = most.replacing(with: most + least, where: isAbove)
    let ratio = dividend / divisor.replacing(with: 1, where: divisor .== 0)
    let square = ratio * ratio
    let terms =
      ((8.05374449538e-2 * square - 1.38776856032e-1) * square + 1.99777106478e-1) * square
      - 3.33329491539e-1
    var angle = terms * square * ratio + ratio
    angle.replace(with: angle + .pi / 4, where: isAbove)
    angle.replace(with: .pi / 2 - angle, where: isSteep)
    return angle.replacing(with: -angle, where: isNegative)
  }
}
