import Foundation
import Interop
import Testing

@Suite struct MegatronImporterTests {
  private static let header = """
    using world size: 4, data-parallel size: 2, tensor-model-parallel size: 2
    ------------------------ arguments ------------------------
      adam_beta1 ...................................... 0.9
      adam_beta2 ...................................... 0.95
      clip_grad ....................................... 1.0
      global_batch_size ............................... 8
      group_query_attention ........................... False
      hidden_size ..................................... 64
      lr .............................................. 0.0003
      lr_decay_style .................................. cosine
      lr_warmup_iters ................................. 10
      moe_router_topk ................................. 2
      num_attention_heads ............................. 4
      num_experts ..................................... None
      num_layers ...................................... 2
      num_query_groups ................................ 1
      optimizer ....................................... adam
      pipeline_model_parallel_size .................... 1
      retriever_report_topk_accuracies ................ []
      seq_length ...................................... 128
      tensor_model_parallel_size ...................... 2
      this_name_is_longer_than_all_of_the_dots_to_its_right . word
      train_iters ..................................... 100
      untie_embeddings_and_output_weights ............. False
      weight_decay .................................... 0.1
      world_size ...................................... 4
    -------------------- end of arguments ---------------------
     > padded vocab (size: 50257) with 47 dummy tokens (new size: 50304)
     > number of parameters on (tensor, pipeline) model parallel rank (1, 0): 1000
     > number of parameters on (tensor, pipeline) model parallel rank (0, 0): 1001

    """

  private static func step(
    _ number: Int, loss: String? = "2.500000E+00", skipped: Int = 0, nan: Int = 0,
    prefix: String = " [2026-01-02 03:04:05.678901]"
  ) -> String {
    let loss = loss.map { " lm loss: \($0) |" } ?? ""
    return prefix
      + " iteration \(String(repeating: " ", count: 4))\(number)/     100 | consumed samples: "
      + "        \(8 * number) | elapsed time per iteration (ms): 123.4 | throughput per GPU "
      + "(TFLOP/s/GPU): 400.0 | learning rate: 3.000000E-04 | global batch size:     8 |\(loss) "
      + "loss scale: 1.0 | grad norm: 0.312 | number of skipped iterations:   \(skipped) | "
      + "number of nan iterations:   \(nan) |\n"
  }

  private func read(_ text: String) throws -> ReadLog { try ReadLog(text, MegatronImporter()) }

  @Test("another start may have fewer ranks")
  func otherRanks() throws {
    let fewer = Self.header.replacingOccurrences(
      of: "tensor_model_parallel_size ...................... 2",
      with: "tensor_model_parallel_size ...................... 1"
    ).replacingOccurrences(of: " rank (1, 0): 1000", with: " rank (0, 0): 2005")
      .replacingOccurrences(
        of: " > number of parameters on (tensor, pipeline) model parallel rank (0, 0): 1001\n",
        with: "")
    #expect(try read(Self.header + fewer).setting("params_total") == .number(2005))
  }

  @Test("embeddings that two stages of a pipeline share are counted once")
  func sharedEmbeddings() throws {
    let large = Self.header.replacingOccurrences(of: ": 1000\n", with: ": 5000000\n")
      .replacingOccurrences(of: ": 1001\n", with: ": 4000000\n")
      .replacingOccurrences(
        of: "pipeline_model_parallel_size .................... 1",
        with: "pipeline_model_parallel_size .................... 2"
      ).replacingOccurrences(
        of: "tensor_model_parallel_size ...................... 2",
        with: "tensor_model_parallel_size ...................... 1")
    #expect(try read(large).setting("params_total") == .number(9_000_000 - 50304 * 64))
    let untied = large.replacingOccurrences(
      of: "output_weights ............. False", with: "output_weights ............. True")
    #expect(try read(untied).setting("params_total") == .number(9_000_000))
  }

  @Test("there is no total until all ranks have told, of spread experts, or of less than a copy")
  func noTotal() throws {
    let one = Self.header.replacingOccurrences(
      of: " > number of parameters on (tensor, pipeline) model parallel rank (0, 0): 1001\n",
      with: "")
    #expect(try read(Self.header).setting("params_total") == .number(2001))
    #expect(try read(one).setting("params_total") == nil)
    let spread = Self.header.replacingOccurrences(
      of: "  global_batch_size",
      with: "  expert_model_parallel_size ...................... 2\n  global_batch_size")
    #expect(try read(spread).setting("params_total") == nil)
    let stages = Self.header.replacingOccurrences(
      of: "pipeline_model_parallel_size .................... 1",
      with: "pipeline_model_parallel_size .................... 2"
    ).replacingOccurrences(
      of: "tensor_model_parallel_size ...................... 2",
      with: "tensor_model_parallel_size ...................... 1")
    #expect(try read(stages).setting("params_total") == nil)
  }

