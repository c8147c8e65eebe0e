import Tensors
import Testing

/// Every operation's way back against central differences.
@Suite struct OperationGradientTests {
  /// Rounding of the loss over the step of the differences, with room for the sums in between.
  static let tolerance = 1e-8

  @Test("embedding, linear and cross-entropy", arguments: [1.0, 0.3])
  func linear(multiplier: Double) throws {
    let check = try GradientCheck { tape in
      let x = tape.embedding(tape.parameter([7, 6]), multiplier: multiplier)
      let hidden = tape.linear(x, tape.parameter([4, 6]), multiplier: multiplier)
      return tape.linear(hidden, tape.parameter([7, 4]))
    }
    #expect(check.worst < Self.tolerance)
    #expect(check.count > 80)
  }

  @Test("a table that is read twice gets both gradients")
  func tied() throws {
    let check = try GradientCheck { tape in
      let table = tape.parameter([7, 6])
      let x = tape.embedding(table)
      return tape.linear(x, table, multiplier: 0.4)
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("the z-loss")
  func zLoss() throws {
    let check = try GradientCheck(zWeight: 0.3) { tape in
      tape.linear(tape.embedding(tape.parameter([7, 6])), tape.parameter([7, 6]))
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("norm over the width and over heads", arguments: [6, 3])
  func rmsNorm(gain: Int) throws {
    let check = try GradientCheck { tape in
      let x = tape.embedding(tape.parameter([7, 6]))
      let normed = tape.rmsNorm(
        x, gain: tape.parameter([gain]), epsilon: 1e-2, multiplier: 1.3)
      return tape.linear(normed, tape.parameter([7, 6]))
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("rotary positions")
  func rotation() throws {
    let check = try GradientCheck { tape in
      let x = tape.embedding(tape.parameter([7, 8]))
      let angles = tape.rotaryAngles(headWidth: 4, base: 100)
      return tape.linear(tape.rotation(x, by: angles), tape.parameter([7, 8]))
    }
    #expect(check.worst < Self.tolerance)
  }

  /// Longer than a block of rows, and not a multiple of one.
  @Test("attention", arguments: [(heads: 2, groups: 2), (4, 2), (3, 1)], [5, 70])
  func attention(heads: (heads: Int, groups: Int), length: Int) throws {
    let check = try GradientCheck(length: length) { tape in
      let x = tape.embedding(tape.parameter([7, 5]))
      func project(_ heads: Int) -> Tensor { tape.linear(x, tape.parameter([heads * 4, 5])) }
      let attended = tape.attention(
        query: project(heads.heads), key: project(heads.groups), value: project(heads.groups),
        headWidth: 4, scale: 0.6)
      return tape.linear(attended, tape.parameter([7, heads.heads * 4]))
    }
    #expect(check.worst < Self.tolerance)
  }

  /// The products have a standard deviation near the cap, where it bends them most.
  @Test("attention with a cap", arguments: [(heads: 2, groups: 2), (4, 2)], [5, 70])
  func cappedAttention(heads: (heads: Int, groups: Int), length: Int) throws {
    let check = try GradientCheck(length: length) { tape in
      let x = tape.embedding(tape.parameter([7, 5]))
      func project(_ heads: Int) -> Tensor { tape.linear(x, tape.parameter([heads * 4, 5])) }
      let attended = tape.attention(
        query: project(heads.heads), key: project(heads.groups), value: project(heads.groups),
        headWidth: 4, scale: 3, cap: 0.9)
      return tape.linear(attended, tape.parameter([7, heads.heads * 4]))
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("a cap on logits, with the z-loss", arguments: [0.4, 30])
  func softCap(cap: Double) throws {
    let check = try GradientCheck(zWeight: 0.1) { tape in
      let x = tape.embedding(tape.parameter([7, 6]))
      return tape.softCap(tape.linear(x, tape.parameter([7, 6])), cap: cap)
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("SwiGLU")
  func swiGLU() throws {
    let check = try GradientCheck { tape in
      let x = tape.embedding(tape.parameter([7, 6]))
      let up = tape.linear(x, tape.parameter([9, 6]))
      let gate = tape.linear(x, tape.parameter([9, 6]))
      return tape.linear(tape.swiGLU(gate: gate, up: up), tape.parameter([7, 9]))
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("arrays that something else reads too get both gradients")
  func secondReaders() throws {
    let check = try GradientCheck { tape in
      let x = tape.embedding(tape.parameter([7, 8]))
      func project() -> Tensor { tape.linear(x, tape.parameter([8, 8])) }
      let (query, key, value, gate, up) = (project(), project(), project(), project(), project())
      let angles = tape.rotaryAngles(headWidth: 4, base: 100)
      let turned = tape.rotation(query, by: angles)
      let attended = tape.attention(
        query: turned, key: key, value: value, headWidth: 4, scale: 0.6)
      let normed = tape.rmsNorm(
        gate, gain: tape.parameter([8]), epsilon: 1e-2, multiplier: 0.7)
      let gated = tape.swiGLU(gate: gate, up: up)
      var sum = tape.residualSum(attended, gated)
      let capped = tape.softCap(up, cap: 0.6)
      for again in [query, turned, key, value, gate, up, normed, capped, x] {
        sum = tape.residualSum(sum, again, multiplier: 0.3)
      }
      return tape.linear(sum, tape.parameter([7, 8]))
    }
    #expect(check.worst < Self.tolerance)
  }

  @Test("residual sums, of a stream and of itself")
  func residualSum() throws {
    let check = try GradientCheck { tape in
      let x = tape.embedding(tape.parameter([7, 6]))
      let branch = tape.linear(x, tape.parameter([6, 6]))
      let stream = tape.residualSum(x, branch, multiplier: 0.3)
      let doubled = tape.residualSum(stream, stream, multiplier: 0.5)
      return tape.linear(doubled, tape.parameter([7, 6]))
    }
    #expect(check.worst < Self.tolerance)
  }
}
