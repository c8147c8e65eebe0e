import Foundation
import Interop
import Runs
import Testing

@Suite struct RunAssemblyTests {
  private static func choices(
    set: [String: String] = [:], map: String? = nil, loss: ImportChoices.LossChoice = .automatic
  ) throws -> ImportChoices {
    var choices = ImportChoices()
    for (field, value) in set { try choices.set(field, to: value, at: "--set") }
    if let map { try choices.map(map) }
    choices.loss = loss
    return choices
  }

  // MARK: - Fields

  @Test("settings become fields, with the place that they stand in")
  func fields() throws {
    var built = AssembledLog.clean
    built.set(["hidden_size": 512, "weight_decay": 0.1, "betas.1": 0.95])
    built.set("optim", .text("adamw_torch_fused"))
    built.set("tie_word_embeddings", .flag(true))
    built.set("eps", .null)
    let run = try built.run()
    #expect(run.record.width == 512)
    #expect(run.record.tied == true)
    #expect(run.record.optimizer.name == "adamw")
    #expect(run.record.optimizer.beta2 == 0.95)
    #expect(run.record.optimizer.epsilon == nil)
    #expect(run.record.weightDecay == RecordedWeightDecay(value: 0.1, convention: "decoupled"))
    #expect(run.record.schedule.floor == 0.1)
    #expect(run.record.schedule.warmup == 5_000_000)
    #expect(run.record.paramsTotal == 1e8)
    #expect(run.record.params == 1e8)
    #expect(run.record.paramsKind == .total)
    #expect(run.record.trainer == "tool")
    #expect(run.record.source == RunSource(file: "/logs/run"))
    #expect(run.origins["width"] == FieldOrigin("hidden_size", at: "config.yaml"))
    #expect(run.origins["schedule.warmup"]?.rule == "warmup_steps x batch_tokens")
    #expect(run.warnings.isEmpty)
  }

  @Test(
    "a warm-up and a floor that no number holds are left out",
    arguments: [
      ["warmup_steps": 1e306], ["warmup_ratio": 0.5, "max_steps": 1e306], ["min_lr": 1e306],
    ]
  )
  func absurdSchedules(settings: [String: Double]) throws {
    var built = AssembledLog.clean
    built.log.removeSetting("warmup_steps")
    built.log.removeSetting("min_lr_ratio")
    built.set(settings)
    let run = try built.run()
    #expect(run.record.schedule.warmup?.isFinite != false)
    #expect(run.record.schedule.floor?.isFinite != false)
    _ = try run.record.jsonLine()
  }

  @Test("a run that was killed before a line is due has not come to its plan")
  func killed() throws {
    var built = AssembledLog.sized
    for line in 1...9 { built.append("train/loss", [(100 * line, 4 - 0.1 * Double(line))]) }
    let run = try built.run()
    #expect(run.record.steps == 900)
    #expect(run.record.status == .unfinished)
    var fromZero = AssembledLog.sized
    for line in 1...20 { fromZero.append("train/loss", [(50 * line - 1, 4 - 0.1 * Double(line))]) }
    #expect(try fromZero.run().record.steps == 1000)
  }

