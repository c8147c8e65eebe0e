import Foundation
import Runs
import Tensors
import Testing

/// What telemetry reads of a replay, beside a plain computation from the weights.
@Suite struct TelemetryTests {
  /// Two attentions of a model in which everything can be followed by hand.
  private struct Small {
    let heads: Int
    let groups: Int
    let length: Int
    let cap: Double?
    let tape: Tape
    let table: Tensor
    let projections: [(query: Tensor, key: Tensor)]
    let text: [[Int32]]
    static let (vocabulary, width, headWidth) = (7, 5, 4)
    static let scales = [0.6, 2.5]

    init(heads: Int, groups: Int, length: Int, cap: Double? = nil) {
      (self.heads, self.groups, self.length, self.cap) = (heads, groups, length, cap)
      var tape = Tape(sequences: 2, length: length)
      table = tape.parameter([Self.vocabulary, Self.width])
      let x = tape.embedding(table)
      var projections: [(query: Tensor, key: Tensor)] = []
      var sum = x
      for scale in Self.scales {
        let query = tape.parameter([heads * Self.headWidth, Self.width])
        let key = tape.parameter([groups * Self.headWidth, Self.width])
        let value = tape.parameter([groups * Self.headWidth, Self.width])
        let attended = tape.attention(
          query: tape.linear(x, query), key: tape.linear(x, key), value: tape.linear(x, value),
          headWidth: Self.headWidth, scale: scale, cap: cap)
        let back = tape.linear(attended, tape.parameter([Self.width, heads * Self.headWidth]))
        sum = tape.residualSum(sum, back)
        projections.append((query, key))
      }
      _ = tape.crossEntropy(tape.linear(sum, tape.parameter([Self.vocabulary, Self.width])))
      (self.projections, self.tape) = (projections, tape)
      var random = KeyedRandom(seed: 3, 2)
      text = (0..<2).map { _ in (0...length).map { _ in Int32(random.index(below: 7)) } }
    }

    func arena(_ precision: Precision) throws -> (Arena, weights: Storage, gradients: Storage) {
      let weights = try Storage(precision, count: tape.parameterCount)
      let gradients = try Storage(precision, count: tape.parameterCount)
      var random = KeyedRandom(seed: 7, 1)
      for index in 0..<weights.count { weights.whole[index] = random.normal() }
      let engine = try Engine(precision)
      return (
        try Arena(tape, engine, weights: weights, gradients: gradients), weights, gradients
      )
    }

    /// Each of these tokens through a matrix, in double.
    func projected(_ tokens: ArraySlice<Int32>, _ matrix: Tensor, _ weights: Storage) -> [[Double]]
    {
      let (table, matrix) = (weights[tape.range(of: table)], weights[tape.range(of: matrix)])
      return tokens.map { token in
        (0..<matrix.count / Self.width).map { row in
          (0..<Self.width).reduce(0) { sum, i in
            sum + matrix[row * Self.width + i] * table[Int(token) * Self.width + i]
          }
        }
      }
    }

    /// The largest product and the mean entropy of the first sequence at each of `positions`.
    func statistics(
      _ layer: Int, positions: [Int], _ weights: Storage
    ) -> (logitMaximum: Double, entropy: Double) {
      let queries = projected(text[0][..<length], projections[layer].query, weights)
      let keys = projected(text[0][..<length], projections[layer].key, weights)
      var highest = -Double.infinity
      var entropies: [Double] = []
      for head in 0..<heads {
        for position in positions {
          let first = head / (heads / groups) * Self.headWidth
          let products = (0...position).map { other in
            let product =
              Self.scales[layer]
              * (0..<Self.headWidth).reduce(0) { sum, i in
                sum + queries[position][head * Self.headWidth + i] * keys[other][first + i]
              }
            return cap.map { $0 * tanh(product / $0) } ?? product
          }
          let partition = products.map { exp($0) }.reduce(0, +)
          entropies.append(
            products.map { exp($0) / partition }.reduce(0) { $0 - $1 * log($1) })
          highest = max(highest, products.max() ?? highest)
        }
      }
      return (highest, entropies.reduce(0, +) / Double(entropies.count))
    }
  }

  /// Some roundings of each precision, and sums of a few hundred weights.
  private static let precisions = [(Precision.double, 1e-12), (.single, 2e-6)]

