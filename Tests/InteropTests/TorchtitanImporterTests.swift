import Foundation
import Interop
import Testing

@Suite struct TorchtitanImporterTests {
  private static let prefix = "[rank0]:[titan] 2025-06-04 08:51:48,074 - root - INFO - "

  private func read(_ text: String) throws -> ReadLog { try ReadLog(text, TorchtitanImporter()) }

  @Test("steps and validations are told apart, colours or not")
  func steps() throws {
    let (red, green, off) = ("\u{1b}[31m", "\u{1b}[32m", "\u{1b}[39m")
    let log = try read(
      """
      \(Self.prefix)\(red)step:  1  \(green)loss: 12.2254  \u{1b}[38;2;180;60;0mgrad_norm:  1.5000  \
      memory: 27.34GiB(28.78%)  tps: 12,375  tflops: 1,021.73  mfu: 2.20%\(off)
      \(Self.prefix)validate step:  1  loss: 12.0  memory: 1.00GiB(1.00%)  tps: 300
      \(Self.prefix)step: 640/644 = 99.3789%  loss:  nan  memory: 1.0GiB(1%)  tps: 1  tflops: 2  mfu: 3%
      \(Self.prefix)Training completed

      """)
    #expect(log.points("loss")[1] == 12.2254)
    #expect(log.points("loss")[640]?.isNaN == true)
    #expect(log.points("grad_norm") == [1: 1.5])
    #expect(log.points("tps") == [1: 12375, 640: 1])
    #expect(log.points("tflops") == [1: 1021.73, 640: 2])
    #expect(log.points("memory") == [1: 27.34, 640: 1])
    #expect(log.points("validate loss") == [1: 12])
    #expect(log.log.end == .finished)
  }

  @Test("what an older release averages over is not said to be a step")
  func older() throws {
    let log = try read(
      "[rank0]:2024-12-13 17:29:23,398 - root - INFO - \u{1b}[36mstep: 30  \u{1b}[32mloss:  1.7148  "
        + "memory: 14.91GiB(18.82%)  wps: 48,655  mfu: 13.87%\n")
    #expect(!log.log.metrics.contains { $0.name == "loss" })
    #expect(log.points("loss of an older release") == [30: 1.7148])
  }

  @Test("of several processes, the first that knows the loss is read")
  func ranks() throws {
    let fields = "  grad_norm: 1  memory: 1GiB(1%)  tps: 5  tflops: 2  mfu: 1%\n"
    let log = try read(
      [(0, 1, "-1.0000"), (3, 1, "9.0"), (0, 2, "-1.0000"), (3, 2, "8.0"), (2, 2, "7.0")]
        .map { "[rank\($0.0)]:[titan] 2026 - root - INFO - step: \($0.1)  loss: \($0.2)\(fields)" }
        .joined())
    #expect(log.points("loss") == [1: 9, 2: 8])
  }

  @Test("settings printed as JSON are read, beside other processes and not when they are cut into")
  func configs() throws {
    let configs = [
      "\(Self.prefix)Running with configs: {", "[rank0]:  \"optimizer\": {",
      "[rank0]:    \"lr\": 0.0008,", "[rank1]:[titan] other", "[rank0]:    \"betas\": [0.9, 0.95]",
      "[rank0]:  },", "[rank0]:  \"debug\": {", "[rank0]:    \"seed\": null", "[rank0]:  }",
      "[rank0]:}", "",
    ]
    let log = try read(configs.joined(separator: "\n")).log
    #expect(
      log.settings.mapValues(\.value) == [
        "optimizer.lr": .number(0.0008), "optimizer.betas.0": .number(0.9),
        "optimizer.betas.1": .number(0.95), "debug.seed": .null,
      ])
    let cut = configs.map { $0 == "[rank0]:  }," ? "\(Self.prefix)something" : $0 }
    #expect(try read(cut.joined(separator: "\n")).log.settings.isEmpty)
  }

  @Test("what is printed before the first step is settings")
  func settings() throws {
    let log = try read(
      """
      \(Self.prefix)Building llama3 8B with TransformerModelArgs(_enforced='This field', dim=4096, \
      n_layers=32, n_heads=32, n_kv_heads=8, vocab_size=128256, rope=RoPE(theta=5e5, n=(1, 2)), x=None)
      \(Self.prefix)\u{1b}[34mModel llama3 8B \u{1b}[31msize: 8,030,261,248 total parameters\u{1b}[39m
      \(Self.prefix)Optimizer AdamW (model_part=0): 3 params [.*\\.(norm|bias)\\[x\\].*] \
      {'lr': 0.0003, 'betas': (0.9, 0.95), 'eps': 1e-08, 'weight_decay': 0.1, 'fused': True}
      \(Self.prefix)Optimizer Muon (model_part=0): 4 params {'lr': 0.02}
      \(Self.prefix)Trainer is initialized with local batch size 1, global batch size 8, gradient \
      accumulation steps 1, sequence length 8192, total steps 1000 (warmup 200)
      \(Self.prefix)Trainer is initialized with 4096 tokens per DP rank, 65536 tokens per train step, \
      gradient accumulation steps 2, maximum context length 512, total steps 1000 (warmup 100).

      """)
    #expect(log.setting("width") == .number(4096))
    #expect(log.setting("kv_heads") == .number(8))
    #expect(log.setting("vocabulary") == .number(128256))
    #expect(log.log.settings["model.rope"]?.value == .text("RoPE(theta=5e5, n=(1, 2))"))
    #expect(log.setting("params_total") == .number(8_030_261_248))
    #expect(log.log.settings["model"]?.value == .text("llama3 8B"))
    #expect(log.setting("learning_rate") == .number(0.0003))
    #expect(log.setting("optimizer.beta2") == .number(0.95))
    #expect(log.setting("weight_decay.value") == .number(0.1))
    #expect(log.log.settings["optimizer.0.pattern"]?.value == .text(".*\\.(norm|bias)\\[x\\].*"))
    #expect(log.log.settings["optimizer.0.fused"]?.value == .flag(true))
    #expect(log.log.settings["optimizer.1.name"]?.value == .text("Muon"))
    #expect(log.setting("sequence_length") == .number(8192))
    #expect(log.setting("batch_sequences") == .number(8))
    #expect(log.setting("batch_tokens") == .number(65536))
    #expect(log.setting("steps") == .number(1000))
    #expect(log.setting("warmup_steps") == .number(100))
  }

  @Test("a release that tells its settings when training starts is read too")
  func startLine() throws {
    let log = try read(
      "\(Self.prefix)Training starts at step 1, with local batch size 1, global batch size 8, "
        + "sequence length 8192, total steps 1000 (warmup 200)\n")
    #expect(log.setting("batch_sequences") == .number(8))
    #expect(log.setting("steps") == .number(1000))
    #expect(log.setting("warmup_steps") == .number(200))
  }
}
