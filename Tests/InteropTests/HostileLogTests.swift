import Foundation
import Interop
import Runs
import Support
import Testing

/// Logs that say what no run does, and places that are no plain folders of logs.
@Suite struct HostileLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String) throws -> String {
    let url = URL(fileURLWithPath: folder.file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// A table of steps with a loss that falls evenly and a constant rate.
  private func table(steps: some Sequence<Int>) -> String {
    "step,train_loss,lr,params,batch_tokens\n"
      + steps.enumerated().map { "\($1),\(9 - 1e-6 * Double($0)),0.5,125000,1024\n" }.joined()
  }

  private func place(
    _ path: String, _ set: [String: String] = [:], map: String? = nil
  ) throws -> PlaceImport {
    var choices = ImportChoices()
    for (field, value) in set { try choices.set(field, to: value, at: "--set") }
    if let map { try choices.map(map) }
    return try PlaceImport(
      try #require(try LogSearch(path).findings.first), choices: choices)
  }

  private func run(
    _ path: String, _ set: [String: String] = [:], map: String? = nil
  ) throws -> ImportedRun {
    let place = try place(path, set, map: map)
    #expect(place.read() == nil)
    return try #require(place.contents.runs.first)
  }

  @Test("points at steps that no run comes to are left out, and that is said")
  func impossibleSteps() throws {
    let path = try write(table(steps: [.min / 2] + Array(1..<20) + [.max / 2]), to: "log.csv")
    let run = try run(path)
    #expect(run.curve.map(\.step) == Array(1..<20))
    #expect(run.warnings.contains { $0.message.hasPrefix("2 points of train_loss left out") })
  }

  @Test(
    "settings beyond all measure are named as they are",
    arguments: [
      ["schedule.warmup": "1e300"], ["status": "diverged", "diverged_at": "1e300"],
      ["schedule.kind": "constant", "schedule.decay": "1e300"],
    ])
  func immeasurable(set: [String: String]) throws {
    _ = try run(try write(table(steps: 1..<20), to: "log.csv"), set)
  }

  @Test("a run is no run with counts that none has, and one whose loss has no measure diverged")
  func impossibleCounts() throws {
    let path = try write(table(steps: 1..<20), to: "log.csv")
    for set in [["steps": "1e300"], ["params_total": "1e300"]] {
      let place = try place(path, set)
      #expect(place.read() == nil)
      #expect(place.contents.incomplete.count == 1, "\(set)")
    }
    let text = table(steps: 1..<20) + "20,1e30,0.5,125000,1024\n"
    let record = try run(try write(text, to: "diverged.csv")).record
    #expect(record.status == .diverged && record.loss == nil && record.divergedAt == 20)
  }

  @Test("a key that the log does not have is named")
  func unknownKey() throws {
    let path = try write(table(steps: 1..<20), to: "log.csv")
    let run = try run(path, map: "loss=no_such_loss")
    #expect(run.warnings.contains { $0.message.contains("no_such_loss") })
    #expect(try self.run(path, map: "loss=train_loss").warnings.isEmpty)
  }

  @Test("a smooth curve of which all is the end takes a moment", .timeLimit(.minutes(1)))
  func smoothEnd() throws {
    let start = ContinuousClock.now
    _ = try run(try write(table(steps: 1_000_000_000..<1_000_300_000), to: "log.csv"))
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("a log that was begun again is read again", arguments: [false, true])
  func begunAgain(isReplaced: Bool) throws {
    let line =
      "step 0: train loss 4.2, val loss 4.2\niter 0: loss 4.2, time 67.63ms, mfu -100.00%\n"
    let path = try write("tokens per iteration will be: 512\n" + line + line, to: "train.log")
    let place = try place(path, ["params_total": "1M", "learning_rate": "0.1", "steps": "100"])
    #expect(place.read() == nil)
    if isReplaced {
      try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    }
    let text = "tokens per iteration will be: 512\n" + line.replacing("4.2", with: "3.1")
    try Mutation.write(Array(text.utf8), to: path)
    #expect(place.read() == nil)
    #expect(place.contents.runs.first?.record.loss == 3.1)
  }

  @Test("the runs of a study are no logs, its folder's other files are")
  func ownStudy() throws {
    _ = try write(table(steps: 1..<20), to: "log.csv")
    _ = try write(table(steps: 1..<20), to: "runs/a/events.csv")
    #expect(try LogSearch(folder.path).findings.count == 2)
    _ = try write("", to: "study.sqlite")
    #expect(try LogSearch(folder.path).findings.map(\.place.path) == [folder.file("log.csv")])
  }

  @Test("no path is no file")
  func emptyPath() { #expect(throws: ImportError.noFile("''")) { try LogSearch("") } }

  @Test("folders are found whatever letters their names have")
  func letters() {
    let file = LogFile(path: "/läufe/é/größe.log", bytes: 0, head: [])
    #expect(file.folder == "/läufe/é")
    #expect(LogFile(path: "a.log", bytes: 0, head: []).folder == "")
  }

  @Test("a damaged event file does not keep another of the run from being read")
  func eventFiles() throws {
    func value(_ tag: String, _ rest: [UInt8]) -> [UInt8] {
      let value = [0x0A, UInt8(tag.utf8.count)] + Array(tag.utf8) + rest
      let summary = [0x0A, UInt8(value.count)] + value
      return [0x2A, UInt8(summary.count)] + summary
    }
    // A tensor whose shape ends in the middle of a number.
    let damaged = FramedRecords.eventFile([value("a", [0x42, 0x01, 0x80])])
    let whole = FramedRecords.eventFile([value("loss", [0x15, 0, 0, 0x80, 0x3F])])
    for (name, bytes) in [("1.1.a.1", damaged), ("2.2.a.1", whole)] {
      try Mutation.write(bytes, to: folder.file("events.out.tfevents.\(name)"))
    }
    let place = try place(folder.path)
    #expect(place.read() != nil)
    #expect(place.contents.incomplete.count == 1)
  }

  @Test("exported runs read back where none has a loss or rates have roles")
  func exported() throws {
    var record = RunRecord(params: 1e6, tokens: 1e9, learningRate: 0.5, loss: nil)
    (record.id, record.status) = ("a", .diverged)
    record.learningRateByRole = ["hidden": 0.5, "head": 0.25]
    for (name, data) in [
      ("runs.jsonl", try record.jsonLine(curve: [])),
      ("runs.csv", Data(RunTable.csv(of: [record]).utf8)),
    ] {
      let path = try write(String(decoding: data, as: UTF8.self), to: name)
      var back = try run(path).record
      back.source = nil
      #expect(back == record, "\(name)")
    }
  }
}
