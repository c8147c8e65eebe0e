import Foundation
import Runs
import Testing

/// Optimizers and schedules as axes of a study.
@Suite struct StudyVariantTests {
  private let rivals = """
    optimizer:
      - {name: adamw, weight_decay: 0.2}
      - {name: muon, scale: moonlight, learning_rates: [1e-2, 2e-2]}
      - {name: lion, learning_rates: {from: 1e-4, to: 4e-4, points: 3}, learning_rate_by_role: {embedding: 2}}
    """
  private let schedules = """
    schedule:
      - {kind: wsd, warmup_tokens: 100k, decay_shape: sqrt}
      - {kind: cosine, warmup_tokens: 100k, floor: 0.1}
    """

  private func rivalStudy(_ extra: String = "") throws -> StudyDescription {
    try study(requiredLines + "\n" + rivals + "\n" + schedules + "\n" + extra)
  }

  @Test("a study may list optimizers, each with rates of its own, and schedules")
  func lists() throws {
    let study = try rivalStudy()
    #expect(study.optimizers.map(\.rule.name) == ["adamw", "muon", "lion"])
    #expect(study.optimizers[1].rule.settings == ["scale": .text("moonlight")])
    #expect(study.schedules.map(\.schedule.kind) == [.wsd, .cosine])
    #expect(study.schedules.map(\.sharesTrunk) == [true, false])
    #expect(study.variants.count == 6)
    let rates = study.variants.map { study.learningRates(of: $0).values.count }
    #expect(rates == [6, 6, 2, 2, 3, 3])
    #expect(study.learningRateByRole(of: study.variants[4]) == ["embedding": 2])
    #expect(study.gridRuns.count == 2 * 4 * (6 + 6 + 2 + 2 + 3 + 3))
    let only = study.only(.init(optimizer: 3, schedule: 2))
    #expect(only.optimizer.name == "lion" && only.schedule.kind == .cosine)
    #expect(only.learningRates == .spaced(from: 1e-4, to: 4e-4, points: 3))
    #expect(only.learningRateByRole == ["embedding": 2])
    #expect(only.variants.count == 1)
  }

  @Test("a study with several variants is read back as it was, from JSON and from YAML")
  func written() throws {
    let study = try rivalStudy(
      "runs: [{size: 1, tokens: 1M, batch_tokens: 8192, learning_rate: 1e-2, optimizer: 2, schedule: 1}]"
    )
    let data = Data(try Digest.canonicalJSON(study).utf8)
    #expect(try JSONDecoder().decode(StudyDescription.self, from: data) == study)
    #expect(try StudyDescription(yaml: study.yaml, file: "study.yaml") == study)
  }

  @Test("a list of one is the study without the list, and is written without it")
  func single() throws {
    let listed = try study(
      requiredLines
        + "\noptimizer: [{name: sgd, learning_rates: [1, 2], learning_rate_by_role: {norm: 3}}]"
        + "\nschedule: [{kind: rex, warmup_tokens: 1k}]\n"
        + "runs: [{size: 1, tokens: 1M, batch_tokens: 8192, learning_rate: 2, optimizer: 1, schedule: 1}]"
    )
    let lines = requiredLines.replacing("{from: 5e-4, to: 1.6e-2, points: 6}", with: "[1, 2]")
    let plain = try study(
      lines + "\noptimizer: {name: sgd}\nschedule: {kind: rex, warmup_tokens: 1k}\n"
        + "learning_rate_by_role: {norm: 3}\n"
        + "runs: [{size: 1, tokens: 1M, batch_tokens: 8192, learning_rate: 2}]")
    #expect(listed == plain)
    #expect(try listed.yaml == plain.yaml)
  }

