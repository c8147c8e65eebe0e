/// A random order of the numbers below `count`, worked out place by place in constant memory.
///
/// A Feistel network (Luby and Rackoff 1988) over pairs of digits permutes a domain that has at
/// most a square root of `count` too many; a number beyond `count` is permuted again until one below
/// it comes out (Black and Rogaway 2002, "Ciphers with arbitrary finite domains", methods 2 and 3).
package struct KeyedPermutation: Sendable {
  package let count: Int
  /// A number is two digits: the first below `radices.first`, the second below `radices.second`.
  private let radices: (first: UInt64, second: UInt64)
  /// Gives each round its key.
  private let random: KeyedRandom

  /// Enough that all orders of as few as six numbers are as likely; fewer would do for more numbers.
  private static let roundPairs = 12

  /// The order that the next numbers of `random` decide.
  package init(of count: Int, using random: KeyedRandom) {
    precondition(count > 0, "a permutation of \(count) numbers")
    self.count = count
    self.random = random
    let first = UInt64(Double(count).squareRoot().rounded(.up))
    radices = (first, (UInt64(count) - 1) / first + 1)
  }

  /// The number at `place` in the order.
  package subscript(place: Int) -> Int {
    precondition(0..<count ~= place, "place \(place) of \(count)")
    var value = UInt64(place)
    repeat { value = permuted(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func permuted(_ value: UInt64) -> UInt64 {
    var (first, second) = value.quotientAndRemainder(dividingBy: radices.second)
    var keys = random
    for _ in 0..<Self.roundPairs {
      first = Self.sum(first, Self.hash(second, keys.next()), below: radices.first)
      second = Self.sum(second, Self.hash(first, keys.next()), below: radices.second)
    }
    return first * radices.second + second
  }

  /// Adds a number that `bits` draw evenly from those below `radix`, and wraps around.
  private static func sum(_ digit: UInt64, _ bits: UInt64, below radix: UInt64) -> UInt64 {
    let sum = digit + bits.multipliedFullWidth(by: radix).high
    return sum < radix ? sum : sum - radix
  }

  /// One round of SplitMix64's finaliser, whose high bits depend on every bit of `digit`.
  private static func hash(_ digit: UInt64, _ key: UInt64) -> UInt64 {
    var bits = (digit ^ key) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
