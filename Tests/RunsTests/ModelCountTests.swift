import Runs
import Testing

/// Counts of models whose parameter counts are public.
@Suite struct ModelCountTests {
  @Test("GPT-2 small has 124,439,808 parameters, its positions no part of its body")
  func gpt2() throws {
    let model = try ModelDescription(
      yaml: "{family: gpt2, width: 768, layers: 12}", file: "gpt2.yaml")
    let counts = ModelCounts(ModelDimensions(model))
    #expect(counts.total == 124_439_808)
    #expect(counts.nonEmbedding == 124_439_808 - 768 * (50257 + 1024))
    #expect(counts.head == 768 * 50257)
  }

  @Test("LLaMA 7B has 6,738,415,616 parameters")
  func llama() throws {
    let model = try ModelDescription(
      yaml: "{family: llama, width: 4096, layers: 32}", file: "llama.yaml")
    let counts = ModelCounts(ModelDimensions(model))
    #expect(counts.total == 6_738_415_616)
    #expect(counts.active == counts.total)
    #expect(counts.total - counts.nonEmbedding == 2 * 32000 * 4096)
    // Six for each weight of the body, and attention over 2,048 tokens.
    #expect(
      counts.operationsPerToken == 6 * counts.nonEmbedding + 12 * 32 * 4096 * 2048)
  }

  @Test("Qwen3-30B-A3B has 30,532,122,624 parameters, of which 3.35 billion are active")
  func mixture() throws {
    let model = try ModelDescription(
      yaml: """
        {family: qwen3, width: 2048, layers: 48, heads: 32, kv_heads: 4, head_width: 128,
         ffn_width: 768, experts: 128, experts_active: 8}
        """, file: "qwen3.yaml")
    let counts = ModelCounts(ModelDimensions(model))
    #expect(counts.total == 30_532_122_624)
    #expect(counts.active == 3_353_032_704)
    #expect(counts.active - counts.activeNonEmbedding == counts.total - counts.nonEmbedding)
  }
}
