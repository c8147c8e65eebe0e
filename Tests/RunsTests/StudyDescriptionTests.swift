import Foundation
import Runs
import Testing

@Suite struct StudyDescriptionTests {
  @Test("the contract's study is read in full")
  func contractStudy() throws {
    let study = try study(contract)
    #expect(study.corpus == .bytes(path: "train.txt", validation: "valid.txt"))
    #expect(study.models.map(\.width) == [64, 96])
    #expect(study.models.map(\.layers) == [2, 3])
    #expect(study.models.allSatisfy { $0.family == .llama && $0.vocabulary == 256 })
    #expect(study.tokens == [1_000_000, 2_000_000, 4_000_000, 8_000_000])
    #expect(study.learningRates == .spaced(from: 5e-4, to: 1.6e-2, points: 6))
    #expect(study.batchTokens == [8192])
    #expect(study.seeds == [0])
    #expect(study.schedule.kind == .wsd)
    #expect(study.schedule.warmupTokens == 200_000)
    #expect(study.schedule.decayFraction == 0.2)
    #expect(study.schedule.decayShape == .linear)
    #expect(study.schedule.floor == 0)
    #expect(study.sharesTrunk)
    #expect(study.optimizer.name == "adamw")
    #expect(study.optimizer.betas == [0.9, 0.95])
    #expect(study.optimizer.epsilon == 1e-8)
    #expect(study.optimizer.weightDecay == 0.1)
    #expect(study.optimizer.decayConvention == .decoupled)
    #expect(study.optimizer.clip == 1)
    #expect(study.parametrization == "standard")
    #expect(study.holdOut?.model.width == 160)
    #expect(study.holdOut?.model.family == .llama)
    #expect(study.holdOut?.model.vocabulary == 256)
    #expect(study.holdOut?.tokens == 16_000_000)
    #expect(
      study.target == StudyDescription.Target(params: 7_000_000_000, tokens: 1_000_000_000_000))
    #expect(study.budget?.flops == 1e16)
    #expect(study.trainer == .builtin)
  }

  @Test("what is optional and left out is as in the contract")
  func defaults() throws {
    var expected = try study(contract)
    (expected.holdOut, expected.target, expected.budget) = (nil, nil, nil)
    #expect(try study(requiredLines) == expected)
  }

  @Test(
    "a file reads the same from any editor",
    arguments: ["\u{feff}" + contract, contract.replacing("\n", with: "\r\n")])
  func editors(text: String) throws {
    #expect(try study(text) == study(contract))
  }

  @Test("a study written as JSON is read back as it was")
  func json() throws {
    let study = try study(contract)
    let data = Data(try Digest.canonicalJSON(study).utf8)
    #expect(try JSONDecoder().decode(StudyDescription.self, from: data) == study)
  }

  @Test("a study in a file is read from it, and a file that is not there is named")
  func file() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(contract.utf8).write(to: file)
    #expect(try StudyDescription(contentsOfFile: file.path) == study(contract))
    let error = #expect(throws: DescriptionError.self) {
      try StudyDescription(contentsOfFile: "/nowhere/study.yaml")
    }
    #expect(try #require(error).description.hasPrefix("/nowhere/study.yaml: cannot be read"))
  }

  @Test("fields given otherwise than by default arrive")
  func otherValues() throws {
    let other = try study(
      replacing: "schedule",
      with: "schedule: {warmup_tokens: 1k, decay_fraction: 0.5, decay_shape: sqrt, floor: 0.1, "
        + "share_trunk: false}")
    #expect(other.schedule.warmupTokens == 1000)
    #expect(other.schedule.decayFraction == 0.5)
    #expect(other.schedule.decayShape == .squareRoot)
    #expect(other.schedule.floor == 0.1)
    #expect(!other.sharesTrunk)
    let optimizer = try study(
      replacing: "optimizer",
      with: "optimizer: {name: muon, betas: [0, 0.5], epsilon: 1e-15, weight_decay: 0, "
        + "decay_convention: independent, clip: none}"
    ).optimizer
    #expect(optimizer.name == "muon")
    #expect(optimizer.betas == [0, 0.5])
    #expect(optimizer.epsilon == 1e-15)
    #expect(optimizer.weightDecay == 0)
    #expect(optimizer.decayConvention == .independent)
    #expect(optimizer.clip == nil)
    let name = try study(replacing: "parametrization", with: "parametrization: {name: mup}")
    #expect(name.parametrization == "mup")
  }

  @Test(
    "each kind of corpus is read",
    arguments: [
      ("{kind: synthetic, seed: 3}", .synthetic(seed: 3, vocabulary: 64)),
      ("{kind: synthetic, vocabulary: 32}", .synthetic(seed: 0, vocabulary: 32)),
      (
        "{kind: bin, path: a.bin, validation: b.bin, vocabulary: 50257}",
        .bin(path: "a.bin", validation: "b.bin", vocabulary: 50257)
      ),
    ] as [(String, CorpusDescription)])
  func corpora(text: String, corpus: CorpusDescription) throws {
    let study = try study(replacing: "corpus", with: "corpus: \(text)")
    #expect(study.corpus == corpus)
    #expect(study.models.allSatisfy { $0.vocabulary == corpus.vocabulary })
  }

  @Test(
    "schedules without a decaying tail have no trunk to share",
    arguments: [
      (ScheduleDescription.Kind.cosine, ScheduleDescription.Shape.cosine),
      (.linear, .linear), (.constant, .linear),
    ])
  func otherSchedules(
    kind: ScheduleDescription.Kind, shape: ScheduleDescription.Shape
  ) throws {
    let study = try study(
      replacing: "schedule", with: "schedule: {kind: \(kind.rawValue), warmup_tokens: 1M}")
    #expect(study.schedule.kind == kind)
    #expect(study.schedule.decayShape == shape)
    #expect(study.schedule.decayFraction == 0)
    #expect(!study.sharesTrunk)
  }

  @Test("a command is read with its arguments")
  func command() throws {
    let text = "trainer: {kind: command, argv: [python, train.py, --lr], log: out.log, format: csv}"
    let trainer = try study(replacing: "trainer", with: text).trainer
    #expect(
      trainer
        == .command(argv: ["python", "train.py", "--lr"], log: "out.log", format: "csv"))
  }

  @Test("sizes take what the model shares, and their own where they differ")
  func sharedFields() throws {
    let models = try study(
      replacing: "model",
      with: "model: {family: qwen3, layers: 2, sequence_length: 256, vocabulary: 300, sizes: "
        + "[{width: 64}, {width: 96, layers: 3, tied: true}]}"
    ).models
    #expect(models.map(\.layers) == [2, 3])
    #expect(models.map(\.tied) == [false, true])
    #expect(models.allSatisfy { $0.sequenceLength == 256 && $0.vocabulary == 300 })
  }

  @Test("a model that says no sequence length is trained on short ones, whatever its family")
  func sequenceLength() throws {
    let models = try study(contract).models + [study(contract).holdOut?.model].compactMap(\.self)
    #expect(models.map(\.sequenceLength) == [256, 256, 256])
    let own = try study(
      replacing: "model",
      with: "model: {family: gpt2, sequence_length: 512, sizes: [{width: 64, layers: 1}]}")
    #expect(own.models.map(\.sequenceLength) == [512])
  }

  @Test("lists may come in any order and are kept ascending")
  func ascending() throws {
    #expect(
      try study(replacing: "tokens", with: "tokens: [4M, 1M]").tokens == [1_000_000, 4_000_000])
    #expect(try study(replacing: "seeds", with: "seeds: [7, 0, 3]").seeds == [0, 3, 7])
    let rates = try study(replacing: "learning_rates", with: "learning_rates: [2e-3, 1e-3]")
    #expect(rates.learningRates == .listed([1e-3, 2e-3]))
    #expect(rates.learningRates.values == [1e-3, 2e-3])
  }

  @Test("a range of learning rates keeps its ends and equal ratios", arguments: [2, 3, 6, 1000])
  func spacedRates(points: Int) {
    let values = StudyDescription.LearningRates.spaced(from: 5e-4, to: 1.6e-2, points: points)
      .values
    #expect(values.count == points)
    #expect(values.first == 5e-4)
    #expect(values.last == 1.6e-2)
    let ratios = zip(values.dropFirst(), values).map { $0 / $1 }
    // Each rate comes from one power and one product, each right to about an ulp.
    #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 16 * .ulpOfOne })
  }

  @Test("a single point is the geometric middle")
  func singlePoint() {
    let values = StudyDescription.LearningRates.spaced(from: 0.25, to: 4, points: 1).values
    #expect(values == [1])
  }
}
