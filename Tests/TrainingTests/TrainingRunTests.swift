import Foundation
import Runs
import Support
import Testing
import Training

@Suite struct TrainingRunTests {
  @Test("a run learns, and leaves its curve, its state and its checkpoints")
  func learns() throws {
    let run = try SmallRun()
    let state = try run.train()
    #expect(state.state == .finished)
    #expect(state.step == 30)
    let events = try run.folder("run").log.events()
    let losses = events.compactMap { event -> Double? in
      guard case .validation(let validation) = event.content else { return nil }
      return validation.loss
    }
    #expect(losses.count == 4)
    let (first, last) = (try #require(losses.first), try #require(losses.last))
    // Bytes are guessed evenly at first; a third of that is far from what the text allows.
    #expect(first > log(256.0) - 0.1)
    #expect(last < 0.6 * first)
    #expect(events.map(\.step) == events.map(\.step).sorted())
    guard case .end(let end) = try #require(events.last).content else {
      Issue.record("the last event is no end")
      return
    }
    #expect(end.status == .finished)
    #expect(end.loss == last)
    #expect((end.lossStandardError ?? 0) > 0)
    #expect(try run.folder("run").state()?.state == .finished)
    let checkpoints = try FileManager.default.contentsOfDirectory(
      atPath: run.folder.file("run/checkpoints"))
    #expect(checkpoints.sorted() == ["step-00000024", "step-00000030"])
  }

  @Test("the same run leaves the same bytes, and another seed others")
  func repeats() throws {
    let run = try SmallRun()
    try run.train("one")
    try run.train("two")
    #expect(try run.log("one") == run.log("two"))
    let other = try SmallRun { $0.seed = 1 }
    try other.train()
    #expect(try other.log() != run.log("one"))
  }