  @Test(
    "the JSON of a study with one optimizer and one schedule is what it was before there were lists"
  )
  func unchanged() throws {
    let json = try Digest.canonicalJSON(study(contract))
    #expect(
      json.contains(
        """
        "optimizer":{"betas":[0.9,0.95],"clip":1,"decay_convention":"decoupled","epsilon":1e-08,"name":"adamw","weight_decay":0.1}
        """))
    #expect(
      json.contains(
        """
        "schedule":{"decay_fraction":0.2,"decay_shape":"linear","floor":0,"kind":"wsd","share_trunk":true,"warmup_tokens":200000}
        """))
    for key in ["z_loss", "telemetry", "learning_rate_by_role"] { #expect(!json.contains(key)) }
  }

  @Test("what all runs share beside the optimizer is read, and written where it is not the default")
  func shared() throws {
    let text = "z_loss: 1e-4\ntelemetry: {every: 50k}\nlearning_rate_by_role: {embedding: 0.5}"
    let study = try study(requiredLines + "\n" + text)
    #expect(study.zLoss == 1e-4)
    #expect(study.telemetry == .init(every: 50_000))
    #expect(study.learningRateByRole == ["embedding": 0.5])
    #expect(try StudyDescription(yaml: study.yaml, file: "study.yaml") == study)
    let silent = try RunsTests.study(requiredLines + "\ntelemetry: none")
    #expect(silent.telemetry == nil)
    #expect(try StudyDescription(yaml: silent.yaml, file: "study.yaml") == silent)
    #expect(try RunsTests.study(requiredLines).telemetry == .init(every: 1_000_000))
  }

  @Test("schedules that stay at their peak share a trunk unless the file says no")
  func trunks() throws {
    let text = """
      schedule: [{kind: wsd}, {kind: wsm}, {kind: wsm, checkpoints: 4, share_trunk: false}, {kind: rex}]
      """
    let study = try study(requiredLines + "\n" + text)
    #expect(study.schedules.map(\.sharesTrunk) == [true, true, false, false])
    #expect(try StudyDescription(yaml: study.yaml, file: "study.yaml") == study)
    let data = Data(try Digest.canonicalJSON(study).utf8)
    #expect(try JSONDecoder().decode(StudyDescription.self, from: data) == study)
  }

  @Test("where every optimizer has rates of its own, the study needs none")
  func ownRates() throws {
    let lines = requiredLines.split(separator: "\n").filter { !$0.hasPrefix("learning_rates") }
    let own = "optimizer: [{name: sgd, learning_rates: [1]}, {name: lion, learning_rates: [2]}]"
    let study = try study(lines.joined(separator: "\n") + "\n" + own)
    #expect(study.variants.map { study.learningRates(of: $0).values } == [[1], [2]])
    #expect(
      throws: DescriptionError.missingKey(place(1, 1), key: "learning_rates")
    ) {
      try RunsTests.study(
        lines.joined(separator: "\n")
          + "\noptimizer: [{name: sgd, learning_rates: [1]}, {name: lion}]")
    }
  }

  @Test(
    "what cannot be asked of rivals is named",
    arguments: [
      ("optimizer: [{name: lion}, {name: sgd}, {name: lion}]", "`optimizer` repeats an optimizer"),
      (
        "optimizer: [{name: lion, learning_rates: [1]}, {name: lion, learning_rates: [2]}]",
        "`optimizer` repeats an optimizer"
      ),
      (
        "schedule: [{kind: wsd}, {kind: wsd, share_trunk: false}]", "`schedule` repeats a schedule"
      ),
      ("schedule: [{kind: wsd}, {kind: step}]", "`schedule[1].kind` is `step`"),
      (
        "schedule: [{kind: rex}, {kind: wsd, warmup_tokens: 900k}]", "warms up for 900000 tokens"
      ),
      ("optimizer: []", "`optimizer` is an empty list"),
      ("optimizer: [{name: sgd, learning_rate: 1}]", "did you mean `learning_rates`?"),
      (
        "optimizer: [{name: sgd, learning_rates: [0]}]", "`optimizer[0].learning_rates[0]` is `0`"
      ),
      (
        "optimizer: [{name: sgd}, {name: lion}]\nhold_out: {model: {width: 32, layers: 1}, tokens: 4M}",
        "`hold_out` tests one law, and the study has 2 rivals"
      ),
      (
        "schedule: [{kind: wsd}, {kind: rex}]\npredict_tokens: [16M]",
        "`predict_tokens` needs horizons that share a trunk"
      ),
      (
        "optimizer: [{name: sgd}, {name: lion}]\n"
          + "runs: [{size: 1, tokens: 1M, batch_tokens: 8192, learning_rate: 5e-4}]",
        "`runs` has one without `optimizer`, and the study has 2"
      ),
      (
        "optimizer: [{name: sgd}, {name: lion}]\n"
          + "runs: [{size: 1, tokens: 1M, batch_tokens: 8192, learning_rate: 5e-4, optimizer: 3}]",
        "by optimizer 3, which is not in the grid"
      ),
      (
        "runs: [{size: 1, tokens: 1M, batch_tokens: 8192, learning_rate: 5e-4, schedule: 2}]",
        "under schedule 2, which is not in the grid"
      ),
      ("telemetry: {every: 0}", "`telemetry.every` is `0`"),
      ("z_loss: -1", "`z_loss` is `-1`"),
      ("learning_rate_by_role: {embedding: 0}", "`learning_rate_by_role.embedding` is `0`"),
    ])
  func refused(text: String, words: String) throws {
    let error = try #require(
      #expect(throws: DescriptionError.self) { try study(requiredLines + "\n" + text) })
    #expect(error.description.contains(words), "\(error)")
    #expect(error.description.hasPrefix("study.yaml:"))
  }

  @Test("horizons that come to as many steps are one run, and refused")
  func equalHorizons() throws {
    let error = try #require(
      #expect(throws: DescriptionError.self) {
        try study(requiredLines.replacing("[1M, ", with: "[1M, 1000001, "))
      })
    #expect(error.description.contains("1000000 and 1000001, which are both 122 steps"), "\(error)")
  }

  @Test("a study has a batch ramp as a run has")
  func ramp() throws {
    let ramp = "\nbatch_ramp: {from: 2048, tokens: 200k, learning_rate: sqrt}"
    let study = try RunsTests.study(requiredLines + ramp)
    #expect(study.batchRamp == BatchRamp(from: 2048, tokens: 200_000, learningRate: .squareRoot))
    #expect(try RunsTests.study(study.yaml) == study)
    let error = #expect(throws: DescriptionError.self) {
      _ = try RunsTests.study(requiredLines + ramp.replacing("200k", with: "1M"))
    }
    #expect("\(try #require(error))".contains("is not below the run's `tokens`, 1000000"))
  }
}
