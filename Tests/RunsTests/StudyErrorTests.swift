import Runs
import Testing

@Suite struct StudyErrorTests {
  @Test(
    "a required key that is missing is named",
    arguments: ["version", "corpus", "model", "tokens", "learning_rates"])
  func missing(key: String) {
    #expect(throws: DescriptionError.missingKey(missingPlace(key), key: key)) {
      try study(replacing: key, with: "")
    }
  }

  /// The file begins where its first key stands.
  private func missingPlace(_ key: String) -> SourcePlace { place(key == "version" ? 2 : 1, 1) }

  @Test(
    "a missing key inside a part is named with the part",
    arguments: [
      ("corpus: {kind: bytes, path: a}", "corpus.validation"), ("corpus: {seed: 0}", "corpus.kind"),
      ("model: {family: llama}", "model.sizes"),
      ("learning_rates: {from: 1e-3, to: 2e-3}", "learning_rates.points"),
      ("parametrization: {}", "parametrization.name"),
      ("hold_out: {tokens: 16M}", "hold_out.model"), ("target: {params: 7B}", "target.tokens"),
      ("budget: {}", "budget.flops"),
      ("trainer: {kind: command, argv: [a], log: b}", "trainer.format"),
    ])
  func missingInside(line: String, key: String) throws {
    let owner = String(line.prefix { $0 != ":" })
    let error = #expect(throws: DescriptionError.self) {
      try study(replacing: owner, with: line)
    }
    guard case .missingKey(_, key) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "an unknown key is met with the nearest known one, at its place",
    arguments: [
      ("tokens", "token: [1M]", 4, 1, "token", "tokens"),
      ("seeds", "sedes: [0]", 7, 1, "sedes", "seeds"),
      ("corpus", "corpus: {knd: bytes}", 2, 10, "knd", "kind"),
      ("model", "model: {family: llama, size: []}", 3, 24, "size", "sizes"),
      ("model", "model: {sizes: [{witdh: 64}]}", 3, 18, "witdh", "width"),
      ("learning_rates", "learning_rates: {form: 1}", 5, 18, "form", "from"),
      ("schedule", "schedule: {warmup_token: 1}", 8, 12, "warmup_token", "warmup_tokens"),
      ("optimizer", "optimizer: {beta: [0, 0]}", 9, 13, "beta", "betas"),
      ("hold_out", "hold_out: {token: 1}", 11, 12, "token", "tokens"),
      ("target", "target: {param: 1}", 12, 10, "param", "params"),
      ("budget", "budget: {flop: 1}", 13, 10, "flop", "flops"),
      ("trainer", "trainer: {kin: 1}", 14, 11, "kin", "kind"),
    ])
  func unknown(
    key: String, line: String, row: Int, column: Int, found: String, nearest: String
  ) throws {
    let error = #expect(throws: DescriptionError.self) { try study(replacing: key, with: line) }
    #expect(
      try #require(error).description
        == "study.yaml:\(row):\(column): unknown key `\(found)`; did you mean `\(nearest)`?")
  }

  @Test("an unknown key that is near none is met with all there are")
  func unknownFar() throws {
    let error = #expect(throws: DescriptionError.self) {
      try study(replacing: "target", with: "target: {quux_zyzzy: 1}")
    }
    #expect(
      try #require(error).description
        == "study.yaml:12:10: unknown key `quux_zyzzy`; remove it, or use one of params, tokens")
  }

  @Test(
    "a key of another kind is refused",
    arguments: [
      ("corpus: {kind: synthetic, path: a}", "corpus.path", "a synthetic corpus"),
      ("corpus: {kind: bytes, path: a, validation: b, seed: 1}", "corpus.seed", "a bytes corpus"),
      ("schedule: {kind: cosine, share_trunk: true}", "schedule.share_trunk", "a cosine schedule"),
      ("schedule: {kind: constant, floor: 0.1}", "schedule.floor", "a constant schedule"),
      ("trainer: {kind: builtin, log: a}", "trainer.log", "the builtin trainer"),
    ])
  func otherKind(line: String, key: String, kind: String) throws {
    let error = #expect(throws: DescriptionError.self) {
      try study(replacing: String(line.prefix { $0 != ":" }), with: line)
    }
    #expect(
      try #require(error).description.hasSuffix(
        "`\(key)` means nothing for \(kind); remove it, or choose another kind"))
  }

  @Test(
    "a wrong value is named with its key and what is expected",
    arguments: [
      ("corpus: bytes", "corpus", "`bytes`", "a mapping"),
      ("corpus: {kind: byte, path: a}", "corpus.kind", "`byte`", "did you mean bytes?"),
      ("corpus: {kind: bytes, path: , validation: b}", "corpus.path", "empty", "a text"),
      (
        "model: {family: opt, sizes: [{width: 1}]}", "model.family", "`opt`",
        "one of gpt2, llama, qwen3"
      ),
      ("model: {sizes: {width: 64}}", "model.sizes", "a mapping", "a list"),
      (
        "model: {family: llama, layers: 1, sizes: [{width: 64}, {width: -3}]}",
        "model.sizes[1].width", "`-3`", "from 1 to"
      ),
      ("model: {tied: yes, sizes: []}", "model.tied", "`yes`", "true or false"),
      ("tokens: 4M", "tokens", "`4M`", "a list"),
      ("tokens: []", "tokens", "an empty list", "at least one"),
      ("tokens: [1M, 0]", "tokens[1]", "`0`", "a whole number from 1"),
      ("tokens: [1.5]", "tokens[0]", "`1.5`", "a whole number"),
      ("tokens: [1MB]", "tokens[0]", "`1MB`", "a whole number"),
      ("tokens: [[1]]", "tokens[0]", "a list", "a text"),
      ("tokens: [1e17]", "tokens[0]", "`1e17`", "a whole number"),
      ("learning_rates: [1e-3, 0]", "learning_rates[1]", "`0`", "a positive number"),
      ("learning_rates: {from: -1, to: 1, points: 2}", "learning_rates.from", "`-1`", "a positive"),
      ("learning_rates: {from: 1, to: 1, points: 2}", "learning_rates.to", "`1`", "above `from`"),
      (
        "learning_rates: {from: 1, to: 2, points: 0}", "learning_rates.points", "`0`",
        "from 1 to 1000"
      ),
      (
        "learning_rates: {from: 1, to: 2, points: 1T}", "learning_rates.points", "`1T`", "from 1 to"
      ),
      ("batch_tokens: [0]", "batch_tokens[0]", "`0`", "a whole number from 1"),
      ("seeds: [-1]", "seeds[0]", "`-1`", "a whole number from 0"),
      ("schedule: {kind: step}", "schedule.kind", "`step`", "one of wsd, cosine, linear, rex"),
      ("schedule: {warmup_tokens: -1}", "schedule.warmup_tokens", "`-1`", "from 0"),
      ("schedule: {decay_fraction: 0}", "schedule.decay_fraction", "`0`", "above 0 and up to 1"),
      (
        "schedule: {decay_fraction: 1.1}", "schedule.decay_fraction", "`1.1`", "above 0 and up to 1"
      ),
      (
        "schedule: {decay_shape: step}", "schedule.decay_shape", "`step`",
        "one of linear, cosine, sqrt"
      ),
      ("schedule: {floor: 1}", "schedule.floor", "`1`", "from 0 to below 1"),
      ("optimizer: {betas: [0.9]}", "optimizer.betas", "a list", "a list of two"),
      ("optimizer: {betas: [0.9, 1]}", "optimizer.betas[1]", "`1`", "from 0 to below 1"),
      ("optimizer: {betas: [-0.1, 0]}", "optimizer.betas[0]", "`-0.1`", "from 0 to below 1"),
      ("optimizer: {epsilon: 0}", "optimizer.epsilon", "`0`", "a positive number"),
      ("optimizer: {weight_decay: -1}", "optimizer.weight_decay", "`-1`", "0 or above"),
      (
        "optimizer: {decay_convention: l2}", "optimizer.decay_convention", "`l2`",
        "one of decoupled"
      ),
      ("optimizer: {clip: 0}", "optimizer.clip", "`0`", "a positive number, or none"),
      ("target: {params: many, tokens: 1}", "target.params", "`many`", "a whole number"),
      ("budget: {flops: 0}", "budget.flops", "`0`", "a positive number"),
      ("hold_out: {model: {width: 0}, tokens: 1}", "hold_out.model.width", "`0`", "from 1 to"),
      ("trainer: {kind: command, argv: python}", "trainer.argv", "`python`", "a list"),
    ])
  func wrong(line: String, key: String, value: String, expected: String) throws {
    let owner = String(line.prefix { $0 != ":" })
    let row = try #require(
      contract.split(separator: "\n").firstIndex { $0.hasPrefix("\(owner):") })
    let error = try #require(
      #expect(throws: DescriptionError.self) { try study(replacing: owner, with: line) })
    #expect(error.description.hasPrefix("study.yaml:\(row + 1):"))
    #expect(error.description.contains(": `\(key)` is \(value), and must be "))
    #expect(error.description.contains(expected))
  }

  @Test(
    "a value given twice is an error",
    arguments: [
      ("tokens: [1M, 2M, 1e6]", 4, 18, "tokens", "1e6"), ("seeds: [3, 3]", 7, 12, "seeds", "3"),
      ("batch_tokens: [8192, 8192]", 6, 22, "batch_tokens", "8192"),
      ("learning_rates: [1e-3, 0.001]", 5, 24, "learning_rates", "0.001"),
      (
        "model: {family: llama, sizes: [{width: 64, layers: 2}, {width: 64, layers: 2}]}", 3, 56,
        "model.sizes", "a model"
      ),
    ])
  func repeated(line: String, row: Int, column: Int, key: String, value: String) {
    let owner = String(line.prefix { $0 != ":" })
    #expect(throws: DescriptionError.repeatedValue(place(row, column), key: key, value: value)) {
      try study(replacing: owner, with: line)
    }
  }

  @Test("another version is refused before its unknown keys", arguments: ["2", "0", "one"])
  func version(found: String) {
    #expect(throws: DescriptionError.unsupportedVersion(place(3, 10), found: found, read: 1)) {
      try study("new_key: 1\n\nversion: \(found)")
    }
  }

  @Test("a key given twice is an error, at any depth")
  func duplicated() {
    #expect(throws: DescriptionError.duplicatedKey(place(1, 1), key: "seeds")) {
      try study("seeds: [0]\nversion: 1\nseeds: [1]")
    }
    #expect(throws: DescriptionError.duplicatedKey(place(12, 10), key: "tokens")) {
      try study(replacing: "target", with: "target: {tokens: 1, params: 1, tokens: 2}")
    }
  }

  @Test(
    "what is not YAML is an error at its place",
    arguments: [
      ("", 1), ("version: 1\ntokens: [1M}", 2), ("a: 1\n\tb: 2", 2), ("a: *missing", 1),
      ("a: 1\n---\nb: 2", 2), ("a: 1\nb: \u{1}", 2),
    ])
  func notYAML(text: String, row: Int) throws {
    let error = #expect(throws: DescriptionError.self) { try study(text) }
    guard case .notYAML(let place, _) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.line == row)
  }

  @Test("a file that is no mapping is refused", arguments: ["7", "[1, 2]", "---"])
  func noMapping(text: String) throws {
    let error = #expect(throws: DescriptionError.self) { try study(text) }
    #expect(try #require(error).description.contains("`the file` is "))
  }

  @Test("a model that cannot be is an error at its size")
  func impossibleModel() {
    #expect(
      throws: DescriptionError.model(place(3, 32), .headsDoNotDivide(heads: 5, width: 64))
    ) {
      let line = "model: {family: llama, sizes: [{width: 64, layers: 2, heads: 5}]}"
      return try study(replacing: "model", with: line)
    }
  }

  @Test(
    "parts that do not go together are named",
    arguments: [
      (
        "schedule", "schedule: {warmup_tokens: 800001, decay_fraction: 0.2}", 8, 11,
        .scheduleTooLong(warmupTokens: 800_001, decayTokens: 200_000, horizon: 1_000_000)
      ),
      (
        "hold_out", "hold_out: {model: {width: 32, layers: 1}, tokens: 100k}", 8, 11,
        .scheduleTooLong(warmupTokens: 200_000, decayTokens: 20_000, horizon: 100_000)
      ),
      (
        "batch_tokens", "batch_tokens: [8192, 3000]", 6, 15,
        .batchSplitsSequence(batchTokens: 3000, sequenceLength: 256)
      ),
      (
        "model", "model: {family: llama, vocabulary: 255, sizes: [{width: 64, layers: 2}]}", 3, 8,
        .vocabularyTooSmall(model: 255, corpus: 256)
      ),
      (
        "batch_tokens", "batch_tokens: [8192, 1048576]", 4, 9,
        .shorterThanBatch(tokens: 1_000_000, batchTokens: 1_048_576)
      ),
      (
        "hold_out", "hold_out: {model: {width: 64, layers: 2}, tokens: 8M}", 11, 11,
        .holdOutIsSwept(tokens: 8_000_000)
      ),
    ] as [(String, String, Int, Int, DescriptionConflict)])
  func conflict(key: String, line: String, row: Int, column: Int, conflict: DescriptionConflict) {
    #expect(throws: DescriptionError.conflict(place(row, column), conflict)) {
      try study(replacing: key, with: line)
    }
  }

  @Test("a schedule may fill the shortest horizon to the last token")
  func fullSchedule() throws {
    let line = "schedule: {warmup_tokens: 800k, decay_fraction: 0.2}"
    #expect(try study(replacing: "schedule", with: line).schedule.warmupTokens == 800_000)
  }

  @Test("a default schedule that is too long is shown at the horizons")
  func defaultScheduleTooLong() {
    let conflict = DescriptionConflict.scheduleTooLong(
      warmupTokens: 200_000, decayTokens: 20_000, horizon: 100_000)
    #expect(throws: DescriptionError.conflict(place(4, 9), conflict)) {
      try study(requiredLines.replacing("[1M, 2M, 4M, 8M]", with: "[100k]"))
    }
  }

  @Test(
    "every conflict says what to do",
    arguments: [
      (
        .scheduleTooLong(warmupTokens: 9, decayTokens: 9, horizon: 9),
        "lower `schedule.warmup_tokens`"
      ),
      (.batchSplitsSequence(batchTokens: 9, sequenceLength: 2), "give a multiple"),
      (.vocabularyTooSmall(model: 1, corpus: 2), "give at least that"),
      (.shorterThanBatch(tokens: 1, batchTokens: 2), "train for more"),
      (.validationTooShort(tokens: 1, sequenceLength: 2), "give at least that"),
      (.holdOutIsSwept(tokens: 9), "hold out another"),
    ] as [(DescriptionConflict, String)])
  func advice(conflict: DescriptionConflict, advice: String) {
    #expect(conflict.description.contains(advice))
  }
}