  @Test("arguments are settings, where they mean something")
  func arguments() throws {
    let log = try read(Self.header)
    #expect(log.setting("width") == .number(64))
    #expect(log.setting("learning_rate") == .number(0.0003))
    #expect(log.setting("schedule.kind") == .text("cosine"))
    #expect(log.setting("tied") == .flag(false))
    #expect(log.setting("kv_heads") == nil)
    #expect(log.setting("experts") == .null)
    #expect(log.setting("experts_active") == nil)
    #expect(log.setting("vocabulary") == .number(50304))
    #expect(log.setting("params_total") == .number(2001))
    #expect(log.setting("params_per_rank") == .number(1001))
    #expect(
      log.log.settings["this_name_is_longer_than_all_of_the_dots_to_its_right"]?.value
        == .text("word"))
    #expect(log.log.settings["lr"]?.place == "\(log.path), line 9")
  }

  @Test(
    "a step's fields are kept by their names, whatever launchers and releases put before them",
    arguments: [
      " [2026-01-02 03:04:05.678901]", "", "3: ", "[default7]: [2024-01-02 03:04:05]", "[rank0]:",
    ])
  func steps(prefix: String) throws {
    let log = try read(
      Self.step(10, prefix: prefix) + Self.step(20, loss: "2.25E+00", prefix: prefix))
    #expect(log.points("lm loss") == [10: 2.5, 20: 2.25])
    #expect(log.points("learning rate") == [10: 3e-4, 20: 3e-4])
    #expect(log.points("consumed samples") == [10: 80, 20: 160])
    #expect(log.points("global batch size") == [10: 8, 20: 8])
    #expect(log.points("grad norm") == [10: 0.312, 20: 0.312])
    #expect(log.log.settings["iterations"]?.value == .number(100))
  }

  @Test("a loss that is not printed is not a number, unless updates were skipped")
  func missingLoss() throws {
    let log = try read(
      Self.step(10) + Self.step(20, loss: nil) + Self.step(30, loss: nil, skipped: 10)
        + Self.step(40, loss: "0.000000E+00", skipped: 10)
        + Self.step(50, loss: nil, skipped: 10, nan: 10) + Self.step(60, loss: "nan"))
    let losses = log.points("lm loss")
    #expect(losses.keys.sorted() == [10, 20, 50, 60])
    #expect(losses[20]?.isNaN == true)
    #expect(losses[50]?.isNaN == true)
    #expect(losses[60]?.isNaN == true)
    #expect(log.points("grad norm").count == 6)
  }

  @Test("a line that another process cuts into tells what it has, and nothing of what it lacks")
  func cutLine() throws {
    let whole = Self.step(10)
    let place = try #require(whole.range(of: " lm loss"))
    let log = try read(String(whole[..<place.lowerBound]) + "warning: slow\n" + Self.step(20))
    #expect(log.points("lm loss") == [20: 2.5])
    #expect(log.points("learning rate").count == 2)
  }

  @Test("validations are kept by their sets, and those at the end apart")
  func validations() throws {
    let log = try read(
      Self.step(100)
        + """
        ------------------------------------------------------------------------------------
         validation loss at iteration 100 | lm loss value: 2.4E+00 | lm loss PPL: 1.1E+01 | \n\
         validation-1 loss at iteration 100 | lm loss value: 2.6E+00 | \n\
        0: validation loss at iteration 100 on test set | lm loss value: 2.7E+00 | \n\
         validation loss at the end of training for val data | lm loss value: 2.8E+00 | \n\
        [after training is done] datetime: 2026-01-02 03:04:05

        """)
    #expect(log.points("lm loss validation") == [100: 2.4])
    #expect(log.points("lm loss PPL validation") == [100: 11])
    #expect(log.points("lm loss validation-1") == [100: 2.6])
    #expect(log.points("lm loss validation on test set") == [100: 2.7])
    #expect(log.points("lm loss validation the end of training for val data") == [100: 2.8])
    #expect(log.log.end == .finished)
  }

  @Test("a resumed run goes on in the same file, and in the same reader")
  func resumed() throws {
    let log = try read(Self.header + Self.step(10) + Self.step(20, loss: "9.9E+00"))
    try log.append(Self.header.replacing("0.0003", with: "0.0004") + Self.step(20))
    try log.append("Traceback (most recent call last):\n iteration  3")
    #expect(log.log.series("lm loss")?.resumed.values == [2.5, 2.5])
    #expect(log.setting("learning_rate") == .number(0.0004))
    #expect(log.setting("params_total") == .number(2001))
    #expect(log.log.remarks.count == 1)
    #expect(log.log.end == .failed("Traceback"))
    try log.append("0/ 100 | lm loss: 2.0 |\n")
    #expect(log.points("lm loss")[30] == 2)
    #expect(log.log.end == .unknown)
  }

  @Test("numbers of metrics that nobody asks for are not kept")
  func kept() throws {
    let log = try ReadLog(Self.step(1), MegatronImporter())
    let place = LogPlace(path: log.path, files: [log.path])
    let reader = try log.importer.reader(of: place) { $0 == "grad norm" }
    try reader.advance { _ in }
    #expect(reader.logs[0].metrics.map(\.name) == ["grad norm"])
  }
}
