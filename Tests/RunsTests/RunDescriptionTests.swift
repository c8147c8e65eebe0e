import Foundation
import Runs
import Testing

@Suite struct RunDescriptionTests {
  @Test("a run description is read in full")
  func everyField() throws {
    let run = try run(
      """
      version: 1
      corpus: {kind: synthetic, seed: 3, vocabulary: 32}
      model: {family: gpt2, width: 64, layers: 2, sequence_length: 128, vocabulary: 40}
      tokens: 3M
      learning_rate: 2e-3
      learning_rate_by_role: {embedding: 0.5, query: 2}
      batch_tokens: 4096
      batch_ramp: {from: 1024, tokens: 1M, learning_rate: sqrt}
      telemetry: {every: 70k}
      seed: 7
      schedule: {kind: wsd, warmup_tokens: 1k, decay_fraction: 0.5, decay_shape: sqrt, floor: 0.1}
      optimizer: {name: muon, betas: [0, 0.5], epsilon: 1e-15, weight_decay: 0, clip: none}
      z_loss: 1e-4
      parametrization: {name: mup}
      validation: {tokens: 128k, every: 50k}
      checkpoint: {every: 2M}
      """)
    #expect(run.corpus == .synthetic(seed: 3, vocabulary: 32))
    #expect(run.model.family == .gpt2)
    #expect(run.model.sequenceLength == 128)
    #expect(run.model.vocabulary == 40)
    #expect(run.tokens == 3_000_000)
    #expect(run.learningRate == 2e-3)
    #expect(run.batchTokens == 4096)
    #expect(run.learningRateByRole == ["embedding": 0.5, "query": 2])
    #expect(run.batchRamp == BatchRamp(from: 1024, tokens: 1_000_000, learningRate: .squareRoot))
    #expect(run.telemetry == .init(every: 70_000))
    #expect(run.seed == 7)
    #expect(run.schedule.warmupTokens == 1000)
    #expect(run.schedule.decayFraction == 0.5)
    #expect(run.schedule.decayShape == .squareRoot)
    #expect(run.schedule.floor == 0.1)
    #expect(run.optimizer.name == "muon")
    #expect(run.optimizer.clip == nil)
    #expect(run.zLoss == 1e-4)
    #expect(run.parametrization == "mup")
    #expect(run.validation.tokens == 128_000)
    #expect(run.validation.every == 50_000)
    #expect(run.checkpoint.every == 2_000_000)
  }

  @Test("what is optional and left out has the documented values")
  func defaults() throws {
    #expect(try run(requiredRunLines) == run(fullRun))
    let part = try run(replacing: "validation", with: "validation: {every: 2M}").validation
    #expect(part.tokens == 262_144 && part.every == 2_000_000)
  }

  @Test("a model takes the corpus's vocabulary and short sequences")
  func model() throws {
    let model = try run(fullRun).model
    #expect(model.vocabulary == 256)
    #expect(model.sequenceLength == 256)
  }

  @Test(
    "tokens are trained to the nearest whole number of steps",
    arguments: [(8192, 1), (12287, 1), (12288, 2), (16384, 2), (20479, 2), (10_000_000, 1221)])
  func steps(tokens: Int, steps: Int) throws {
    var run = try run(fullRun)
    run.tokens = tokens
    #expect(run.steps == steps)
  }

  @Test("fewer tokens than half a batch are still one step")
  func oneStep() throws {
    var run = try run(fullRun)
    run.tokens = 10
    #expect(run.steps == 1)
  }

  @Test("what is done every so often is due when its multiple is passed, and at the end")
  func due() throws {
    var run = try run(fullRun)
    run.tokens = 8 * run.batchTokens
    func dueSteps(every tokens: Int) -> [Int] {
      (1...run.steps).filter { run.isDue(every: tokens, after: $0) }
    }
    #expect(dueSteps(every: 2 * run.batchTokens) == [2, 4, 6, 8])
    #expect(dueSteps(every: 20_000) == [3, 5, 8])
    #expect(dueSteps(every: 1000) == Array(1...8))
    #expect(dueSteps(every: 1_000_000) == [8])
  }

  @Test("a run written as JSON is a run description, and is read back as it was")
  func json() throws {
    let runs = [
      try run(fullRun), try run(replacing: "optimizer", with: "optimizer: {clip: none}"),
      try run(replacing: "schedule", with: "schedule: {kind: cosine, floor: 0.1}"),
      try run(replacing: "schedule", with: "schedule: {kind: linear}"),
      try run(replacing: "schedule", with: "schedule: {kind: constant, warmup_tokens: 0}"),
      try run(replacing: "schedule", with: "schedule: {kind: rex, floor: 0.1}"),
      try run(
        replacing: "schedule",
        with: "schedule: {kind: inverse-sqrt, decay_fraction: 0.1, decay_shape: square}"),
      try run(
        replacing: "schedule",
        with: "schedule: {kind: power, exponent: -0.51, warmup_tokens: 500, power_tokens: 1k}"),
      try run(
        replacing: "schedule",
        with: "schedule: {kind: infinite, plateau: 0.5, cooldown_tokens: 10k, floor: 0.01, "
          + "decay_shape: exponential}"),
      try run(replacing: "schedule", with: "schedule: {kind: cyclic, cycle_tokens: 2k}"),
      try run(
        replacing: "optimizer",
        with: "optimizer: {name: muon, scale: moonlight, momentum: 0.9, nesterov: false}"),
      try run(replacing: "corpus", with: "corpus: {kind: synthetic, seed: 5}"),
      try run(
        replacing: "corpus", with: "corpus: {kind: bin, path: a, validation: b, vocabulary: 99}"),
    ]
    for run in runs {
      let text = try Digest.canonicalJSON(run)
      #expect(try RunDescription(yaml: text, file: "run.json") == run)
      #expect(try JSONDecoder().decode(RunDescription.self, from: Data(text.utf8)) == run)
    }
  }

