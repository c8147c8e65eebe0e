import Foundation
import Runs
import Testing

extension ModelDescription {
  fileprivate subscript(sizes: KeyPath<ModelDescription, Int>...) -> [Int] {
    sizes.map { self[keyPath: $0] }
  }
}

@Suite struct ModelDescriptionTests {
  private func model(_ text: String) throws -> ModelDescription {
    try ModelDescription(yaml: "{\(text)}", file: "model.yaml")
  }

  @Test("every field of a model file is read")
  func everyField() throws {
    let model = try model(
      """
      family: qwen3, width: 96, layers: 3, heads: 6, kv_heads: 2, head_width: 24, ffn_width: 200,
      vocabulary: 300, sequence_length: 256, tied: true, qk_norm: false, experts: 12,
      experts_active: 5, shared_experts: 1, attention_softcap: 50, output_softcap: 30.5
      """)
    #expect(model.family == .qwen3)
    #expect(model[\.width, \.layers] == [96, 3])
    #expect(model[\.heads, \.kvHeads, \.headWidth] == [6, 2, 24])
    #expect(model[\.ffnWidth, \.vocabulary, \.sequenceLength] == [200, 300, 256])
    #expect(model.tied)
    #expect(!model.qkNorm)
    #expect(model[\.experts, \.expertsActive, \.sharedExperts] == [12, 5, 1])
    #expect(model.attentionSoftcap == 50)
    #expect(model.outputSoftcap == 30.5)
  }

  /// Heads, kv_heads, head_width, ffn_width from the models' published configurations.
  @Test(
    "defaults rebuild published models",
    arguments: [
      ("family: gpt2, width: 768, layers: 12", [12, 12, 64, 3072]),
      ("family: gpt2, width: 1600, layers: 48", [25, 25, 64, 6400]),
      ("family: llama, width: 4096, layers: 32", [32, 32, 128, 11008]),
      ("family: llama, width: 5120, layers: 40", [40, 40, 128, 13824]),
      ("family: qwen3, width: 2048, layers: 28", [16, 8, 128, 6144]),
      ("family: qwen3, width: 4096, layers: 36", [32, 8, 128, 12288]),
      (
        "family: qwen3, width: 2048, layers: 48, heads: 32, head_width: 128, experts: 128",
        [32, 4, 128, 768]
      ),
    ])
  func published(text: String, shape: [Int]) throws {
    let model = try model(text)
    #expect(model[\.heads, \.kvHeads, \.headWidth, \.ffnWidth] == shape)
  }

  @Test(
    "each family has its vocabulary, context, tying and norm",
    arguments: [
      ("gpt2", 50257, 1024, true, false), ("llama", 32000, 2048, false, false),
      ("qwen3", 151_936, 4096, false, true),
    ])
  func familyDefaults(
    family: String, vocabulary: Int, sequenceLength: Int, tied: Bool, qkNorm: Bool
  ) throws {
    let model = try model("family: \(family), width: 1024, layers: 2")
    #expect(model[\.vocabulary, \.sequenceLength] == [vocabulary, sequenceLength])
    #expect(model.tied == tied)
    #expect(model.qkNorm == qkNorm)
  }

  @Test(
    "small llamas keep their head width and stay near 8/3",
    arguments: [(64, 2, 176), (96, 3, 256), (160, 5, 432), (256, 8, 688), (896, 28, 2400)])
  func proxies(width: Int, heads: Int, ffnWidth: Int) throws {
    let model = try model("family: llama, width: \(width), layers: 2")
    #expect(model[\.heads, \.headWidth, \.ffnWidth] == [heads, 32, ffnWidth])
  }

  @Test(
    "a width that 32 does not divide gets the largest power of two", arguments: [(48, 16), (40, 8)])
  func oddWidths(width: Int, headWidth: Int) throws {
    #expect(try model("family: llama, width: \(width), layers: 2").headWidth == headWidth)
  }

  @Test("heads and their width give each other")
  func headsGiveHeadWidth() throws {
    #expect(try model("family: llama, width: 96, layers: 2, heads: 4").headWidth == 24)
    #expect(try model("family: llama, width: 96, layers: 2, head_width: 24").heads == 4)
  }

