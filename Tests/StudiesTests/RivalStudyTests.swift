import Foundation
import Runs
import ScalingLaws
import Studies
import Testing

/// Studies whose axes are optimizers and schedules.
@Suite struct RivalStudyTests {
  private static let optimizers = """
    optimizer: [{name: adamw}, {name: lion, learning_rates: [2e-3, 8e-3, 3.2e-2, 1.28e-1]}]
    """
  private static let schedules = """
    schedule: [{warmup_tokens: 512}, {warmup_tokens: 512, decay_shape: sqrt, decay_fraction: 0.4}]
    """

  private func study(_ lines: String...) throws -> StudyDescription {
    let text = SmallStudy.yaml.split(separator: "\n").filter { line in
      !lines.contains { $0.hasPrefix(line.prefix { $0 != ":" } + ":") }
    }
    return try StudyDescription(
      yaml: (text.map(String.init) + lines).joined(separator: "\n"), file: "study.yaml")
  }

  private func plan(_ study: StudyDescription) throws -> [PlannedRun] {
    try StudyPlan(study, StudyCorpora(study)).runs
  }

  @Test("the grid is models, batches, variants, seeds, rates and horizons")
  func grid() throws {
    let study = try study(
      Self.optimizers, "schedule: [{warmup_tokens: 512}, {kind: cosine, warmup_tokens: 512}]")
    let runs = try plan(study)
    // Two sizes by two rules by four rates: a trunk with four branches, and four cosines.
    #expect(runs.count == 2 * 2 * 4 * (1 + 4 + 4))
    #expect(Set(runs.map(\.id)).count == runs.count)
    let ends = runs.filter { $0.role != .trunk }
    let numbers = ends.map { study.variant(of: $0.description).map(study.number) }
    #expect(Set(numbers) == [1, 2, 3, 4])
    #expect(numbers.count { $0 == 4 } == 2 * 4 * 4)
    let lion = ends.filter { $0.description.optimizer.name == "lion" }
    #expect(Set(lion.map(\.description.learningRate)) == [2e-3, 8e-3, 3.2e-2, 1.28e-1])
  }

  @Test("the runs of a rival are those of a study of it alone: none is trained twice")
  func sameRuns() throws {
    let both = Set(try plan(study(Self.optimizers)).map(\.id))
    let alone = Set(try plan(study("optimizer: {name: adamw}")).map(\.id))
    #expect(alone.isSubset(of: both) && both.count == 2 * alone.count)
  }

  @Test(
    "schedules that differ in their decay alone share trunks, as long as the longest needs them")
  func sharedTrunks() throws {
    let runs = try plan(study(Self.schedules))
    let trunks = runs.filter { $0.role == .trunk }
    #expect(trunks.count == 2 * 4)
    #expect(Set(trunks.map(\.id)).count == trunks.count)
    #expect(trunks.allSatisfy { $0.description.steps == 32 })
    #expect(runs.filter { $0.role == .branch && $0.trunk == trunks[0].id }.count == 8)
    let merged = try plan(
      study("schedule: [{warmup_tokens: 512}, {kind: wsm, warmup_tokens: 512}]"))
    #expect(Set(merged.filter { $0.role == .trunk }.map(\.id)) == Set(trunks.map(\.id)))
  }

  @Test(
    "what all runs share reaches them, and the record says what tells rules and schedules apart")
  func shared() throws {
    let runs = try plan(
      study(
        "z_loss: 1e-3", "telemetry: {every: 700}", "learning_rate_by_role: {embedding: 0.5}",
        "schedule: {kind: infinite, warmup_tokens: 512, plateau: 0.5, cooldown_tokens: 256}",
        "optimizer: {name: muon, nesterov: true, momentum: 0.9, scale: moonlight}"))
    let run = try #require(runs.first)
    #expect(run.description.zLoss == 1e-3)
    #expect(run.description.telemetry == .init(every: 700))
    #expect(run.description.learningRateByRole == ["embedding": 0.5])
    let record = RunRecord(
      run, .init(digest: "a", validationDigest: "b"), .init(status: .finished, loss: 2))
    #expect(record.learningRateByRole == ["embedding": 0.5 * run.description.learningRate])
    #expect(record.schedule.shape == "linear")
    #expect(record.schedule.settings == "plateau=0.5 cooldown_tokens=256")
    #expect(record.optimizer.name == "muon scale=moonlight momentum=0.9")
  }

