import Foundation
import Runs
import ScalingLaws
import Studies
import Support
import Testing
import Training

@Suite struct StudySweepTests {
  @Test("a sweep trains every run and knows what came of it; the next call trains none")
  func sweeps() throws {
    let study = try SmallStudy()
    let watch = SmallStudy.Watch()
    #expect(try study.sweep(watch))
    #expect(watch.tokens == 8 * (32 + 20) * 128)
    let reading = try StudyReading(study.folder)
    #expect(reading.runs.count == 40)
    #expect(reading.runs.allSatisfy { $0.state == .finished })
    #expect(reading.records.count == 32)
    for record in reading.records {
      #expect((0..<3).contains(try #require(record.loss)))
      #expect(record.status == .finished && record.trunk != nil && record.branchStep != nil)
      #expect(record.paramsKind == .total && record.trainer == "vernier")
    }
    let cost = reading.cost
    #expect(cost.spent == cost.planned)
    #expect(abs(cost.fullGrid / cost.spent - 100.0 / 52) < 1e-9)

    let logs = try study.logs()
    let second = SmallStudy.Watch()
    #expect(try study.sweep(second))
    #expect(second.tokens == 0)
    #expect(try study.logs() == logs)
  }

  @Test(
    "a branch ends at the loss of a run that was trained as a whole",
    arguments: [
      (ScheduleDescription.Kind.wsd, nil), (.wsm, nil),
      (.wsd, BatchRamp(from: 32, tokens: 800, learningRate: .squareRoot)),
    ] as [(ScheduleDescription.Kind, BatchRamp?)])
  func branchesAreWholeRuns(kind: ScheduleDescription.Kind, ramp: BatchRamp?) throws {
    func change(_ study: inout StudyDescription) {
      study.models.removeLast()
      study.schedule.kind = kind
      study.batchRamp = ramp
    }
    let shared = try SmallStudy(change)
    let whole = try SmallStudy {
      change(&$0)
      $0.sharesTrunk = false
    }
    for study in [shared, whole] { try study.sweep() }
    func losses(_ study: SmallStudy) throws -> [[Double]: Double?] {
      Dictionary(
        uniqueKeysWithValues: try StudyReading(study.folder).records.map {
          ([$0.tokens, $0.learningRate], $0.loss)
        })
    }
    #expect(try losses(shared).count == 16)
    #expect(try StudyReading(shared.folder).runs.count { $0.run.role == .branch } == 16)
    #expect(try losses(shared) == losses(whole))
  }

  @Test(
    "a sweep that was stopped goes on, and its curves are those of one that was not",
    arguments: [ScheduleDescription.Kind.wsd, .wsm])
  func stops(kind: ScheduleDescription.Kind) throws {
    let whole = try SmallStudy { $0.schedule.kind = kind }
    let parts = try SmallStudy { $0.schedule.kind = kind }
    try whole.sweep(slots: 1)
    var calls = 0
    while try !parts.sweep(SmallStudy.Watch(stopAfter: 9000)) {
      calls += 1
      try #require(calls < 20)
    }
    #expect(calls >= 4)
    #expect(try parts.logs() == whole.logs())
    let states = try StudyReading(parts.folder).runs.map(\.state)
    #expect(states.allSatisfy { $0 == .finished })
  }

  @Test("what ended is found again without the store")
  func rebuilds() throws {
    let study = try SmallStudy()
    try study.sweep()
    let before = try StudyReading(study.folder)
    try FileManager.default.removeItem(at: study.folder.storeURL)
    let watch = SmallStudy.Watch()
    #expect(try study.sweep(watch))
    #expect(watch.tokens == 0)
    let after = try StudyReading(study.folder)
    #expect(after.records == before.records)
  }

  @Test("more horizons and rates cost only themselves")
  func extends() throws {
    var study = try SmallStudy { $0.models.removeLast() }
    try study.sweep()
    study.study.tokens.append(10_240)
    let watch = SmallStudy.Watch()
    #expect(try study.sweep(watch))
    // The trunk goes on from 32 to 64 steps, and the new branch makes 16.
    #expect(watch.tokens == 4 * (32 + 16) * 128)
    study.study.learningRates = .listed([1e-2])
    let fewer = SmallStudy.Watch()
    #expect(try study.sweep(fewer))
    #expect(fewer.tokens == 0)
    #expect(fewer.notices == [.notAskedFor(18)])
    #expect(try StudyReading(study.folder).records.count == 5)
  }

  @Test("fewer horizons leave what was trained for the others as it is")
  func shortens() throws {
    var study = try SmallStudy { $0.models.removeLast() }
    try study.sweep()
    let before = try study.logs()
    // Its branch step was passed and not saved.
    study.study.tokens = [1280, 2560, 3200]
    #expect(try study.sweep())
    let after = try study.logs()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(after.count == before.count + 4)
  }

