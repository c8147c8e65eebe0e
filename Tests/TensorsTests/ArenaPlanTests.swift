import Tensors
import Testing

@Suite struct ArenaPlanTests {
  private func chain(layers: Int) -> Tape {
    var tape = Tape(sequences: 1, length: 64)
    var x = tape.embedding(tape.parameter([32, 64]))
    for _ in 0..<layers {
      let branch = tape.linear(x, tape.parameter([64, 64]))
      x = tape.residualSum(x, branch)
    }
    _ = tape.crossEntropy(tape.linear(x, tape.parameter([32, 64])))
    return tape
  }

  /// Only the streams that the linear maps read are kept; branches and gradients share memory.
  @Test("memory grows by what is kept and by nothing else")
  func growth() throws {
    let engine = try Engine()
    let few = Arena.bytes(for: chain(layers: 4), engine)
    let many = Arena.bytes(for: chain(layers: 12), engine)
    #expect(many - few == 8 * 64 * 64 * 4)
  }

  @Test("a replay leaves the same however often it was run, and whatever was in memory before")
  func replays() throws {
    let tape = chain(layers: 3)
    let engine = try Engine()
    func gradients(replays: Int) throws -> [Double] {
      let weights = try Storage(.single, count: tape.parameterCount)
      let gradients = try Storage(.single, count: tape.parameterCount)
      for index in 0..<weights.count { weights.whole[index] = Double(index % 17) * 0.01 - 0.08 }
      let arena = try Arena(tape, engine, weights: weights, gradients: gradients)
      let text = [(0...64).map { Int32($0 % 32) }]
      for _ in 0..<replays {
        gradients.whole.zero()
        arena.forward(text)
        arena.backward(scale: 1)
      }
      return (0..<gradients.count).map { gradients.whole[$0] }
    }
    #expect(try gradients(replays: 1) == gradients(replays: 3))
  }
}
