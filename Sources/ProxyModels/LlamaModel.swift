package import Parametrizations
package import Runs
package import Tensors

/// A decoder after LLaMA.
///
/// Touvron et al. 2023, arXiv 2302.13971: RMSNorm before each branch, rotary
/// positions, causal attention with grouped queries, SwiGLU, no biases.
///
/// Qwen3 (arXiv 2505.09388) differs in the RMSNorm on queries and keys, which any member may have, as
/// it may the soft caps of Gemma 2 (arXiv 2408.00118).
package struct LlamaModel: ProxyModel {
  package let description: ModelDescription

  /// Of the root mean square, as in LLaMA 2 and 3.
  static let normEpsilon = 1e-5
  /// Of rotary positions, as in LLaMA.
  static let rotaryBase = 10000.0

  package init(_ description: ModelDescription) throws(ProxyModelError) {
    guard description.headWidth.isMultiple(of: 2) else {
      throw .oddHeadWidth(description.headWidth)
    }
    self.description = description
  }

  package var parameters: ParameterTree<ParameterSpec> {
    var tree = ParameterTree<ParameterSpec>()
    func add(
      _ path: String, _ role: ParameterRole, fanOut: Int, fanIn: Int = 1, heads: Int? = nil
    ) {
      let shape = ParameterShape(fanOut: fanOut, fanIn: fanIn)
      tree.append(ParameterSpec(role: role, shape: shape, heads: heads), at: ParameterPath(path))
    }
    let (width, headWidth) = (description.width, description.headWidth)
    let (queries, keys) = (description.heads * headWidth, description.kvHeads * headWidth)
    add("embedding", .embedding, fanOut: width, fanIn: description.vocabulary)
    for layer in 0..<description.layers {
      let (attention, feedForward) = ("blocks.\(layer).attention", "blocks.\(layer).feedForward")
      add("\(attention).norm", .norm, fanOut: width)
      // What a head makes of values goes on to all of the output, so those rows are no head's own.
      add(
        "\(attention).query", .hidden, fanOut: queries, fanIn: width, heads: description.heads)
      add("\(attention).key", .hidden, fanOut: keys, fanIn: width, heads: description.kvHeads)
      add("\(attention).value", .hidden, fanOut: keys, fanIn: width)
      if description.qkNorm {
        add("\(attention).queryNorm", .norm, fanOut: headWidth)
        add("\(attention).keyNorm", .norm, fanOut: headWidth)
      }
      add("\(attention).output", .hidden, fanOut: width, fanIn: queries)
      add("\(feedForward).norm", .norm, fanOut: width)
      add("\(feedForward).gate", .hidden, fanOut: description.ffnWidth, fanIn: width)
      add("\(feedForward).up", .hidden, fanOut: description.ffnWidth, fanIn: width)
      add("\(feedForward).down", .hidden, fanOut: width, fanIn: description.ffnWidth)
    }
    add("norm", .norm, fanOut: width)
    if !description.tied { add("output", .output, fanOut: description.vocabulary, fanIn: width) }
    return tree
  }

  package func logits(
    _ weights: ParameterTree<Tensor>, _ settings: ModelSettings, on tape: inout Tape
  ) -> Tensor {
    var pass = ForwardPass(tape: tape, weights: weights, settings: settings)
    let angles = pass.tape.rotaryAngles(headWidth: description.headWidth, base: Self.rotaryBase)
    var stream = pass.tape.embedding(
      pass.weight("embedding"), multiplier: pass.multiplier("embedding"))
    for layer in 0..<description.layers {
      let attended = attention(of: stream, "blocks.\(layer).attention", angles, &pass)
      stream = pass.residualSum(stream, attended)
      let fed = feedForward(of: stream, "blocks.\(layer).feedForward", &pass)
      stream = pass.residualSum(stream, fed)
    }
    let normed = pass.norm(stream, "norm", epsilon: Self.normEpsilon)
    var logits =
      description.tied
      ? pass.tape.linear(normed, pass.weight("embedding"), multiplier: settings.tiedOutput)
      : pass.linear(normed, "output")
    if let cap = description.outputSoftcap { logits = pass.tape.softCap(logits, cap: cap) }
    tape = pass.tape
    return logits
  }

  private func attention(
    of stream: Tensor, _ path: String, _ angles: RotaryAngles, _ pass: inout ForwardPass
  ) -> Tensor {
    let normed = pass.norm(stream, "\(path).norm", epsilon: Self.normEpsilon)
    var query = pass.linear(normed, "\(path).query")
    var key = pass.linear(normed, "\(path).key")
    let value = pass.linear(normed, "\(path).value")
    if description.qkNorm {
      query = pass.norm(query, "\(path).queryNorm", epsilon: Self.normEpsilon)
      key = pass.norm(key, "\(path).keyNorm", epsilon: Self.normEpsilon)
    }
    let attended = pass.tape.attention(
      query: pass.tape.rotation(query, by: angles), key: pass.tape.rotation(key, by: angles),
      value: value, headWidth: description.headWidth, scale: pass.settings.attentionScale,
      cap: description.attentionSoftcap)
    return pass.linear(attended, "\(path).output")
  }

  private func feedForward(
    of stream: Tensor, _ path: String, _ pass: inout ForwardPass
  ) -> Tensor {
    let normed = pass.norm(stream, "\(path).norm", epsilon: Self.normEpsilon)
    let gate = pass.linear(normed, "\(path).gate")
    let up = pass.linear(normed, "\(path).up")
    return pass.linear(pass.tape.swiGLU(gate: gate, up: up), "\(path).down")
  }
}
