import Foundation
import Runs
import Support
import Testing

@Suite struct EventLogTests {
  private let folder: TemporaryFolder
  private let log: EventLog

  init() throws {
    folder = try TemporaryFolder()
    log = EventLog(URL(fileURLWithPath: folder.file("events.jsonl")))
  }

  private func saved(_ step: Int) -> TrainingEvent {
    TrainingEvent(step: step, tokens: 10 * step, .checkpoint)
  }

  private func line(_ step: Int) -> String {
    "{\"kind\":\"checkpoint\",\"step\":\(step),\"tokens\":\(10 * step)}\n"
  }

  @Test("without a file there are no events, and reopening makes it")
  func noFile() throws {
    #expect(try log.events().isEmpty)
    _ = try log.reopen()
    #expect(try folder.read("events.jsonl").isEmpty)
    #expect(try log.events().isEmpty)
  }

  @Test("events come back in the order in which they were added, each a line")
  func append() throws {
    let writer = try log.reopen()
    for step in 1...3 {
      try writer.append(saved(step))
      #expect(try log.events() == (1...step).map(saved))
    }
    try writer.synchronize()
    #expect(try folder.read("events.jsonl") == line(1) + line(2) + line(3))
  }

  @Test(
    "a torn last line is passed over", arguments: ["{", "{\"kind\":\"checkpoint\",\"step\":3}"])
  func torn(end: String) throws {
    try folder.write(line(1) + line(2) + end, to: "events.jsonl")
    #expect(try log.events() == [saved(1), saved(2)])
  }

  @Test("reopening removes a torn end, so that what follows is whole")
  func reopenTorn() throws {
    try folder.write(line(1) + "{\"kind\":\"chec", to: "events.jsonl")
    try log.reopen().append(saved(2))
    #expect(try folder.read("events.jsonl") == line(1) + line(2))
  }

  @Test("reopening keeps what is asked for, and adds after it")
  func reopenKeeping() throws {
    try folder.write((1...5).map(line).joined(), to: "events.jsonl")
    try log.reopen(keeping: { $0.step <= 3 }).append(saved(9))
    #expect(try log.events() == [1, 2, 3, 9].map(saved))
  }

  @Test("reopening keeps lines of unknown kinds and keys as they are")
  func reopenUnknown() throws {
    let lines =
      "{\"kind\":\"weather\", \"x\": 1}\n{\"tokens\":10,\"step\":1,\"kind\":\"checkpoint\",\"y\":2}\n"
    try folder.write(lines, to: "events.jsonl")
    _ = try log.reopen(keeping: { $0.step < 5 })
    #expect(try folder.read("events.jsonl") == lines)
    #expect(try log.events() == [saved(1)])
  }

  @Test(
    "a damaged line is named by its number, and nothing is changed",
    arguments: ["garbage", "", "{\"kind\":\"checkpoint\",\"step\":3}"])
  func damaged(text: String) throws {
    let before =
      line(1) + "{\"kind\":\"weather\"}\n" + text + "\n" + line(4)
    try folder.write(before, to: "events.jsonl")
    let error = RunFolderError.damaged(log.url.path, line: 3)
    #expect(throws: error) { try log.events() }
    #expect(throws: error) { try log.reopen() }
    #expect(try folder.read("events.jsonl") == before)
    #expect(error.description.hasPrefix("\(log.url.path):3 is no event"))
  }

  @Test("a damaged last line that is whole is damaged, not torn")
  func damagedLast() throws {
    try folder.write(line(1) + "{\n", to: "events.jsonl")
    #expect(throws: RunFolderError.damaged(log.url.path, line: 2)) { try log.events() }
  }

  @Test("what cannot be read or written is an error that names the file")
  func unusable() throws {
    let isFolder = EventLog(URL(fileURLWithPath: folder.path))
    let unreadable = try #require(
      #expect(throws: RunFolderError.self) { try isFolder.events() })
    #expect(unreadable.description.hasPrefix("\(folder.path) cannot be read: "))
    let nowhere = EventLog(URL(fileURLWithPath: folder.file("none/events.jsonl")))
    let unwritten = try #require(
      #expect(throws: RunFolderError.self) { try nowhere.reopen() })
    #expect(unwritten.description.hasPrefix("\(nowhere.url.path) was not written: "))
  }
}