  @Test(
    "the largest product and the entropy of every attention are those of a plain computation",
    arguments: [
      (2, 2, 1, nil), (4, 2, 5, nil), (3, 1, 70, nil), (2, 1, 256, nil), (4, 2, 70, 2.5),
    ], precisions)
  func attention(
    shape: (heads: Int, groups: Int, length: Int, cap: Double?),
    allowed: (precision: Precision, error: Double)
  ) throws {
    let small = Small(
      heads: shape.heads, groups: shape.groups, length: shape.length, cap: shape.cap)
    let (arena, weights, _) = try small.arena(allowed.precision)
    arena.forward(small.text)
    let found = arena.attentionStatistics()
    #expect(found.count == 2)
    for (layer, statistics) in found.enumerated() {
      let expected = small.statistics(layer, positions: Array(0..<shape.length), weights)
      let error = allowed.error * max(1, abs(expected.logitMaximum))
      #expect(abs(statistics.logitMaximum - expected.logitMaximum) < error)
      #expect(abs(statistics.entropy - expected.entropy) < error)
    }
  }

  @Test("of a long sequence every n-th position is looked at", arguments: precisions)
  func samples(allowed: (precision: Precision, error: Double)) throws {
    let small = Small(heads: 2, groups: 1, length: 531)
    let (arena, weights, _) = try small.arena(allowed.precision)
    arena.forward(small.text)
    // The smallest n is 3, and 177 positions are looked at.
    let positions = (0..<531).filter { $0 % 3 == 2 }
    for (layer, statistics) in arena.attentionStatistics().enumerated() {
      let expected = small.statistics(layer, positions: positions, weights)
      let error = allowed.error * max(1, abs(expected.logitMaximum))
      #expect(abs(statistics.logitMaximum - expected.logitMaximum) < error)
      #expect(abs(statistics.entropy - expected.entropy) < error)
    }
  }

  @Test("the size of kept activations is that of a plain computation", arguments: precisions)
  func magnitude(allowed: (precision: Precision, error: Double)) throws {
    // More scalars than are read at a time, and not a multiple.
    var tape = Tape(sequences: 2, length: 401)
    let table = tape.parameter([7, 5])
    let output = tape.parameter([7, 5])
    let logits = tape.linear(tape.embedding(table), output, multiplier: 0.5)
    _ = tape.crossEntropy(logits)
    let weights = try Storage(allowed.precision, count: tape.parameterCount)
    let gradients = try Storage(allowed.precision, count: tape.parameterCount)
    var random = KeyedRandom(seed: 7, 1)
    for index in 0..<weights.count { weights.whole[index] = random.normal() }
    let text = (0..<2).map { _ in (0...401).map { _ in Int32(random.index(below: 7)) } }
    let arena = try Arena(
      tape, try Engine(allowed.precision), weights: weights, gradients: gradients)
    arena.forward(text)
    let found = arena.magnitude(of: logits)

    let (rows, columns) = (weights[tape.range(of: table)], weights[tape.range(of: output)])
    let expected = text.flatMap { tokens in
      tokens.dropLast().flatMap { token in
        (0..<7).map { word in
          0.5 * (0..<5).reduce(0.0) { $0 + rows[Int(token) * 5 + $1] * columns[word * 5 + $1] }
        }
      }
    }
    let meanSquare = expected.reduce(0) { $0 + $1 * $1 } / Double(expected.count)
    #expect(abs(found.rootMeanSquare - meanSquare.squareRoot()) < 10 * allowed.error)
    #expect(abs(found.largest - (expected.map { abs($0) }.max() ?? 0)) < 10 * allowed.error)

    rows[Int(text[0][0]) * 5] = .nan
    arena.forward(text)
    #expect(!arena.magnitude(of: logits).rootMeanSquare.isFinite)
  }

  @Test("what is read changes no gradient, to the bit", arguments: [Precision.single, .double])
  func readingChangesNothing(precision: Precision) throws {
    let small = Small(heads: 4, groups: 2, length: 70)
    func gradients(reading: Bool) throws -> [Double] {
      let (arena, _, gradients) = try small.arena(precision)
      arena.forward(small.text)
      if reading { _ = arena.attentionStatistics() }
      arena.backward(scale: 1)
      return (0..<gradients.count).map { gradients.whole[$0] }
    }
    #expect(try gradients(reading: true) == gradients(reading: false))
  }
}