  @Test(
    "one optimizer listed twice is refused, however its settings are written",
    arguments: [
      "optimizer: [{name: muon, scale: original}, {name: muon, scale: original, momentum: 0.95}]",
      "optimizer: [{name: lion}, {name: sgd, momentum: 0}, {name: lion, learning_rate_by_role: {norm: 1}}]",
      "optimizer: [{name: adamw, weight_decay: 0}, {name: adamw, weight_decay: 0, decay_convention: coupled}]",
    ])
  func equal(line: String) throws {
    let error = #expect(throws: StudyError.self) { try plan(study(line)) }
    guard case .equalOptimizers(1, _, _) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("settings that a rule refuses are refused for every entry, before anything is written")
  func refused() throws {
    #expect(throws: (any Error).self) {
      try plan(study("optimizer: [{name: adamw}, {name: lion, scale: original}]"))
    }
    #expect(throws: StudyError.plansNoRivals(variants: 2)) {
      try StudyCandidates(study(Self.optimizers), paramsKind: .total)
    }
  }

  @Test("a sweep of rivals trains all, fits each alone and compares them; one can be chosen")
  func sweep() throws {
    var small = try SmallStudy()
    small.study = try study(
      Self.optimizers, Self.schedules, "seeds: [0, 1]", "tokens: [1280, 5120]",
      "learning_rates: [5e-3, 2e-2, 8e-2, 3.2e-1]")
    small.study.models.removeLast()
    #expect(try small.sweep())
    let reading = try StudyReading(small.folder)
    var options = FitOptions()
    options.draws = 100
    let rivals = try StudyRivals(reading, options: options)
    #expect(rivals.sides.count == 4)
    #expect(rivals.sides.contains { (try? $0.analysis.get()) != nil })
    #expect(rivals.comparison.cells.count == 2)
    #expect(rivals.comparison.errorSource == .seeds)
    for side in rivals.sides {
      #expect(side.reading.records.count == 2 * 4 * 2)
      #expect(Set(side.reading.records.map(\.optimizer.name)).count == 1)
      #expect(Set(side.reading.records.map(\.schedule.shape)).count == 1)
      #expect(side.reading.study.variants.count == 1)
    }
    #expect(
      throws: StudyError.severalVariants(
        folder: small.folder.url.relativePath, titles: reading.titles, left: [1, 2, 3, 4])
    ) { try reading.choosing([]) }
    let chosen = try reading.choosing(["variant=3"]) { _, variant in variant == 3 }
    #expect(chosen.records == rivals.sides[2].reading.records)
    #expect(chosen.study.optimizer.name == "lion" && chosen.study.schedule.decayShape == .linear)
    let lions = ["optimizer.name=lion"]
    let several = #expect(throws: StudyError.self) {
      try reading.choosing(lions) { record, _ in record.optimizer.name == "lion" }
    }
    #expect("\(try #require(several))".contains("of which 2 are left"))
    #expect("\(try #require(several))".contains("variant=N: 3 is lion"))
    #expect(
      throws: StudyError.noVariant(
        folder: small.folder.url.relativePath, filters: lions, titles: reading.titles)
    ) { try reading.choosing(lions) { _, _ in false } }
    let findings = try reading.findings(nil, rivals: rivals.comparison)
    #expect(Set(findings.runs.map(\.variant)) == [nil, 1, 2, 3, 4])
    #expect(findings.cost.fullGrid > findings.cost.planned)
  }

  @Test(
    "trained runs carry an effective rate, which grows with the peak, and a law can be fitted in it"
  )
  func effectiveRates() throws {
    var small = try SmallStudy()
    small.study = try study("telemetry: {every: 256}")
    #expect(try small.sweep())
    let records = try StudyReading(small.folder).records
    #expect(records.count == 2 * 4 * 4)
    let cell = records.filter { $0.width == 16 && $0.tokens == 5120 }
      .sorted { $0.learningRate < $1.learningRate }
    let rates = try cell.map { try #require($0.effectiveLearningRate) }
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 < $1 })
    #expect(rates.allSatisfy { $0 > 1e-4 && $0 < 1 })
    var options = FitOptions()
    options.rate = .effective
    let law = try StudyReading(small.folder).analysis(options: options).law
    #expect(law.rateKind == .effective)

    small.study.telemetry = nil
    small.study.seeds = [1]
    #expect(try small.sweep())
    #expect(try StudyReading(small.folder).records.allSatisfy { $0.effectiveLearningRate == nil })
  }

  @Test("a store of an earlier version is read with what it did not write down")
  func earlierRecords() throws {
    let small = try SmallStudy()
    #expect(try small.sweep())
    let store = try StudyStore(writing: small.folder.storeURL)
    for stored in try store.plannedRuns() {
      guard var record = stored.record, let state = stored.state else { continue }
      record.schedule.shape = nil
      record.schedule.settings = nil
      try store.update(
        stored.run.id, RunState(state: state, step: stored.step, attempt: 1), record: record)
    }
    let records = try StudyReading(small.folder).records
    #expect(Set(records.map(\.schedule.shape)) == ["linear"])
  }
}
