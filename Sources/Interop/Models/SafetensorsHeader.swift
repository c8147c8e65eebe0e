/// What a safetensors file says of its tensors, read from its header; no weights are read.
///
/// The format: the header's length as a little-endian `UInt64`, the header as JSON, the tensors
/// (github.com/huggingface/safetensors, README).
package struct SafetensorsHeader: Sendable {
  /// A third of what the format allows; a tensor takes some hundred bytes.
  private static let mostHeaderBytes = 32 << 20
  /// Beyond any model, and a sum of as many as a header holds stays a whole `Double`.
  private static let mostElements = 1 << 50

  /// Numbers in all tensors that are weights.
  package private(set) var params = 0.0
  /// Those of tensors that tokens or places are looked up in, or that logits are read out with.
  package private(set) var embeddingParams = 0.0
  /// Numbers in tensors of whole numbers that no model has as weights, such as quantized ones.
  package private(set) var quantized = 0.0

  package init(_ path: String) throws(ImportError) {
    let stream = try FileStream(path)
    guard try stream.fill(8) else {
      throw .incomplete(path, reason: "no safetensors file: it is shorter than a header")
    }
    let length = stream.unread.loadUnaligned(as: UInt64.self)
    guard let bytes = Int(exactly: UInt64(littleEndian: length)), bytes <= Self.mostHeaderBytes
    else { throw .tooLarge(path, what: "a header in bytes", limit: Self.mostHeaderBytes) }
    stream.consume(8)
    guard bytes <= stream.length, try stream.fill(bytes) else {
      throw .incomplete(path, reason: "no safetensors file: it ends before its header does")
    }
    do {
      var parser = JSONParser(UnsafeRawBufferPointer(rebasing: stream.unread[..<bytes]))
      try parser.beginObject()
      while let name = try parser.nextKey() {
        let start = parser.position
        let tensor = try parser.value()
        if name == "__metadata__" { continue }
        if let problem = add(tensor, name) {
          throw ImportError.damaged(LogDamage(file: path, offset: 8 + start, reason: problem))
        }
      }
      try parser.finish()
    } catch let error as JSONError {
      throw ImportError(error, in: path, from: 8)
    } catch let error as ImportError {
      throw error
    } catch {
      throw .unreadable(path, reason: "\(error)")
    }
  }

  /// Counts a tensor in.
  ///
  /// - Returns: What is wrong with it, if anything is.
  private mutating func add(_ tensor: JSONValue, _ name: String) -> String? {
    guard let type = tensor["dtype"]?.text, let shape = tensor["shape"]?.elements else {
      return "no tensor: dtype and shape are missing"
    }
    var elements = 1
    for side in shape {
      guard let side = side.number.flatMap(Int.init(exactly:)), side >= 0 else {
        return "no tensor: its shape is not of whole numbers"
      }
      let (product, overflow) = elements.multipliedReportingOverflow(by: side)
      guard !overflow, product <= Self.mostElements else {
        return "no tensor: its shape has more numbers than any model"
      }
      elements = product
    }
    if let bytes = Self.bytes[type] {
      let offsets = (tensor["data_offsets"] ?? tensor["offsets"])?.elements?.map {
        $0.number.flatMap(Int.init(exactly:)) ?? -1
      }
      guard let offsets, offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0],
        offsets[1] - offsets[0] == elements * bytes
      else { return "no tensor: its shape is not as long as its data" }
    }
    count(
      Double(elements), TensorName(name, sides: shape.count), isWhole: Self.whole.contains(type))
    return nil
  }

  private mutating func count(_ elements: Double, _ name: TensorName, isWhole: Bool) {
    if name.isBuffer { return }
    if isWhole {
      quantized += elements
    } else {
      params += elements
      if name.isEmbedding { embeddingParams += elements }
    }
  }

  /// Adds the tensors of another shard of the same model.
  package mutating func add(_ other: SafetensorsHeader) {
    params += other.params
    embeddingParams += other.embeddingParams
    quantized += other.quantized
  }

  private static let bytes = [
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8, "I32": 4,
    "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1, "C64": 8,
  ]
  private static let whole: Set = ["I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"]
}

/// What the name of a tensor says of its part in a model.
private struct TensorName {
  private static let embeddings: Set<Substring> = [
    "embed_tokens", "tok_embeddings", "word_embeddings", "wte", "embed_in", "token_embedding",
    "lm_head", "embed_out", "output", "wpe", "embed_positions", "position_embeddings",
  ]
  private static let buffers: Set<Substring> = [
    "inv_freq", "masked_bias", "position_ids", "rotary_emb", "num_batches_tracked",
  ]

  private let parts: [Substring]
  private let sides: Int

  init(_ name: String, sides: Int) {
    parts = name.split(separator: ".")
    self.sides = sides
  }

  var isEmbedding: Bool {
    // Only at the top: a block may have an `output` of its own.
    if parts.contains("output") { return parts.count <= 2 && parts.first == "output" }
    return parts.contains { Self.embeddings.contains($0) }
  }

  /// Whether it is no weight: a causal mask that GPT-2 and GPT-NeoX keep is called `bias`.
  var isBuffer: Bool {
    parts.contains { Self.buffers.contains($0) } || (sides >= 3 && parts.last == "bias")
  }
}