  @Test("Qwen3 groups its heads only where they divide", arguments: [(16, 8), (12, 12), (4, 4)])
  func groupedHeads(heads: Int, kvHeads: Int) throws {
    let model = try model("family: qwen3, width: 192, layers: 2, heads: \(heads), head_width: 16")
    #expect(model.kvHeads == kvHeads)
  }

  @Test(
    "experts given make a mixture of the family's sparsity",
    arguments: [("qwen3", 128, 8), ("qwen3", 8, 1), ("llama", 8, 2), ("gpt2", 6, 2)])
  func mixture(family: String, experts: Int, active: Int) throws {
    let model = try model("family: \(family), width: 64, layers: 2, experts: \(experts)")
    #expect(model[\.experts, \.expertsActive, \.sharedExperts] == [experts, active, 0])
  }

  @Test("a model without experts has none active or shared")
  func dense() throws {
    let model = try model("family: qwen3, width: 64, layers: 2")
    #expect(model[\.experts, \.expertsActive, \.sharedExperts] == [0, 0, 0])
  }

  @Test(
    "a shape that cannot be is named",
    arguments: [
      ("layers: 2", ModelError.missing("width")),
      ("width: 64", .missing("layers")),
      ("width: 96, layers: 2, heads: 5", .headsDoNotDivide(heads: 5, width: 96)),
      (
        "width: 96, layers: 2, head_width: 64",
        .headWidthDoesNotDivide(headWidth: 64, width: 96)
      ),
      ("width: 100, layers: 2", .noHeadWidth(width: 100)),
      ("width: 96, layers: 2, heads: 4, kv_heads: 3", .kvHeadsDoNotDivide(kvHeads: 3, heads: 4)),
      (
        "width: 96, layers: 2, experts: 4, experts_active: 5",
        .tooManyActive(active: 5, experts: 4)
      ),
      (
        "width: 96, layers: 2, experts: 4, experts_active: 0",
        .outOfRange(key: "experts_active", value: 0)
      ),
      ("width: 96, layers: 2, experts_active: 2", .needsExperts("experts_active")),
      ("width: 96, layers: 2, shared_experts: 1", .needsExperts("shared_experts")),
    ])
  func impossible(text: String, expected: ModelError) throws {
    let place = SourcePlace(file: "model.yaml", line: 1, column: 1)
    #expect(throws: DescriptionError.model(place, expected)) {
      try model("family: llama, \(text)")
    }
  }

  @Test("a model needs a family")
  func noFamily() {
    let place = SourcePlace(file: "model.yaml", line: 1, column: 1)
    #expect(throws: DescriptionError.model(place, .missing("family"))) {
      try model("width: 64, layers: 2")
    }
  }

  @Test(
    "sizes are positive and fit 32 bits, whoever gives them",
    arguments: [
      "width", "layers", "heads", "kv_heads", "head_width", "ffn_width", "vocabulary",
      "sequence_length",
    ], [0, -1, Int.max])
  func outOfRange(key: String, value: Int) {
    #expect(throws: ModelError.outOfRange(key: key, value: value)) {
      try small(with: key, value)
    }
  }

  @Test(
    "numbers of experts may be 0 and not less",
    arguments: ["experts", "experts_active", "shared_experts"])
  func expertCounts(key: String) throws {
    #expect(try small(with: key, 0).experts == 0)
    #expect(throws: ModelError.outOfRange(key: key, value: -1)) { try small(with: key, -1) }
  }

  @Test("caps lie where floats can bend by them, whoever gives them")
  func softcapOutOfRange() throws {
    for key in ["attention_softcap", "output_softcap"] {
      for value in [0, -50, 1e-4, 1e7] {
        let fields = Data(#"{"family":"llama","width":64,"layers":2,"\#(key)":\#(value)}"#.utf8)
        #expect(throws: ModelError.softcapOutOfRange(key: key, value: value)) {
          try JSONDecoder().decode(ModelDescription.self, from: fields)
        }
      }
      for value in ["0", "-50", "1e7", "none", ".inf", "[50]"] {
        let error = #expect(throws: DescriptionError.self) {
          try ModelDescription(
            yaml: "family: llama\nwidth: 64\nlayers: 2\n\(key): \(value)\n", file: "m.yaml")
        }
        let text = try #require(error).description
        #expect(text.hasPrefix("m.yaml:4:"))
        #expect(text.contains("`\(key)`"))
      }
    }
  }

  /// Ids of runs are digests of what is written.
  @Test("a model without caps is written as before there were any")
  func noSoftcaps() throws {
    let plain = try Digest.canonicalJSON(try model("family: llama, width: 64, layers: 2"))
    #expect(
      plain == #"""
        {"experts":0,"experts_active":0,"family":"llama","ffn_width":176,"head_width":32,"heads":2,\#
        "kv_heads":2,"layers":2,"qk_norm":false,"sequence_length":2048,"shared_experts":0,\#
        "tied":false,"vocabulary":32000,"width":64}
        """#)
    let capped = try model("family: llama, width: 64, layers: 2, output_softcap: 30")
    #expect(try Digest.canonicalJSON(capped).contains(#""output_softcap":30"#))
  }

  /// A small llama from JSON, which the reader of YAML does not check, with one field set.
  private func small(with key: String, _ value: Int) throws -> ModelDescription {
    let sizes = ["width": 64, "layers": 2].merging([key: value]) { $1 }
    let fields = try JSONEncoder().encode(sizes)
    var model = try JSONDecoder().decode(ModelFields.self, from: fields)
    model.family = .llama
    return try ModelDescription(model)
  }

  @Test("a model written as JSON is a model file")
  func json() throws {
    let mixture = try model("family: qwen3, width: 96, layers: 3, experts: 8, shared_experts: 1")
    let capped = try model("family: llama, width: 96, layers: 3, attention_softcap: 12.5")
    let untied = try model("family: gpt2, width: 96, layers: 3, tied: false")
    for model in [mixture, capped, untied] {
      let text = try Digest.canonicalJSON(model)
      #expect(text.contains(#""kv_heads":"#))
      #expect(try ModelDescription(yaml: text, file: "run.json") == model)
      #expect(try JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8)) == model)
    }
  }

  @Test("JSON of an impossible model is refused")
  func impossibleJSON() {
    let text = #"{"family":"llama","width":96,"layers":2,"heads":5}"#
    #expect(throws: ModelError.headsDoNotDivide(heads: 5, width: 96)) {
      try JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8))
    }
  }

  @Test("an unknown key is met with the nearest known one")
  func unknownKey() throws {
    let error = #expect(throws: DescriptionError.self) {
      try ModelDescription(yaml: "family: llama\nwidht: 64\nlayers: 2\n", file: "m.yaml")
    }
    #expect(
      try #require(error).description == "m.yaml:2:1: unknown key `widht`; did you mean `width`?")
  }

  @Test("a file that is not there is named")
  func noFile() throws {
    let error = #expect(throws: DescriptionError.self) {
      try ModelDescription(contentsOfFile: "/nowhere/m.yaml")
    }
    #expect(try #require(error).description.hasPrefix("/nowhere/m.yaml: cannot be read"))
  }

  @Test(
    "every error says what to do",
    arguments: [
      (ModelError.missing("width"), "add it"),
      (.outOfRange(key: "width", value: 0), "give a whole"),
      (.softcapOutOfRange(key: "output_softcap", value: 0), "from 0.001 to 1000000"),
      (.headsDoNotDivide(heads: 5, width: 96), "change one"),
      (.headWidthDoesNotDivide(headWidth: 5, width: 96), "change one"),
      (.noHeadWidth(width: 9), "give `heads` or"),
      (.kvHeadsDoNotDivide(kvHeads: 3, heads: 4), "each must serve"),
      (.tooManyActive(active: 3, experts: 2), "some of them"),
      (.needsExperts("experts_active"), "give the number of `experts`"),
    ])
  func advice(error: ModelError, advice: String) {
    #expect(error.description.contains(advice))
  }
}