  @Test("JSON of a run whose parts are at odds is refused")
  func impossibleJSON() throws {
    var run = try run(fullRun)
    run.batchTokens = 3000
    let data = Data(try Digest.canonicalJSON(run).utf8)
    #expect(throws: DescriptionConflict.batchSplitsSequence(batchTokens: 3000, sequenceLength: 256))
    {
      try JSONDecoder().decode(RunDescription.self, from: data)
    }
  }

  @Test(
    "relative paths begin at the description's folder",
    arguments: [
      ("data/a.txt", "/home/me/data/a.txt"), ("./a.txt", "/home/me/a.txt"),
      ("../a.txt", "/home/a.txt"), ("/data/a.txt", "/data/a.txt"), ("a b#%41", "/home/me/a b#%41"),
    ])
  func paths(written: String, resolved: String) throws {
    for kind in ["bytes", "bin"] {
      let vocabulary = kind == "bin" ? ", vocabulary: 256" : ""
      let run = try run(
        replacing: "corpus",
        with: "corpus: {kind: \(kind), path: \"\(written)\", validation: v.txt\(vocabulary)}"
      ).resolvingPaths(in: "/home/me")
      switch run.corpus {
      case .bytes(let path, let validation), .bin(let path, let validation, 256):
        #expect(path == resolved)
        #expect(validation == "/home/me/v.txt")
      default: Issue.record("\(run.corpus)")
      }
    }
  }

  @Test("a run in a file is read from it, and a file that is not there is named")
  func file() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(fullRun.utf8).write(to: file)
    #expect(try RunDescription(contentsOfFile: file.path) == run(fullRun))
    let error = #expect(throws: DescriptionError.self) {
      try RunDescription(contentsOfFile: "/nowhere/run.yaml")
    }
    #expect(try #require(error).description.hasPrefix("/nowhere/run.yaml: cannot be read"))
  }
}

@Suite struct RunIDTests {
  private let facts = RunManifest.CorpusFacts(
    digest: Digest(of: [1]).hex, validationDigest: Digest(of: [2]).hex, tokens: 5)

  private func id(
    _ run: RunDescription, facts: RunManifest.CorpusFacts? = nil, engine: String = "1"
  ) throws -> String {
    try RunManifest.id(of: run, corpus: facts ?? self.facts, engineVersion: engine)
  }

  /// A constant, so that it fails if another process comes to another id.
  @Test("an id is 16 hexadecimal digits, the same in every process")
  func stable() throws {
    let found = try id(run(fullRun))
    #expect(found == "7c3ca68a57f07164")
  }

  @Test("where the corpus lies and how often the run is saved do not count")
  func indifferent() throws {
    let plain = try id(run(fullRun))
    #expect(try id(run(replacing: "checkpoint", with: "checkpoint: {every: 5M}")) == plain)
    let moved = "corpus: {kind: bytes, path: other, validation: place}"
    #expect(try id(run(replacing: "corpus", with: moved)) == plain)
    #expect(try id(run(fullRun).resolvingPaths(in: "/data")) == plain)
  }

  @Test(
    "all else counts",
    arguments: [
      "corpus: {kind: bin, path: train.txt, validation: valid.txt, vocabulary: 256}",
      "corpus: {kind: synthetic}", "model: {family: llama, width: 128, layers: 5}", "tokens: 11M",
      "learning_rate: 5e-3", "batch_tokens: 4096", "seed: 1",
      "schedule: {decay_shape: sqrt}", "optimizer: {epsilon: 1e-9}", "z_loss: 1e-4",
      "parametrization: {name: mup}", "validation: {tokens: 128k}",
    ])
  func different(line: String) throws {
    let other = try run(replacing: String(line.prefix { $0 != ":" }), with: line)
    #expect(try id(other) != id(run(fullRun)))
  }

  @Test("the content of the corpus counts, and so does the engine")
  func surroundings() throws {
    let run = try run(fullRun)
    let (one, two, other) = (facts.digest, facts.validationDigest, Digest(of: [3]).hex)
    let ids = [
      try id(run), try id(run, engine: "2"),
      try id(run, facts: RunManifest.CorpusFacts(digest: other, validationDigest: two)),
      try id(run, facts: RunManifest.CorpusFacts(digest: one, validationDigest: other)),
    ]
    #expect(Set(ids).count == ids.count)
  }
}
