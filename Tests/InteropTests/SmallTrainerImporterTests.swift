import Foundation
import Interop
import Support
import Testing

@Suite struct SmallTrainerImporterTests {
  @Test("nanoGPT's iterations, steps and configuration are read")
  func nanoGPT() throws {
    let log = try ReadLog(
      """
      Overriding config with config/train_gpt2.py:
      # launch as the following
      wandb_log = True
      out_dir = 'out-x' # where to
      gradient_accumulation_steps = 5 * 8
      block_size = 1024

      Overriding: learning_rate = 0.0006
      tokens per iteration will be: 491,520
      found vocab_size = 65 (inside data/shakespeare_char/meta.pkl)
      number of parameters: 10.65M
      num decayed parameter tensors: 26, with 10,740,096 parameters
      num non-decayed parameter tensors: 13, with 4,992 parameters
      step 0: train loss 4.2874, val loss 4.2823
      iter 0: loss 4.2654, time 67.63ms, mfu -100.00%
      iter 10: loss nan, time 6.63ms, mfu 1.00%, lr 1e-4

      """, NanoGPTImporter())
    #expect(log.points("iter loss")[0] == 4.2654)
    #expect(log.points("iter loss")[10]?.isNaN == true)
    #expect(log.points("iter mfu") == [0: -100, 10: 1])
    #expect(log.points("iter lr") == [10: 1e-4])
    #expect(log.points("step train loss") == [0: 4.2874])
    #expect(log.points("step val loss") == [0: 4.2823])
    #expect(log.setting("learning_rate") == .number(0.0006))
    #expect(log.setting("sequence_length") == .number(1024))
    #expect(log.setting("batch_tokens") == .number(491_520))
    #expect(log.setting("vocabulary") == .number(65))
    #expect(log.setting("params_total") == .number(10_745_088))
    #expect(log.log.settings["gradient_accumulation_steps"]?.value == .number(40))
    #expect(log.log.settings["out_dir"]?.value == .text("out-x"))
    #expect(log.log.settings["wandb_log"]?.value == .flag(true))
  }

  @Test("llm.c's main.log is read, with a word on its rounding")
  func llmCRecord() throws {
    let log = try ReadLog(
      "s:0 tel:10.9\ns:0 trl:11.0 lr:0.000003 norm:15.39\ns:1 trl:nan lr:0.000006 norm:inf\n"
        + "s:1 eval:0.2\n", LLMCImporter(), file: "main.log")
    #expect(log.points("trl")[0] == 11)
    #expect(log.points("trl")[1]?.isNaN == true)
    #expect(log.points("norm") == [0: 15.39, 1: .infinity])
    #expect(log.points("lr") == [0: 3e-6, 1: 6e-6])
    #expect(log.points("tel") == [0: 10.9])
    #expect(log.points("eval") == [1: 0.2])
    #expect(log.log.remarks.count == 1)
    #expect(log.log.name == log.folder.path.split(separator: "/").last.map(String.init))
  }

  @Test("llm.c's tables and steps are read from its standard output")
  func llmCOutput() throws {
    let log = try ReadLog(
      """
      +-----------------------+----------------------------------------------------+
      | Parameter             | Value                                              |
      | output log dir        | NULL                                               |
      | total batch size      | 458752                                             |
      | learning rate (LR)    | 2.000000e-03                                       |
      | num_parameters        | 124475904                                          |
      val loss 11.006021
      step    1/21479 | loss 11.007906 (+nanz)| norm 16.3235 (+nanz)| lr 2.86e-06 | 2734.72 ms | -100.0% bf16 MFU | 167751 tok/s
      step    2/21479 | train loss 10.829729 | norm 15.0011 | lr 5.71e-06 | (2391.52 ms | 191824 tok/s)
      val loss 10.5

      """, LLMCImporter())
    #expect(log.points("loss") == [1: 11.007906])
    #expect(log.points("train loss") == [2: 10.829729])
    #expect(log.points("norm") == [1: 16.3235, 2: 15.0011])
    #expect(log.points("lr") == [1: 2.86e-6, 2: 5.71e-6])
    #expect(log.points("val loss") == [0: 11.006021, 2: 10.5])
    #expect(log.setting("learning_rate") == .number(0.002))
    #expect(log.setting("batch_tokens") == .number(458752))
    #expect(log.setting("params_total") == .number(124_475_904))
    #expect(log.log.settings["output log dir"]?.value == .null)
  }

  @Test("nanochat's averages and bits per byte are kept as what they are")
  func nanochat() throws {
    let log = try ReadLog(
      """
      Vocab size: 65,536
      Model config:
      {
        "n_layer": 20,
        "n_embd": 1280
      }
      Parameter counts:
      total                   : 560,988,160
      Tokens / micro-batch / rank: 32 x 2048 = 65,536
      Total batch size 524,288 => gradient accumulation steps: 1
      Step 00000 | Validation bpb: 3.312345
      step 00000/21400 (0.00%) | loss: 11.090355 | lrm: 1.00 | dt: 300.00ms | tok/sec: 1,012,345
      Minimum validation bpb: 0.81

      """, NanochatImporter())
    #expect(log.points("loss") == [0: 11.090355])
    #expect(log.points("tok/sec") == [0: 1_012_345])
    #expect(log.points("Validation bpb") == [0: 3.312345])
    #expect(log.setting("params_total") == .number(560_988_160))
    #expect(log.setting("width") == .number(1280))
    #expect(log.setting("layers") == .number(20))
    #expect(log.setting("sequence_length") == .number(2048))
    #expect(log.setting("batch_tokens") == .number(524_288))
    #expect(log.setting("steps") == .number(21400))
    #expect(log.log.end == .finished)
    #expect(log.importer.names.metrics[.loss]?.first?.average == .movingAverage)
    #expect(log.importer.names.metrics[.validationLoss]?.first?.unit == .bitsPerByte)
  }
}