  /// Before the first step and the first checkpoint, at one, between two, and right before the end.
  @Test("a run that was stopped goes on as if it had not been", arguments: [0, 3, 8, 13, 29])
  func resumes(stop: Int) throws {
    let run = try SmallRun()
    try run.train("whole")
    let stopped = try run.train("parts", stop: stop)
    #expect(stopped.state == .stopped)
    #expect(stopped.step == stop)
    #expect(try run.log("parts") != run.log("whole"))
    let state = try run.train("parts")
    #expect(state.state == .finished)
    #expect(state.attempt == 2)
    #expect(try run.log("parts") == run.log("whole"))
    let weights = "checkpoints/step-00000030/model.safetensors"
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: run.folder.file("parts/\(weights)")))
        == Data(contentsOf: URL(fileURLWithPath: run.folder.file("whole/\(weights)"))))
  }

  /// As a killed process leaves it: events that no checkpoint holds, and a torn line.
  @Test("what a killed run wrote after its last checkpoint is written again, the same")
  func killed() throws {
    let run = try SmallRun()
    try run.train("whole")
    try run.train("killed", stop: 13)
    let fileManager = FileManager.default
    try fileManager.removeItem(atPath: run.folder.file("killed/checkpoints/step-00000013"))
    let torn = try run.log("killed") + "{\"epoch\":0.0"
    try run.folder.write(torn, to: "killed/events.jsonl")
    try run.train("killed")
    #expect(try run.log("killed") == run.log("whole"))
  }

  @Test("a damaged checkpoint is told of, and the one before is used")
  func damaged() throws {
    let run = try SmallRun()
    try run.train("whole")
    try run.train("damaged", stop: 20)
    let path = run.folder.file("damaged/checkpoints/step-00000020/optimizer.safetensors")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    var notices: [String] = []
    _ = try run.prepared().train(
      in: run.folder("damaged"), TrainingRun.Observer(notice: { notices.append("\($0)") }))
    #expect(notices.count == 2)
    #expect(notices.first?.contains("step-00000020") == true)
    #expect(notices.last == "going on from step 16")
    #expect(try run.log("damaged") == run.log("whole"))
  }

  /// One where the run will be saved again, one that it will pass by, and every one there is.
  @Test(
    "damaged checkpoints ahead are removed, and saved again when their step comes",
    arguments: [(13, [8, 13]), (16, [16]), (20, [20])])
  func damagedAhead(stop: Int, steps: [Int]) throws {
    let run = try SmallRun()
    try run.train("whole")
    try run.train("parts", stop: stop)
    for step in steps {
      let name = "parts/checkpoints/step-\(step < 10 ? "0000000" : "000000")\(step)/checkpoint.json"
      try run.folder.write("", to: name)
    }
    #expect(try run.train("parts").state == .finished)
    #expect(try run.log("parts") == run.log("whole"))
    let checkpoints = try FileManager.default.contentsOfDirectory(
      atPath: run.folder.file("parts/checkpoints"))
    #expect(checkpoints.sorted() == ["step-00000024", "step-00000030"])
    let intact = RunCheckpoints(
      in: run.folder.file("parts/checkpoints"), runID: try run.prepared().manifest.id)
    #expect(try intact.latestIntact().damaged.isEmpty)
  }

  @Test("a log that lacks steps is refused, of a run in progress and of one that has ended")
  func incompleteLog() throws {
    let run = try SmallRun()
    try run.train("parts", stop: 13)
    try run.train("whole")
    for (name, step) in [("parts", 13), ("whole", 30)] {
      let lines = try run.log(name).split(separator: "\n", omittingEmptySubsequences: false)
      try run.folder.write(
        lines.prefix(5).joined(separator: "\n") + "\n", to: "\(name)/events.jsonl")
      let path = run.folder.file("\(name)/events.jsonl")
      #expect(throws: RunFolderError.incompleteLog(path, step: step)) { try run.train(name) }
    }
  }

  @Test("parts of a run that do not say of which are not taken over")
  func noManifest() throws {
    let run = try SmallRun()
    try run.train(stop: 5)
    try FileManager.default.removeItem(atPath: run.folder.file("run/run.json"))
    let log = try run.log()
    #expect(throws: RunFolderError.noManifest(run.folder.file("run"))) { try run.train() }
    #expect(try run.log() == log)
    #expect(!FileManager.default.fileExists(atPath: run.folder.file("run/run.json")))
  }

  @Test("a text that is changed under a run ends it before anything is saved")
  func changedCorpus() throws {
    let run = try SmallRun()
    let text = try run.folder.read("train.txt")
    #expect(throws: CorpusError.changed(run.folder.file("train.txt"))) {
      try run.prepared().train(
        in: run.folder("run"),
        TrainingRun.Observer(event: { event in
          guard event.step == 4, case .train = event.content else { return }
          let file = FileHandle(forWritingAtPath: run.folder.file("train.txt"))
          try? file?.write(contentsOf: Data(text.uppercased().utf8))
        }))
    }
    #expect(try run.folder("run").state()?.state == .failed)
    #expect(!FileManager.default.fileExists(atPath: run.folder.file("run/checkpoints")))
  }

  @Test("a run too short to be watched is lost when it ends above its start")
  func shortDivergence() throws {
    let run = try SmallRun {
      $0.learningRate = 30
      $0.schedule.warmupTokens = 0
      $0.tokens = 12 * 128
    }
    #expect(try run.train().state == .diverged)
  }

  @Test("a run that reads its text more than once says so before it begins, and counts")
  func epochs() throws {
    let run = try SmallRun { $0.tokens = 500 * 128 }
    var notices: [String] = []
    var passes: Double?
    _ = try run.prepared().train(
      in: run.folder("run"),
      TrainingRun.Observer(
        event: { if case .train(let train) = $0.content { passes = train.epoch } },
        notice: { notices.append("\($0)") }))
    #expect(notices.count == 1)
    #expect(notices.first?.contains("reads its training text 2.\(2)") == true)
    #expect((passes ?? 0) > 2)
  }

  @Test("steps read the text in the order of its sequences, each once")
  func order() throws {
    let plan = try SmallRun().prepared().plan
    let read = (0..<plan.steps).flatMap { Array(plan.batch($0)) }
    #expect(read == (0..<30 * 4).map { plan.training.sequence(at: $0) })
  }

  @Test("a run that has ended is left alone")
  func ended() throws {
    let run = try SmallRun()
    try run.train()
    let log = try run.log()
    let state = try run.train()
    #expect(state.attempt == 1)
    #expect(try run.log() == log)
  }

  @Test("divergence ends the run early and is its result")
  func divergence() throws {
    let run = try SmallRun {
      $0.learningRate = 1e8
      $0.optimizer.clip = nil
      $0.tokens = 400 * 128
      $0.schedule.warmupTokens = 0
    }
    let state = try run.train()
    #expect(state.state == .diverged)
    #expect(state.step < 400)
    let last = try #require(run.folder("run").log.events().last)
    guard case .end(let end) = last.content else {
      Issue.record("the last event is no end")
      return
    }
    #expect(end.status == .diverged)
    #expect(end.divergedAt == state.step)
    #expect(end.loss == nil)
    let trained = try run.folder("run").log.events().last {
      if case .train = $0.content { true } else { false }
    }
    #expect(end.divergedAt == trained?.step)
    #expect(end.reason?.contains("nan") == true)
    #expect(try run.train().state == .diverged)
  }

  @Test("the folder of another run is refused, and nothing in it changes")
  func otherRun() throws {
    let run = try SmallRun()
    try run.train(stop: 5)
    let log = try run.log()
    var other = run
    other.description.learningRate = 2e-2
    #expect {
      try other.train()
    } throws: { error in
      guard case .otherRun = error as? RunFolderError else { return false }
      return true
    }
    #expect(try run.log() == log)
  }

  @Test("a folder that another process works in is refused")
  func inUse() throws {
    let run = try SmallRun()
    try run.folder("run").url.makeFolder()
    let lock = try FolderLock(run.folder("run").url)
    #expect(throws: RunFolderError.inUse(run.folder.file("run"))) { try run.train() }
    withExtendedLifetime(lock) {}
  }

  @Test("threads beside a run do not change it")
  func neighbours() async throws {
    let run = try SmallRun()
    try run.train("alone")
    let alone = try run.log("alone")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 1...4 {
        group.addTask { try SmallRun { $0.seed = seed }.train() }
      }
      group.addTask {
        let again = try SmallRun()
        try again.train()
        #expect(try again.log() == alone)
      }
      try await group.waitForAll()
    }
  }

  @Test("an odd number of sequences, in training and validation")
  func oddBatches() throws {
    let run = try SmallRun {
      $0.batchTokens = 96
      $0.tokens = 960
      $0.schedule.warmupTokens = 96
      $0.validation.tokens = 7 * 32
    }
    #expect(try run.train().state == .finished)
    let two = try SmallRun { $0.validation.tokens = 7 * 32 }
    #expect(try two.train().state == .finished)
  }
}
