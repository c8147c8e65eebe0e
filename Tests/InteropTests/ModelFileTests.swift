import Interop
import ScalingLaws
import Support
import Testing

/// Hugging Face configs of models whose parameter counts are public, and damaged ones.
@Suite struct ModelFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String, _ name: String = "config.json") throws -> TargetModel {
    try ModelFile.read(try folder.write(text, to: name))
  }

  private static let mistral = """
    {"model_type": "mistral", "hidden_size": 4096, "num_hidden_layers": 32,
     "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
     "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false}
    """

  @Test(
    "configs give the counts that their models have",
    arguments: [
      (
        """
        {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024,
         "vocab_size": 50257, "n_inner": null}
        """, 124_439_808.0
      ), (mistral, 7_241_732_096),
      (
        """
        {"model_type": "qwen2", "hidden_size": 896, "num_hidden_layers": 24,
         "num_attention_heads": 14, "num_key_value_heads": 2, "intermediate_size": 4864,
         "vocab_size": 151936, "max_position_embeddings": 4096, "tie_word_embeddings": true}
        """, 494_032_768
      ),
      (
        """
        {"model_type": "qwen3", "hidden_size": 1024, "num_hidden_layers": 28, "head_dim": 128,
         "num_attention_heads": 16, "num_key_value_heads": 8, "intermediate_size": 3072,
         "vocab_size": 151936, "max_position_embeddings": 4096, "tie_word_embeddings": true}
        """, 596_049_920
      ),
      (
        """
        {"model_type": "olmo2", "hidden_size": 4096, "num_hidden_layers": 32,
         "num_attention_heads": 32, "num_key_value_heads": 32, "intermediate_size": 11008,
         "vocab_size": 100352, "max_position_embeddings": 4096, "attention_bias": false}
        """, 7_298_617_344
      ),
    ] as [(String, Double)])
  func counts(config: String, total: Double) throws {
    let model = try read(config)
    #expect(model.total?.value == total)
    #expect(model.total?.caveat == nil)
    #expect(model.operationsPerToken?.caveat == nil)
    #expect(!model.isMixture)
    #expect(model.activeShare == 1)
  }

  @Test("mixtures have their active parameters and experts")
  func mixtures() throws {
    let mixtral = try read(
      Self.mistral.replacing("\"mistral\"", with: "\"mixtral\"").replacing(
        "\"vocab_size\"",
        with: "\"num_local_experts\": 8, \"num_experts_per_tok\": 2, \"vocab_size\""))
    #expect(mixtral.total?.value == 46_702_792_704)
    #expect(mixtral.active?.value == 12_879_925_248)
    #expect(mixtral.activeShare == 0.25)
    let qwen = try read(
      """
      {"model_type": "qwen3_moe", "hidden_size": 2048, "num_hidden_layers": 48, "head_dim": 128,
       "num_attention_heads": 32, "num_key_value_heads": 4, "intermediate_size": 6144,
       "moe_intermediate_size": 768, "num_experts": 128, "num_experts_per_tok": 8,
       "decoder_sparse_step": 1, "mlp_only_layers": [],
       "vocab_size": 151936, "max_position_embeddings": 40960, "tie_word_embeddings": false}
      """)
    #expect(qwen.total?.value == 30_532_122_624)
    #expect(qwen.active?.value == 3_353_032_704)
    #expect(qwen.isMixture)
    #expect(qwen.operationsPerToken?.caveat?.contains("40960") == true)
    #expect(qwen.total?.caveat == nil)
  }

  @Test("an architecture that is not known is counted as a usual one, and says so")
  func unknownArchitecture() throws {
    let model = try read(Self.mistral.replacing("\"mistral\"", with: "\"brandnew\""))
    #expect(model.total?.value == 7_241_732_096)
    #expect(model.total?.caveat?.contains("model_type brandnew is not known") == true)
  }

  @Test("a model of more than text is counted by its decoder")
  func nested() throws {
    let model = try read("{\"model_type\": \"seeing\", \"text_config\": \(Self.mistral)}")
    #expect(model.total?.value == 7_241_732_096)
  }

  @Test("a model file of ours is read as YAML and as JSON")
  func ownFiles() throws {
    let yaml = try read("family: llama\nwidth: 4096\nlayers: 32\n", "model.yaml")
    let json = try read("{\"family\": \"llama\", \"width\": 4096, \"layers\": 32}", "model.json")
    #expect(yaml.total?.value == 6_738_415_616)
    #expect(json == yaml)
  }

  @Test("a sequence length that is given counts in place of the file's")
  func sequenceLength() throws {
    let path = try folder.write(Self.mistral, to: "config.json")
    let short = try ModelFile.read(path, sequenceLength: 1024)
    let long = try ModelFile.read(path)
    #expect(short.total == long.total)
    let saved =
      try #require(long.operationsPerToken?.value) - #require(short.operationsPerToken?.value)
    #expect(saved == 12 * 32 * 4096 * 3072)
  }

  @Test(
    "what is wrong with a file is named, with what to do",
    arguments: [
      ("not json at all {", "is not whole JSON"), ("[1, 2]", "holds no object with keys"),
      ("{\"model_type\": \"llama\"}", "no key hidden_size, no key num_hidden_layers"),
      (mistral.replacing("4096, \"num_hidden", with: "-4, \"num_hidden"), "`hidden_size` is -4"),
      (
        mistral.replacing("\"num_hidden_layers\": 32", with: "\"num_hidden_layers\": 1.5"), "is 1.5"
      ),
      (mistral.replacing("\"vocab_size\": 32000", with: "\"vocab_size\": \"big\""), "is \"big\""),
      (mistral.replacing("false", with: "3"), "`tie_word_embeddings` is 3; write true or false"),
      (
        mistral.replacing("\"num_attention_heads\": 32", with: "\"num_attention_heads\": 31"),
        "does not divide the width 4096"
      ),
      (
        mistral.replacing("\"vocab_size\"", with: "\"num_experts\": 4, \"vocab_size\""),
        "no key num_experts_per_tok"
      ),
      (
        mistral.replacing(
          "\"vocab_size\"",
          with: "\"num_experts\": 4, \"num_experts_per_tok\": 5, \"vocab_size\""),
        "no more than the 4 experts"
      ),
      (
        mistral.replacing("32,\n \"num_attention", with: "2000000000,\n \"num_attention"),
        "more than any model has"
      ), ("{\"family\": \"llama\", \"width\": 0, \"layers\": 2}", "config.json:1"),
    ] as [(String, String)])
  func refusals(text: String, message: String) throws {
    let path = try folder.write(text, to: "config.json")
    let error = try #require(throws: ModelFileError.self) { try ModelFile.read(path) }
    #expect(error.description.contains(message), "\(error.description)")
    #expect(error.description.contains("config.json"))
  }

  @Test("a path to nothing and a path to a folder are named")
  func paths() throws {
    let missing = folder.file("none.json")
    #expect(throws: ModelFileError.noFile(missing)) { try ModelFile.read(missing) }
    #expect(throws: ModelFileError.isFolder(folder.path)) { try ModelFile.read(folder.path) }
  }
}