  @Test("a run whose folder is gone is trained again, and one in another's folder is named")
  func folders() throws {
    let study = try SmallStudy { $0.models.removeLast() }
    try study.sweep()
    let before = try study.logs()
    let runs = try StudyReading(study.folder).runs.map(\.run).filter { $0.role == .branch }
    let manager = FileManager.default
    try manager.removeItem(at: study.folder.run(runs[0].id).url)
    let watch = SmallStudy.Watch()
    #expect(try study.sweep(watch))
    #expect(watch.tokens == runs[0].ownSteps * 128)
    #expect(try study.logs() == before)
    try manager.removeItem(at: study.folder.run(runs[0].id).url)
    try manager.copyItem(
      at: study.folder.run(runs[1].id).url, to: study.folder.run(runs[0].id).url)
    #expect(throws: RunFolderError.self) { try study.sweep() }
  }

  @Test("seeds are repeats of one text, which one law is fitted to")
  func seeds() throws {
    let study = try SmallStudy {
      $0.models.removeLast()
      $0.seeds = [0, 1]
    }
    try study.sweep()
    let records = try StudyReading(study.folder).records
    #expect(records.count == 32)
    #expect(Set(records.map(\.corpusDigest)).count == 1)
    #expect(Set(records.map(\.seed)).count == 2)
    #expect(Set(records.map(\.loss)).count == 32)
    _ = try SweepRecipe(of: records)
    var more = study
    more.study.seeds = [0, 1, 2]
    let watch = SmallStudy.Watch()
    #expect(try more.sweep(watch))
    #expect(watch.notices.isEmpty)
    #expect(watch.tokens == 4 * 52 * 128)
  }

  @Test("a diverged run is a result, and so are the branches of a lost trunk")
  func diverges() throws {
    let study = try SmallStudy {
      $0.models.removeLast()
      $0.learningRates = .listed([1e-2, 1e8])
      $0.optimizer.clip = nil
    }
    let watch = SmallStudy.Watch()
    #expect(try study.sweep(watch))
    // What a lost run and its branches leave undone was not trained on.
    #expect((52 * 128..<52 * 128 + 33 * 128).contains(watch.tokens))
    let reading = try StudyReading(study.folder)
    let lost = reading.records.filter { $0.learningRate > 1 }
    #expect(lost.count == 4)
    #expect(lost.allSatisfy { $0.status == .diverged && $0.loss == nil && $0.divergedAt != nil })
    let again = SmallStudy.Watch()
    #expect(try study.sweep(again))
    #expect(again.tokens == 0)
  }

  @Test("a second sweep on the same folder is refused while the first lives")
  func locked() throws {
    let study = try SmallStudy()
    do {
      let first = try StudySweep(study.study, in: study.folder, SmallStudy.Watch().observer)
      #expect(throws: RunFolderError.inUse(study.folder.url.path)) {
        try StudySweep(study.study, in: study.folder, SmallStudy.Watch().observer)
      }
      withExtendedLifetime(first) {}
    }
    #expect(try study.sweep())
  }

  private func onText() throws -> SmallStudy {
    var study = try SmallStudy { $0.models.removeLast() }
    let text = String(repeating: "one two three four five six seven. ", count: 300)
    try study.files.write(text, to: "train.txt")
    try study.files.write(String(text.reversed()), to: "valid.txt")
    let yaml = SmallStudy.yaml.replacingOccurrences(
      of: "{kind: synthetic, seed: 0, vocabulary: 16}",
      with: "{kind: bytes, path: train.txt, validation: valid.txt}")
    study.study = try StudyDescription(yaml: yaml, file: "").resolvingPaths(in: study.files.path)
    study.study.models.removeLast()
    return study
  }

  @Test("another text under the same name makes other runs, and says so")
  func changedCorpus() throws {
    let study = try onText()
    try study.sweep()
    let before = try study.logs()
    let text = try study.files.read("train.txt")
    try study.files.write(text + "eight nine ten. ", to: "train.txt")
    let watch = SmallStudy.Watch()
    #expect(try study.sweep(watch))
    #expect(watch.notices.contains(.corpusChanged(endedBefore: 16)))
    #expect(watch.tokens == 4 * 52 * 128)
    let after = try study.logs()
    #expect(after.count == 2 * before.count)
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(try StudyReading(study.folder).records.count == 16)
  }

  @Test("text that changes under a sweep stops it, named, with what was done kept")
  func changingCorpus() throws {
    let study = try onText()
    let sweep = try StudySweep(study.study, in: study.folder, SmallStudy.Watch().observer)
    try study.files.write(try study.files.read("train.txt") + "more", to: "train.txt")
    let executor = try LocalExecutor(slots: 2, sweep.corpora)
    #expect(throws: CorpusError.self) {
      try sweep.train(sweep.plan.runs, with: executor, SmallStudy.Watch().observer)
    }
  }

  @Test("a budget that the runs exceed is refused")
  func budget() throws {
    let study = try SmallStudy { $0.budget = .init(flops: 1e6) }
    #expect(throws: StudyError.self) { try study.sweep() }
    #expect(!FileManager.default.fileExists(atPath: study.folder.url.path))
  }
}
