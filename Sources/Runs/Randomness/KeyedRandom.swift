import RealModule

/// Random numbers that depend on a key only, never on how many were drawn before.
///
/// Each stream is named by a seed and a path of numbers; the draws of a stream are hashes of its
/// key and a counter (SplitMix64's finaliser: Steele, Lea and Flood 2014, "Fast splittable
/// pseudorandom number generators"), so that streams can be made in any order, on any thread.
package struct KeyedRandom: RandomNumberGenerator, Sendable {
  private let key: UInt64
  private var counter: UInt64 = 0

  package init(seed: UInt64, _ path: UInt64...) {
    key = path.reduce(Self.mixed(seed)) { Self.mixed($0 ^ Self.mixed($1 &+ Self.increment)) }
  }

  package mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mixed(key &+ counter &* Self.increment)
  }

  /// A number drawn evenly from the open interval between 0 and 1.
  package mutating func uniform() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// A whole number drawn evenly from 0 up to, not including, `bound`.
  package mutating func index(below bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &self)
  }

  /// A standard normal deviate (Box and Muller 1958).
  package mutating func normal() -> Double {
    let radius = (-2 * Double.log(uniform())).squareRoot()
    return radius * Double.cos(2 * .pi * uniform())
  }

  private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
