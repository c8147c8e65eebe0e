import Runs
import Testing

@Suite struct KeyedPermutationTests {
  private func order(of count: Int, seed: UInt64) -> [Int] {
    let permutation = KeyedPermutation(of: count, using: KeyedRandom(seed: seed))
    return (0..<count).map { permutation[$0] }
  }

  @Test("every number comes once, whatever their count")
  func bijection() {
    let counts = Array(1...300) + [997, 1024, 4095, 4096, 4097, 65_537, 1_000_003]
    for count in counts {
      var seen = [Bool](repeating: false, count: count)
      for number in order(of: count, seed: UInt64(count)) {
        #expect(!seen[number], "\(number) comes twice of \(count)")
        seen[number] = true
      }
    }
  }

  @Test("counts beyond memory are permuted", arguments: [1 << 40, 1 << 53 + 1, Int.max])
  func largeCounts(count: Int) {
    let permutation = KeyedPermutation(of: count, using: KeyedRandom(seed: 1))
    let places = (0..<1000).map { count / 1000 * $0 } + [count - 1]
    let numbers = places.map { permutation[$0] }
    #expect(Set(numbers).count == places.count)
    #expect(numbers.allSatisfy { 0..<count ~= $0 })
    let upper = numbers.count { $0 >= count / 2 }
    #expect(400..<600 ~= upper, "half of the numbers are in the upper half, not \(upper)")
  }

  @Test("the order follows from the key")
  func keyed() {
    #expect(order(of: 1000, seed: 3) == order(of: 1000, seed: 3))
    let agreeing = zip(order(of: 1000, seed: 3), order(of: 1000, seed: 4)).count { $0 == $1 }
    #expect(agreeing < 10, "one place in a thousand agrees by chance, not \(agreeing)")
  }

  /// Each of the `count!` orders is expected 400 times; 5 standard deviations of chi square around
  /// its mean, the degrees of freedom.
  @Test("all orders of a few numbers are as likely", arguments: [2, 3, 4, 5, 6])
  func evenOrders(count: Int) {
    let orders = (1...count).reduce(1, *)
    var tally: [[Int]: Int] = [:]
    for seed in 0..<UInt64(400 * orders) { tally[order(of: count, seed: seed), default: 0] += 1 }
    #expect(tally.count == orders)
    let chiSquare = tally.values.reduce(0) { $0 + Double(($1 - 400) * ($1 - 400)) / 400 }
    let freedom = Double(orders - 1)
    #expect(abs(chiSquare - freedom) < 5 * (2 * freedom).squareRoot(), "chi square \(chiSquare)")
  }

  @Test("a number does not tell its neighbour's place", arguments: [1000, 4096, 10_007])
  func neighbours(count: Int) {
    var steps = [Int](repeating: 0, count: 10)
    for seed in 0..<20 as Range<UInt64> {
      let order = order(of: count, seed: seed)
      for (number, next) in zip(order, order.dropFirst()) {
        steps[(next - number + count) % count * 10 / count] += 1
      }
    }
    let expected = Double(20 * (count - 1)) / 10
    let chiSquare = steps.reduce(0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    // 9 degrees of freedom: beyond 34 once in 10,000 tries.
    #expect(chiSquare < 34, "steps from one number to the next are in tenths \(steps)")
  }

  /// A constant, so that a change that would give resumed runs other data is seen.
  @Test("an order stays the same from one version to the next")
  func golden() {
    #expect(order(of: 10, seed: 0) == [5, 3, 4, 0, 6, 2, 9, 1, 8, 7])
  }
}