  @Test(
    "only a log of all steps, or of each one before a multiple, counts from 0",
    arguments: [
      ([0, 1, 2, 3, 4], 5), ([4, 9, 14, 19], 20), ([4, 9, 14, 17], 18), ([1, 3, 6, 9], 9),
      ([0, 100, 200, 300], 300), ([1, 3, 10, 30], 30), ([0, 10], 10),
    ])
  func fromZero(steps: [Int], made: Int) throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "seq_len": 1000, "global_batch_size": 100])
    for step in steps { built.append("train/loss", [(step, 3)]) }
    #expect(try built.run().record.steps == Double(made))
  }

  @Test("a tool's own names come first and bring factors and words")
  func toolNames() throws {
    var built = AssembledLog.clean
    built.set(["hidden_size": 512, "width_in_heads": 4, "batch_k": 100])
    built.set("style", .text("WSD"))
    let names = FieldNames(settings: [
      "width": [SettingName("width_in_heads", factor: 64)],
      "schedule.kind": [SettingName("style", words: ["WSD": "wsd"])],
    ])
    var assembly = RunAssembly(built.log, names: names, choices: ImportChoices())
    guard case .run(let run) = assembly.outcome(kind: "tool", path: "p") else {
      Issue.record("no run")
      return
    }
    #expect(run.record.width == 256)
    #expect(run.record.schedule.kind == "wsd")
  }

  @Test("a known name is found where somebody nested it")
  func nested() throws {
    var built = AssembledLog.clean
    built.set(["model.backbone.hidden_size": 640])
    let run = try built.run()
    #expect(run.record.width == 640)
    #expect(run.origins["width"]?.rule == "model.backbone.hidden_size")
  }

  @Test("keys that differ are rivals: the field is left out, and the warning says how to choose")
  func rivals() throws {
    var built = AssembledLog.clean
    built.set(["student.hidden_size": 256, "teacher.hidden_size": 1024])
    let run = try built.run()
    #expect(run.record.width == nil)
    #expect(
      run.message(.ambiguousKey)
        == "width could be student.hidden_size=256 or teacher.hidden_size=1024 and was left out; "
        + "say which by --map width=student.hidden_size")
    built.choices = try Self.choices(map: "width=student.hidden_size")
    #expect(try built.run().record.width == 256)
    #expect(try built.run().codes.isEmpty)
  }

  @Test("a key that ends as those of other things do is no field, and no rival of one")
  func commonEnds() throws {
    var built = AssembledLog.clean
    built.set(["model.norm.eps": 1e-5])
    #expect(try built.run().record.optimizer.epsilon == nil)
    built.set(["head.norm.eps": 1e-6])
    #expect(try built.run().codes.isEmpty)
  }

  @Test("a setting that says None says nothing")
  func none() throws {
    var built = AssembledLog.clean
    built.set("seed", .text("None"))
    #expect(try built.run().record.seed == nil)
  }

  @Test("rivals that agree are none")
  func agreeingRivals() throws {
    var built = AssembledLog.clean
    built.set(["a.hidden_size": 256, "b.hidden_size": 256])
    #expect(try built.run().record.width == 256)
  }

  @Test(
    "what is given by --set wins over all that is logged",
    arguments: [
      ("width", "64"), ("weight_decay", "0.5"), ("weight_decay.value", "0.5"),
      ("optimizer", "muon"), ("optimizer.name", "muon"), ("learning_rate", "0.002"),
      ("batch_tokens", "12345"), ("steps", "2000"), ("tokens", "3e9"), ("params", "7e7"),
      ("params_total", "7e7"), ("loss", "3.25"), ("status", "finished"), ("sequence_length", "7"),
      ("schedule.floor", "0.1"), ("id", "mine"), ("loss_kind", "words"),
    ])
  func given(field: String, value: String) throws {
    var built = AssembledLog.clean
    built.set([
      "hidden_size": 512, "weight_decay": 0.1, "total_batch_size": 777, "num_parameters": 1e8,
    ])
    built.set("optimizer", .text("AdamW"))
    built.append("tokens", [(1000, 9e8)])
    built.choices = try Self.choices(set: [field: value])
    let run = try built.run()
    switch field {
    case "tokens": #expect(run.record.tokens == 3e9)
    case "params", "params_total": #expect(run.record.params == 7e7)
    case "learning_rate": #expect(run.record.learningRate == 0.002)
    case "loss": #expect(run.record.loss == 3.25)
    default:
      let name = ["weight_decay": "weight_decay.value", "optimizer": "optimizer.name"][field]
      let known = RunField.optional.first { $0.name == name ?? field }
      #expect(known?.text(in: run.record) == value)
    }
  }

  @Test("a given count of parameters is of the given kind")
  func givenParams() throws {
    var built = AssembledLog.clean
    built.choices = try Self.choices(set: ["params": "90M", "params_kind": "non-embedding"])
    var record = try built.run().record
    #expect(record.params == 9e7)
    #expect(record.paramsKind == .nonEmbedding)
    #expect(record.paramsTotal == 1e8)
    built.set(["non_embedding_params": 8e7])
    built.choices = try Self.choices(set: ["params_kind": "non-embedding"])
    record = try built.run().record
    #expect(record.params == 8e7)
    #expect(record.paramsKind == .nonEmbedding)
  }

  @Test("--map names a setting, with a factor")
  func mapToSetting() throws {
    var built = AssembledLog.clean
    built.set(["bs": 64, "peak": 0.25])
    built.choices = try Self.choices(map: "batch_tokens=bs*2048,learning_rate=peak")
    let run = try built.run()
    #expect(run.record.batchTokens == 131_072)
    #expect(run.record.learningRate == 0.25)
    #expect(run.origins["batch_tokens"]?.rule == "bs")
  }

  @Test("--map names a metric, with a factor")
  func mapToMetric() throws {
    var built = AssembledLog.sized
    built.logLoss("my/nats_times_two")
    built.append("my/held", [(500, 4), (1000, 2.75)])
    built.append("seen", [(500, 50), (1000, 100)])
    built.choices = try Self.choices(
      map: "loss=my/nats_times_two*0.5,validation_loss=my/held,tokens=seen*1e6")
    let run = try built.run()
    #expect(run.record.loss == 2.75)
    #expect(run.record.lossKind == "validation")
    #expect(run.record.tokens == 1e8)
    #expect(abs((run.curve.last?.loss ?? 0) - 1.25) < 0.03)
    #expect(run.curve.last?.tokens == 1e8)
  }

  @Test("--map learning_rate means the logged rate where a setting has the same name")
  func mapToUsedRate() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.logRate { 2 * AssembledLog.cosine($0) }
    #expect(try built.run().record.learningRate == 1e-3)
    #expect(try built.run().codes.contains(.learningRateDiffers))
    built.choices = try Self.choices(map: "learning_rate=lr")
    #expect(try built.run().record.learningRate == 2e-3)
    #expect(try !built.run().codes.contains(.learningRateDiffers))
  }

  @Test("a key that the log does not have is said")
  func unknownKey() throws {
    var built = AssembledLog.clean
    built.choices = try Self.choices(map: "width=hiden_size,loss=train/los")
    let run = try built.run()
    #expect(
      run.warnings.map(\.message) == [
        "--map loss=train/los: the log has no setting and no metric train/los",
        "--map width=hiden_size: the log has no setting and no metric hiden_size",
      ])
  }

  @Test("a value that is none of its field is left out and said")
  func badValue() throws {
    var built = AssembledLog.clean
    built.set("hidden_size", .number(512.5))
    built.set("seed", .number(3))
    let run = try built.run()
    #expect(run.record.width == nil)
    #expect(run.record.seed == "3")
    #expect(
      run.message(.badValue)
        == "hidden_size is '512.5', which is no width and was left out; give a whole number above "
        + "zero by --set width=VALUE")
  }

  // MARK: - Batch, tokens, parameters

  @Test("the batch is that of a metric, at its end")
  func batchOfMetric() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.append("tokens_a_step", [(1, 50_000), (1000, 200_000)])
    built.choices = try Self.choices(map: "batch_tokens=tokens_a_step")
    #expect(try built.run().record.batchTokens == 200_000)
  }

  @Test("the batch is sequences times their length")
  func batchOfSequences() throws {
    var built = AssembledLog.sized
    built.logLoss()
    let run = try built.run()
    #expect(run.record.batchTokens == 100_000)
    #expect(run.origins["batch_tokens"]?.rule == "global_batch_size x seq_len")
    built.append("batch-size", [(5, 10), (1000, 200)])
    #expect(try built.run().record.batchTokens == 200_000)
    #expect(try built.run().origins["batch_tokens"]?.rule == "batch-size x seq_len")
  }

  @Test("the batch is what the count of tokens rises by, wherever it begins", arguments: [0, 1, 5])
  func batchOfTokens(first: Int) throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3])
    built.logLoss()
    built.append("tokens", [(first, 50_000), (first + 900, 50_000 + 9e7)])
    let run = try built.run()
    #expect(run.record.batchTokens == 100_000)
    #expect(run.origins["batch_tokens"]?.rule == "tokens over the steps")
    #expect(!run.codes.contains(.tokensDisagree))
  }

  @Test("a count of tokens that was told once is divided by its step")
  func batchOfOneCount() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3])
    built.logLoss()
    built.append("tokens", [(500, 5e7)])
    #expect(try built.run().record.batchTokens == 100_000)
  }

  @Test("a batch that is no count of tokens is none")
  func noBatch() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3])
    built.logLoss()
    built.append("tokens", [(500, 0.05), (1000, 0.1)])
    built.choices = try Self.choices(set: ["tokens": "100M"])
    let run = try built.run()
    #expect(run.record.batchTokens == nil)
    #expect(run.origins["batch_tokens"] == nil)
  }

  @Test("a batch of more tokens than any has is left out and said")
  func impossibleBatch() throws {
    var built = AssembledLog.sized
    built.set(["global_batch_size": 1e10])
    built.logLoss()
    built.choices = try Self.choices(set: ["tokens": "100M"])
    let run = try built.run()
    #expect(run.record.batchTokens == nil)
    #expect(run.message(.badValue).contains("makes a batch of"))
  }

  @Test("a part of a batch that is less than one makes no batch")
  func noPart() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "seq_len": 1000, "max_steps": 1000])
    built.set(["batch_size": 8, "gradient_accumulation_steps": 0.5])
    built.logLoss()
    built.choices = try Self.choices(set: ["tokens": "100M"])
    #expect(try built.run().record.batchTokens == nil)
  }

  @Test("the batch is what a device takes times accumulation and devices")
  func batchOfParts() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "seq_len": 1000, "max_steps": 1000])
    built.set(["per_device_train_batch_size": 8, "gradient_accumulation_steps": 4])
    built.logLoss()
    var run = try built.run()
    #expect(run.record.batchTokens == 32_000)
    #expect(run.message(.remark).contains("--set devices=8"))
    built.set(["world_size": 2])
    run = try built.run()
    #expect(run.record.batchTokens == 64_000)
    #expect(
      run.origins["batch_tokens"]?.rule
        == "per_device_train_batch_size x gradient_accumulation_steps x world_size x seq_len")
    #expect(run.warnings.isEmpty)
  }

  @Test("a plain batch size is of all devices, and of one accumulation")
  func plainBatch() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "seq_len": 1000, "max_steps": 1000])
    built.set(["batch_size": 8, "gradient_accumulation_steps": 4, "world_size": 2])
    built.logLoss()
    #expect(try built.run().record.batchTokens == 32_000)
  }

  @Test("tokens are those that the log counts, and those of the steps after its last count")
  func tokensOfCounter() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.append("tokens", [(1, 1e5), (900, 9e7)])
    var run = try built.run()
    #expect(run.record.tokens == 1e8)
    #expect(run.origins["tokens"]?.rule == "tokens, its last value and the steps after it")
    built.append("tokens", [(1000, 1e8 + 1)])
    run = try built.run()
    #expect(run.record.tokens == 1e8 + 1)
    #expect(run.origins["tokens"]?.rule == "tokens, its last value")
  }

  @Test("tokens are samples times their length, also of a batch that grew")
  func tokensOfSamples() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.append("consumed_samples", [(500, 25_000), (990, 74_000)])
    let run = try built.run()
    #expect(run.record.tokens == 75e6)
    #expect(
      run.origins["tokens"]?.rule
        == "consumed_samples x sequence_length and the steps after it")
    #expect(run.curve.first { $0.step == 500 }?.tokens == 25e6)
  }

  @Test("tokens are steps times the batch")
  func tokensOfSteps() throws {
    var built = AssembledLog.sized
    built.logLoss()
    let run = try built.run()
    #expect(run.record.steps == 1000)
    #expect(run.record.tokens == 1e8)
    #expect(run.origins["tokens"]?.rule == "steps x batch_tokens")
    #expect(run.curve.first?.tokens == 5e5)
  }

  @Test("a loop that counts from 0 and makes one step too many made those planned")
  func stepsFromZero() throws {
    var built = AssembledLog.sized
    for step in 0...1000 { built.append("train/loss", [(step, 3)]) }
    #expect(try built.run().record.steps == 1000)
    #expect(try built.run().record.tokens == 1e8)
    built.log.removeSetting("max_steps")
    let run = try built.run()
    #expect(run.record.steps == 1001)
    #expect(run.origins["steps"]?.rule == "the last logged step, counted from 0")
    #expect(run.curve.first?.tokens == 1e5)
  }

  @Test("a held-out loss behind the last line of a log from 0 counts the steps before it")
  func heldOutFromZero() throws {
    var built = AssembledLog.sized
    built.log.removeSetting("max_steps")
    built.append("train/loss", (1..<100).map { (10 * $0 - 1, 3) })
    #expect(try built.run().record.steps == 990)
    built.append("eval/loss", [(1000, 2.5)])
    #expect(try built.run().record.steps == 1000)
  }

  @Test("a log whose next line would be beyond the plan came to its end")
  func lastLineBeforePlan() throws {
    var built = AssembledLog.sized
    built.append("train/loss", (1...33).map { (30 * $0, 3) })
    let run = try built.run()
    #expect(run.record.steps == 1000)
    #expect(run.record.tokens == 1e8)
    #expect(run.record.status == .finished)
    #expect(run.origins["steps"]?.rule.hasPrefix("those planned") == true)
  }

  @Test("set tokens are taken where nothing counts them, and spread over the curve")
  func setTokens() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "token_budget": 2e9])
    built.logLoss()
    let run = try built.run()
    #expect(run.record.tokens == 2e9)
    #expect(run.curve.first { $0.step == 500 }?.tokens == 1e9)
  }

  @Test("the parameters of a known family are counted from its shape")
  func paramsOfShape() throws {
    var built = AssembledLog()
    built.set(["lr": 1e-3, "seq_len": 1024, "global_batch_size": 100])
    built.set(["hidden_size": 512, "num_hidden_layers": 6, "num_attention_heads": 8])
    built.set(["num_key_value_heads": 2, "intermediate_size": 1408, "vocab_size": 32_000])
    built.logLoss()
    #expect(built.missing == ["params"])
    built.choices = try Self.choices(set: ["family": "llama"])
    let run = try built.run()
    var fields = ModelFields()
    (fields.family, fields.width, fields.layers, fields.heads) = (.llama, 512, 6, 8)
    (fields.kvHeads, fields.ffnWidth, fields.vocabulary) = (2, 1408, 32_000)
    let counts = ModelCounts(ModelDimensions(try ModelDescription(fields)))
    #expect(run.record.params == counts.total)
    #expect(run.record.paramsTotal == counts.total)
    #expect(run.record.paramsNonEmbedding == counts.nonEmbedding)
    #expect(run.record.paramsActive == counts.active)
    #expect(run.origins["params"]?.rule == "the shape of a llama model")
  }

  @Test("what is missing is named with how to give it")
  func missing() throws {
    var built = AssembledLog()
    #expect(built.missing == ["params", "tokens", "learning_rate", "loss"])
    built.logLoss()
    guard case .incomplete(let run) = built.outcome else {
      Issue.record("a record of nothing")
      return
    }
    #expect(run.name == "run")
    #expect(run.missing.map(\.field) == ["params", "tokens", "learning_rate"])
    #expect(run.missing[1].remedy == "--set batch_tokens=512k, or --set tokens=2B")
  }

  // MARK: - How it ended

  @Test("a run that stops before its planned steps is unfinished")
  func unfinished() throws {
    var built = AssembledLog.sized
    built.logLoss(to: 980)
    #expect(try built.run().record.status == .unfinished)
    #expect(try built.run().origins["status"]?.rule == "steps beside those planned")
    #expect(try built.run().message(.unfinished).hasPrefix("ended at step 980 of 1000;"))
    built.append("train/loss", [(995, 2.5)])
    #expect(try built.run().record.status == .finished)
  }

  @Test("a run that failed is unfinished, unless it had come to its planned end")
  func failed() throws {
    var built = AssembledLog()
    built.set(["num_parameters": 1e8, "lr": 1e-3, "total_batch_size": 1e5])
    built.logLoss()
    #expect(try built.run().record.status == .finished)
    built.log.end = .failed("1")
    #expect(try built.run().record.status == .unfinished)
    built.set(["max_steps": 1000])
    #expect(try built.run().record.status == .finished)
    built.log.end = .running
    #expect(try built.run().record.status == .finished)
    built.log.removeSetting("max_steps")
    #expect(try built.run().record.status == .unfinished)
  }

  @Test("a loss that is no number at the end is a divergence, from its first such step")
  func divergedToNothing() throws {
    var built = AssembledLog.sized
    built.logLoss(to: 500)
    built.append("train/loss", [(505, .nan), (510, 9), (515, .nan), (520, .infinity)])
    let record = try built.run().record
    #expect(record.status == .diverged)
    #expect(record.divergedAt == 515)
    #expect(record.loss == nil)
    #expect(try built.run().message(.diverged).contains("step 515"))
  }

  @Test("a loss that is no number in between is none")
  func passingNaN() throws {
    var built = AssembledLog.sized
    built.logLoss(to: 500)
    built.append("train/loss", [(505, .nan)] + (600...1000).map { ($0, 2.5) })
    #expect(try built.run().record.status == .finished)
    #expect(try built.run().record.loss == 2.5)
  }

  @Test("a loss above the first one is a divergence, and keeps its number")
  func divergedAbove() throws {
    var built = AssembledLog.sized
    built.append("train/loss", [(1, 10)] + (2...700).map { ($0, 3) })
    built.append("train/loss", (701...1000).map { ($0, 11) })
    let record = try built.run().record
    #expect(record.status == .diverged)
    #expect(record.divergedAt == 701)
    #expect(record.loss == 11)
    #expect(record.initialLoss == 10)
  }

  @Test("a run that never had a loss names no step of its divergence")
  func divergedAtOnce() throws {
    var built = AssembledLog.sized
    built.append("train/loss", [(0, .nan)])
    built.choices = try Self.choices(set: ["tokens": "1B"])
    let record = try built.run().record
    #expect(record.status == .diverged)
    #expect(record.divergedAt == nil)
  }

  @Test("sizes and steps beyond all bounds are no trap")
  func extremes() throws {
    var built = AssembledLog.clean
    built.set(["warmup_steps": 1e300, "decay_fraction": 1e300, "max_steps": 1e300])
    built.set("lr_scheduler_type", .text("wsd"))
    built.append("train/loss", [(.max, 2.5)])
    built.append("lr", [(.min, 1e-3), (.max, 1e-9)])
    built.append("tokens", [(.min, 1), (0, 1e6)])
    built.choices = try Self.choices(set: ["diverged_at": "1e300"])
    _ = built.outcome
    built.choices = try Self.choices(set: ["diverged_at": "1e300", "status": "diverged"])
    _ = built.outcome
  }

  @Test("numbers below zero are no warm-up and no floor")
  func negativeSettings() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.set(["warmup_steps": -1, "min_lr": -1, "decay_steps": -1])
    built.set("lr_scheduler_type", .text("wsd"))
    #expect(try built.run().record.schedule.warmup == nil)
    #expect(try built.run().record.schedule.floor == nil)
    #expect(try built.run().record.schedule.decay == nil)
  }

  // MARK: - Schedule

  @Test("a warm-up below one step is a part of those planned, rounded up as trainers do")
  func warmupPart() throws {
    var built = AssembledLog.sized
    built.logLoss(to: 500)
    built.set(["warmup_steps": 0.0301])
    #expect(try built.run().record.schedule.warmup == 31 * 1e5)
    built.set(["warmup_steps": 0, "warmup_ratio": 0.05])
    #expect(try built.run().record.schedule.warmup == 50 * 1e5)
    built.log.removeSetting("warmup_ratio")
    #expect(try built.run().record.schedule.warmup == 0)
  }

  @Test("a decay is a part of the planned steps, and the last rate of the peak")
  func configuredDecay() throws {
    var built = AssembledLog.sized
    built.logLoss(to: 500)
    built.set(["decay_steps": 200, "min_lr": 1e-4])
    built.set("lr_scheduler_type", .text("wsd"))
    let schedule = try built.run().record.schedule
    #expect(schedule.decay == 0.2)
    #expect(schedule.floor == 1e-4 / 1e-3)
  }

  @Test("rates of groups that differ are kept by names that a table can hold")
  func ratesOfGroups() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.logRate("lr/a=b") { _ in 1 }
    built.logRate("lr/c;d") { _ in 2 }
    #expect(try built.run().record.learningRateByRole == ["lr/a_b": 1e-3, "lr/c_d": 2e-3])
  }

  // MARK: - Which loss

  @Test("a held-out loss well before the end is not the run's last one")
  func validationBeforeEnd() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.append("eval/loss", [(900, 2.6)])
    #expect(try built.run().record.lossKind == "training")
  }

  @Test("the first loss is told at the first step, in the unit of the last, and is no average")
  func initialLoss() throws {
    var built = AssembledLog.sized
    built.append("train/loss", [(1, 10), (500, 3), (1000, 2.5)])
    #expect(try built.run().record.initialLoss == 10)
    built.append("val/bpb", [(1000, 1.1)])
    #expect(try built.run().record.initialLoss == nil)
    var held = AssembledLog.sized
    held.append("eval/loss", [(100, 9), (1000, 2.6)])
    #expect(try held.run().record.initialLoss == nil)
    let names = FieldNames(metrics: [.loss: [MetricName("train/loss", .movingAverage)]])
    var averaged = AssembledLog.sized
    averaged.append("train/loss", [(1, 10), (500, 3), (1000, 2.5)])
    var assembly = RunAssembly(averaged.log, names: names, choices: ImportChoices())
    guard case .run(let run) = assembly.outcome(kind: "tool", path: "p") else {
      Issue.record("no run")
      return
    }
    #expect(run.record.initialLoss == nil)
  }

  @Test("a standard error above the loss is left out")
  func largeError() throws {
    var built = AssembledLog.clean
    built.set(["loss_standard_error": 99])
    #expect(try built.run().record.lossStandardError == nil)
    built.set(["loss_standard_error": 0.5])
    #expect(try built.run().record.lossStandardError == 0.5)
  }

  @Test("a loss beyond all that there can be is a divergence without a loss")
  func beyondBounds() throws {
    var built = AssembledLog.sized
    built.append("train/loss", (10...100).map { (10 * $0, 1e10) })
    let record = try built.run().record
    #expect(record.status == .diverged)
    #expect(record.loss == nil)
    #expect(record.divergedAt == 1000)
  }

  @Test(
    "what a training loss is a mean of is said in words",
    arguments: [
      ("train/loss", "training"),
      ("loss_metrics/global_avg_loss", "training, one step"),
    ])
  func lossKinds(name: String, words: String) throws {
    var built = AssembledLog.sized
    built.logLoss(name)
    let run = try built.run()
    #expect(run.record.lossKind == words)
    #expect(run.origins["loss"]?.rule == "\(name), the mean over the last 5 % of the steps")
    #expect(abs((run.record.loss ?? 0) - 2.5) < 0.02)
    #expect(run.record.lossStandardError != nil)
  }

  @Test("windows, moving averages and bits per byte are said in words, too")
  func toolLossKinds() throws {
    let cases: [(MetricName, String)] = [
      (MetricName("l", .window), "training, mean since the last line"),
      (MetricName("l", .movingAverage), "training, moving average"),
      (MetricName("l", .step, unit: .bitsPerByte), "training, one step, bits per byte"),
    ]
    for (name, words) in cases {
      var built = AssembledLog.sized
      built.logLoss("l")
      var assembly = RunAssembly(
        built.log, names: FieldNames(metrics: [.loss: [name]]), choices: ImportChoices())
      guard case .run(let run) = assembly.outcome(kind: "tool", path: "p") else { continue }
      #expect(run.record.lossKind == words)
    }
    var built = AssembledLog.sized
    built.append("val/bpb", [(0, 8), (1000, 1.1)])
    #expect(try built.run().record.lossKind == "validation, bits per byte")
    #expect(try built.run().record.initialLoss == 8)
  }

  @Test("a held-out loss counts at the end of the run, and the training loss where there is none")
  func validationAtEnd() throws {
    var built = AssembledLog.sized
    built.logLoss()
    built.append("eval/loss", [(0, 10.8), (500, 3)])
    var run = try built.run()
    #expect(run.record.lossKind == "training")
    built.choices.loss = .validation
    #expect(try built.run().record.loss == 3)
    built.choices.loss = .automatic
    built.append("eval/loss", [(990, 2.6)])
    run = try built.run()
    #expect(run.record.loss == 2.6)
    #expect(run.record.lossKind == "validation")
    #expect(run.record.initialLoss == 10.8)
    #expect(run.record.lossStandardError == nil)
    #expect(run.origins["loss"]?.rule == "eval/loss, its last value")
    built.choices.loss = .training
    #expect(try built.run().record.lossKind == "training")
  }

  @Test("of held-out losses of several texts one is taken, named and said")
  func severalValidations() throws {
    var built = AssembledLog.sized
    built.append("eval/pile/CrossEntropyLoss", [(1000, 2.2)])
    built.append("eval/c4/CrossEntropyLoss", [(1000, 2.6)])
    var run = try built.run()
    #expect(run.record.loss == 2.6)
    #expect(run.record.lossKind == "validation eval/c4/CrossEntropyLoss")
    #expect(run.message(.severalLosses).contains("2 texts"))
    built.choices = try Self.choices(map: "validation_loss=eval/pile/CrossEntropyLoss")
    run = try built.run()
    #expect(run.record.loss == 2.2)
    #expect(run.codes.isEmpty)
  }

  // MARK: - Curves

  @Test("steps are in the trainer's own count where a metric has it")
  func countedSteps() throws {
    var built = AssembledLog.sized
    built.append("train/global_step", (0..<100).map { ($0, Double(10 * ($0 + 1))) })
    built.append("train/loss", (0..<100).map { ($0, 3) })
    let run = try built.run()
    #expect(run.curve.first?.step == 10)
    #expect(run.record.steps == 1000)
    #expect(run.codes.isEmpty)
  }

  @Test("rows without the trainer's count stand at its last one before them")
  func uncountedRows() throws {
    var built = AssembledLog.sized
    for row in 0..<100 {
      built.append("train/global_step", [(2 * row, Double(10 * (row + 1)))])
      built.append("train/loss", [(2 * row, 3)])
      built.append("eval/loss", [(2 * row + 1, 4 - Double(row) / 100)])
    }
    let run = try built.run()
    #expect(run.curve.count == 100)
    #expect(run.curve.first?.validationLoss == 4)
    #expect(run.record.steps == 1000)
    #expect(run.record.loss == 4 - 0.99)
    #expect(run.record.lossKind == "validation")
    #expect(run.codes.isEmpty)
  }

  @Test("rows that a resumed log tells again stand at the counts before them")
  func resumedRows() throws {
    var built = AssembledLog.sized
    for _ in 0..<2 {
      built.append("train/global_step", [(0, 10), (2, 20), (4, 1000)])
      built.append("train/loss", [(0, 5), (2, 4), (4, 3)])
    }
    built.append("eval/loss", [(1, 5), (3, 4), (5, 3), (1, 4.9), (3, 3.9), (5, 2.9)])
    let run = try built.run()
    #expect(run.record.loss == 2.9)
    #expect(run.curve.map(\.validationLoss) == [4.9, 3.9, 2.9])
  }

  @Test("a metric that has no possible step gives way to the next")
  func emptySeries() throws {
    var built = AssembledLog.sized
    built.append("train/loss", [(.max, 9)])
    built.append("train_loss", [(500, 3), (1000, 2.5)])
    #expect(try built.run().record.loss == 2.5)
  }

  @Test("losses between two counts do not make a resumed run")
  func seldomCounted() throws {
    var built = AssembledLog.sized
    built.append("train/loss", (1...1000).map { ($0, 3) })
    built.append("train/global_step", (1...100).map { (10 * $0, Double(10 * $0)) })
    let run = try built.run()
    #expect(run.record.steps == 1000)
    #expect(!run.codes.contains(.resumed))
  }

  @Test("of steps that a resumed run tells twice the last counts")
  func resumed() throws {
    var built = AssembledLog.sized
    built.append("train/loss", (1...600).map { ($0, 5) })
    built.append("train/loss", (501...1000).map { ($0, 3) })
    let run = try built.run()
    #expect(run.curve.map(\.step) == Array(1...1000))
    #expect(run.curve[499].loss == 5)
    #expect(run.curve[500].loss == 3)
    #expect(run.record.loss == 3)
    #expect(run.codes == [.resumed])
  }

  @Test("a point of the curve joins training, held-out loss and rate")
  func joinedCurve() throws {
    var built = AssembledLog.sized
    built.append("train/loss", [(10, 5), (20, 4), (1000, 3)])
    built.append("eval/loss", [(15, 4.5), (20, 4.25)])
    built.append("train/lr", [(12, 1e-3), (18, 5e-4)])
    let curve = try built.run().curve
    #expect(curve.map(\.step) == [10, 15, 20, 1000])
    #expect(curve.map(\.loss) == [5, nil, 4, 3])
    #expect(curve.map(\.validationLoss) == [nil, 4.5, 4.25, nil])
    #expect(curve.map(\.learningRate) == [nil, 1e-3, 5e-4, 5e-4])
  }

  @Test("a run's name comes from the tool, or from the place of its log")
  func identity() throws {
    var built = AssembledLog.clean
    let byPath = try built.run()
    #expect(byPath.origins["id"]?.rule == "the log's path")
    built.log.identity = "abc"
    let byTool = try built.run()
    #expect(byTool.origins["id"]?.rule == "the tool's own id")
    #expect(byTool.record.id != byPath.record.id)
    #expect(try built.run().record.id == byTool.record.id)
  }
}
