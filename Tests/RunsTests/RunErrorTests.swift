import Runs
import Testing

/// What a run description shares with a study is tested there; this is what is its own.
@Suite struct RunErrorTests {
  private func place(_ line: Int, _ column: Int) -> SourcePlace {
    SourcePlace(file: "run.yaml", line: line, column: column)
  }

  @Test(
    "a required key that is missing is named",
    arguments: ["version", "corpus", "model", "tokens", "learning_rate"])
  func missing(key: String) {
    let first = place(key == "version" ? 2 : 1, 1)
    #expect(throws: DescriptionError.missingKey(first, key: key)) {
      try run(replacing: key, with: "")
    }
  }

  @Test("a checkpoint says how often")
  func missingEvery() {
    #expect(throws: DescriptionError.missingKey(place(13, 13), key: "checkpoint.every")) {
      try run(replacing: "checkpoint", with: "checkpoint: {}")
    }
  }

  @Test(
    "an unknown key is met with the nearest known one, at its place",
    arguments: [
      ("learning_rate", "learning_rates: [1e-3]", 5, 1, "learning_rates", "learning_rate"),
      ("z_loss", "zloss: 1", 10, 1, "zloss", "z_loss"),
      ("model", "model: {witdh: 1}", 3, 9, "witdh", "width"),
      ("validation", "validation: {token: 1}", 12, 14, "token", "tokens"),
      ("checkpoint", "checkpoint: {evry: 1}", 13, 14, "evry", "every"),
    ])
  func unknown(
    key: String, line: String, row: Int, column: Int, found: String, nearest: String
  ) throws {
    let error = #expect(throws: DescriptionError.self) { try run(replacing: key, with: line) }
    #expect(
      try #require(error).description
        == "run.yaml:\(row):\(column): unknown key `\(found)`; did you mean `\(nearest)`?")
  }

  @Test("a single run has no trunk to share")
  func noTrunk() throws {
    let error = #expect(throws: DescriptionError.self) {
      try run(replacing: "schedule", with: "schedule: {share_trunk: true}")
    }
    #expect(try #require(error).description.contains("unknown key `share_trunk`; remove it"))
  }

  @Test(
    "a wrong value is named with its key and what is expected",
    arguments: [
      ("tokens: [1M]", "tokens", "a list", "a text"),
      ("tokens: 0", "tokens", "`0`", "a whole number from 1"),
      ("learning_rate: fast", "learning_rate", "`fast`", "a positive number"),
      ("learning_rate: 0", "learning_rate", "`0`", "a positive number"),
      ("batch_tokens: 1.5", "batch_tokens", "`1.5`", "a whole number from 1"),
      ("seed: -1", "seed", "`-1`", "a whole number from 0"),
      ("z_loss: -1", "z_loss", "`-1`", "0 or above"),
      ("model: {family: llama, width: 0}", "model.width", "`0`", "from 1 to"),
      ("validation: {tokens: none}", "validation.tokens", "`none`", "a whole number from 1"),
      ("validation: {every: 0}", "validation.every", "`0`", "a whole number from 1"),
      ("checkpoint: {every: 0}", "checkpoint.every", "`0`", "a whole number from 1"),
      ("parametrization: mup", "parametrization", "`mup`", "a mapping"),
    ])
  func wrong(line: String, key: String, value: String, expected: String) throws {
    let error = try #require(
      #expect(throws: DescriptionError.self) {
        try run(replacing: String(line.prefix { $0 != ":" }), with: line)
      })
    #expect(error.description.contains(": `\(key)` is \(value), and must be "))
    #expect(error.description.contains(expected))
  }

  @Test("another version is refused before its unknown keys")
  func version() throws {
    let error = #expect(throws: DescriptionError.self) { try run("new_key: 1\nversion: 2") }
    #expect(
      try #require(error).description
        == "run.yaml:2:10: `version` is 2, and this program reads version 1; use the program that "
        + "wrote the file, or a newer one")
  }

  @Test(
    "parts that do not go together are named at the first that is given",
    arguments: [
      (
        "tokens", "tokens: 8191", 4, 9, .shorterThanBatch(tokens: 8191, batchTokens: 8192)
      ),
      (
        "tokens", "tokens: 249k", 8, 11,
        .scheduleTooLong(warmupTokens: 200_000, decayTokens: 49_800, horizon: 249_000)
      ),
      (
        "batch_tokens", "batch_tokens: 3000", 6, 15,
        .batchSplitsSequence(batchTokens: 3000, sequenceLength: 256)
      ),
      (
        "model", "model: {family: llama, width: 64, layers: 2, vocabulary: 255}", 3, 8,
        .vocabularyTooSmall(model: 255, corpus: 256)
      ),
      (
        "validation", "validation: {tokens: 255}", 12, 13,
        .validationTooShort(tokens: 255, sequenceLength: 256)
      ),
    ] as [(String, String, Int, Int, DescriptionConflict)])
  func conflict(key: String, line: String, row: Int, column: Int, conflict: DescriptionConflict) {
    #expect(throws: DescriptionError.conflict(place(row, column), conflict)) {
      try run(replacing: key, with: line)
    }
  }

  @Test("a sequence longer than the usual validation makes it longer")
  func defaultValidation() throws {
    let run = try run(
      requiredRunLines.replacing("layers: 4", with: "layers: 4, sequence_length: 262145")
        + "\nbatch_tokens: 262145")
    #expect(run.validation.tokens == 262145)
  }
}
