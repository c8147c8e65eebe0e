import Foundation
import Runs
import Support
import Synchronization
import Testing
import Training

@Suite struct CheckpointTests {
  private let folder: TemporaryFolder
  private let checkpoints: RunCheckpoints

  init() throws {
    folder = try TemporaryFolder()
    checkpoints = RunCheckpoints(in: folder.file("checkpoints"), runID: "3f9a")
  }

  private struct State: Codable, Equatable {
    var averageLoss = 3.25
    var bestLoss = Double.infinity
    var lossEMA: [Double] = [0.1, -0.0, .leastNonzeroMagnitude]
    var key = UInt64.max
    var note = "a \"quoted\" ß"
  }

  private static let files = ["model.safetensors", "optimizer.safetensors", "checkpoint.json"]
  private static let weights: [Float] = [1, -0.0, .leastNonzeroMagnitude, .infinity]
  private static let moments: [Float] = [Float(bitPattern: 0x7fc0_1234), 2, 3]

  private static func content(step: Int) -> CheckpointContent<State> {
    CheckpointContent(
      step: step, tokens: 1024 * step, payload: State(),
      model: [NamedTensor(name: "blocks.0.attention.query", shape: [2, 2], scalars: weights)],
      optimizer: [NamedTensor(name: "moment1.output", shape: [3], scalars: moments)])
  }

  private func path(_ step: Int) -> String {
    folder.file("checkpoints/step-0000000\(step)")
  }

  private func damage(step: Int, file: String = "model.safetensors") throws {
    var bytes = try FileBytes.read("\(path(step))/\(file)")
    bytes[bytes.count - 1] ^= 1
    try FileBytes.write(bytes, to: "\(path(step))/\(file)")
  }

  private func isDamage(_ error: any Error) -> Bool {
    if case .damaged = error as? CheckpointError { true } else { false }
  }

  private func expectDamage(_ comment: String) {
    #expect(throws: (any Error).self, "\(comment) was not noticed") {
      do {
        _ = try checkpoints.latest()
      } catch {
        #expect(isDamage(error), "\(comment): \(error)")
        throw error
      }
    }
  }

  @Test("a run's state reads back as it was written, to the bit")
  func roundTrip() throws {
    #expect(try checkpoints.latest() == nil)
    try checkpoints.write(Self.content(step: 7))
    let checkpoint = try #require(try checkpoints.latest())
    #expect(checkpoint.path == path(7))
    #expect(checkpoint.runID == "3f9a")
    #expect(checkpoint.step == 7)
    #expect(checkpoint.tokens == 7168)
    let state = try checkpoint.payload(as: State.self)
    #expect(state == State())
    #expect(state.lossEMA[1].sign == .minus)
    #expect(checkpoint.model.names == ["blocks.0.attention.query"])
    #expect(checkpoint.optimizer.shape(of: "moment1.output") == [3])
    let weights = try checkpoint.model.scalars(of: "blocks.0.attention.query")
    #expect(weights.map(\.bitPattern) == Self.weights.map(\.bitPattern))
    let moments = try checkpoint.optimizer.scalars(of: "moment1.output")
    #expect(moments.map(\.bitPattern) == Self.moments.map(\.bitPattern))
  }

  @Test("equal states are written to equal bytes")
  func repeatable() throws {
    try checkpoints.write(Self.content(step: 1))
    let other = RunCheckpoints(in: folder.file("other"), runID: "3f9a")
    try other.write(Self.content(step: 1))
    for file in Self.files {
      #expect(
        try FileBytes.read("\(path(1))/\(file)")
          == FileBytes.read(folder.file("other/step-00000001/\(file)")))
    }
  }

  @Test("any changed byte of any file is noticed", arguments: files)
  func everyByte(file: String) throws {
    try checkpoints.write(Self.content(step: 1))
    let path = "\(path(1))/\(file)"
    let good = try FileBytes.read(path)
    for place in good.indices {
      for flip in [0x01, 0x20, 0xff] as [UInt8] {
        var bytes = good
        bytes[place] ^= flip
        try FileBytes.write(bytes, to: path)
        expectDamage("byte \(place) of \(file), changed by \(flip)")
      }
    }
    try FileBytes.write(good, to: path)
    #expect(try checkpoints.latest()?.step == 1)
  }

  @Test("a file that was cut, added to or lost is noticed", arguments: files)
  func everyLength(file: String) throws {
    try checkpoints.write(Self.content(step: 1))
    let path = "\(path(1))/\(file)"
    let good = try FileBytes.read(path)
    for length in good.indices {
      try FileBytes.write([UInt8](good[..<length]), to: path)
      expectDamage("\(file) cut to \(length) bytes")
    }
    try FileBytes.write(good + [10], to: path)
    expectDamage("a byte after \(file)")
    try FileManager.default.removeItem(atPath: path)
    expectDamage("the loss of \(file)")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    expectDamage("a folder for \(file)")
  }

  @Test("files of another checkpoint, and another step's folder, are noticed")
  func mixed() throws {
    try checkpoints.write(Self.content(step: 1))
    #expect(rename(path(1), path(2)) == 0)
    expectDamage("a folder renamed")
    #expect(rename(path(2), path(1)) == 0)
    try SafetensorsFile.write(
      [NamedTensor(name: "moment1.output", shape: [3], scalars: [1, 2, 3])],
      to: folder.file("other"))
    #expect(rename(folder.file("other"), path(1) + "/optimizer.safetensors") == 0)
    expectDamage("another optimizer's state")
  }

  @Test("the newest checkpoint is found among others and other things")
  func latest() throws {
    for step in [3, 1, 2] { try checkpoints.write(Self.content(step: step)) }
    try checkpoints.write(Self.content(step: 123_456_789))
    for name in ["step-999999999.old", "step-5", "step--0000001", "notes", ".unfinished-1"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("checkpoints/\(name)"), withIntermediateDirectories: false)
    }
    #expect(try checkpoints.steps() == [1, 2, 3, 123_456_789])
    #expect(try checkpoints.latest()?.step == 123_456_789)
    #expect(try checkpoints.checkpoint(atStep: 2).tokens == 2048)
    #expect(throws: CheckpointError.missing(path(4))) { try checkpoints.checkpoint(atStep: 4) }
  }

  @Test("a damaged newest checkpoint is an error; an older one is taken only when asked for")
  func fallingBack() throws {
    for step in 1...3 { try checkpoints.write(Self.content(step: step)) }
    #expect(try checkpoints.latestIntact().damaged.isEmpty)
    try damage(step: 3)
    try damage(step: 2, file: "checkpoint.json")
    let newest = CheckpointError.damaged(path(3), reason: "model.safetensors was changed")
    #expect(throws: newest) { try checkpoints.latest() }
    let found = try checkpoints.latestIntact()
    #expect(found.checkpoint?.step == 1)
    #expect(
      found.damaged == [
        newest, .damaged(path(2), reason: "checkpoint.json was cut or changed"),
      ])
    try damage(step: 1)
    let none = try checkpoints.latestIntact()
    #expect(none.checkpoint == nil)
    #expect(none.damaged.count == 3)
  }

  @Test("a checkpoint of another run is refused with both names, also when falling back")
  func otherRun() throws {
    try checkpoints.write(Self.content(step: 1))
    let other = RunCheckpoints(in: checkpoints.folder, runID: "77c1")
    let error = CheckpointError.otherRun(path(1), found: "3f9a", expected: "77c1")
    #expect(throws: error) { try other.latest() }
    #expect(throws: error) { _ = try other.latestIntact() }
    #expect(throws: error) { try other.write(Self.content(step: 1)) }
    #expect(try checkpoints.latest()?.step == 1)
  }

  /// Writes a record as another version would: sealed as well.
  private func writeRecord(_ change: (inout String) -> Void) throws {
    try checkpoints.write(Self.content(step: 1))
    let file = path(1) + "/checkpoint.json"
    let json = String(decoding: try FileBytes.read(file), as: UTF8.self)
    let seal = try #require(json.range(of: ",\"digest\":", options: .backwards))
    var text = String(json[..<seal.lowerBound])
    change(&text)
    let digest = Digest(of: Array(text.utf8))
    try FileBytes.write(Array((text + ",\"digest\":\"\(digest)\"}\n").utf8), to: file)
  }

  @Test("a checkpoint of another version is refused as such")
  func otherVersion() throws {
    try writeRecord { $0.replace("\"version\":1", with: "\"version\":2") }
    let error = CheckpointError.otherVersion(path(1), found: 2, known: 1)
    #expect(throws: error) { try checkpoints.latest() }
    #expect(throws: error) { _ = try checkpoints.latestIntact() }
  }

  @Test("a state that the trainer cannot read is refused by the name of the field")
  func otherPayload() throws {
    try writeRecord { $0.replace("\"averageLoss\"", with: "\"meanLoss\"") }
    let checkpoint = try #require(try checkpoints.latest())
    let error = CheckpointError.payload(path(1), reason: "payload.averageLoss is missing")
    #expect(throws: error) { try checkpoint.payload(as: State.self) }
  }

  @Test("the record is JSON that says what the run was and what its files are")
  func record() throws {
    try checkpoints.write(Self.content(step: 1))
    let file = path(1) + "/checkpoint.json"
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(FileBytes.read(file))) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "version", "run", "step", "tokens", "model", "optimizer", "payload", "digest",
      ])
    let model = try #require(json["model"] as? [String: Any])
    #expect(
      model["digest"] as? String == (try Digest(ofFile: path(1) + "/model.safetensors")).hex)
  }

  @Test("what a killed process left is not seen, and removed at the next write")
  func leftovers() throws {
    try checkpoints.write(Self.content(step: 1))
    let left = folder.file("checkpoints/.unfinished-0")
    try FileManager.default.copyItem(atPath: path(1), toPath: left)
    try FileManager.default.removeItem(atPath: left + "/checkpoint.json")
    #expect(try checkpoints.latest()?.step == 1)
    try checkpoints.write(Self.content(step: 2))
    let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints.folder)
    #expect(names.sorted() == ["step-00000001", "step-00000002"])
  }

  @Test("a good checkpoint is never written over, a damaged one is replaced")
  func sameStep() throws {
    try checkpoints.write(Self.content(step: 1))
    #expect(throws: CheckpointError.exists(path(1))) {
      try checkpoints.write(Self.content(step: 1))
    }
    #expect(try checkpoints.latest()?.step == 1)
    try damage(step: 1)
    try checkpoints.write(Self.content(step: 1))
    #expect(try checkpoints.latest()?.step == 1)
  }

  @Test("older checkpoints are removed, but for those to be kept")
  func prune() throws {
    try checkpoints.prune(keeping: 1)
    for step in 1...6 { try checkpoints.write(Self.content(step: step)) }
    try checkpoints.prune(keeping: 3, and: [1])
    #expect(try checkpoints.steps() == [1, 4, 5, 6])
    try checkpoints.prune(keeping: 9)
    #expect(try checkpoints.steps() == [1, 4, 5, 6])
    try checkpoints.prune(keeping: 1)
    #expect(try checkpoints.steps() == [6])
    let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints.folder)
    #expect(names == ["step-00000006"])
  }

  @Test("nothing is removed while the newest is damaged")
  func pruneDamaged() throws {
    for step in 1...3 { try checkpoints.write(Self.content(step: step)) }
    try damage(step: 3)
    #expect(throws: CheckpointError.self) { try checkpoints.prune(keeping: 1) }
    #expect(try checkpoints.steps() == [1, 2, 3])
  }

  @Test("a reader never sees a checkpoint that is half written")
  func readWhileWriting() throws {
    let checkpoints = checkpoints
    try checkpoints.write(Self.content(step: 0))
    // A thread of its own: the tests of the suite keep the shared ones busy.
    let written = Mutex<Result<Int, any Error>>(.success(0))
    Thread.detachNewThread {
      let result = Result {
        for step in 1...40 { try checkpoints.write(Self.content(step: step)) }
        return 40
      }
      written.withLock { $0 = result }
    }
    var seen = 0
    while try written.withLock({ try $0.get() }) == 0 {
      let step = try #require(try checkpoints.latest()?.step)
      #expect(step >= seen)
      seen = step
    }
    #expect(try checkpoints.latest()?.step == 40)
    #expect(seen > 0, "all was written before the first look")
  }

  @Test("a folder that cannot be made is named")
  func noFolder() throws {
    let lost = RunCheckpoints(in: folder.file("none/checkpoints"), runID: "3f9a")
    let error = #expect(throws: FileError.self) { try lost.write(Self.content(step: 1)) }
    #expect(try #require(error).description.hasPrefix(lost.folder))
    try folder.write("", to: "file")
    let file = RunCheckpoints(in: folder.file("file"), runID: "3f9a")
    #expect(throws: FileError.self) { try file.write(Self.content(step: 1)) }
  }

  @Test(
    "a file that may not be read is no damage",
    .enabled(if: geteuid() != 0, "root may read all"))
  func noPermission() throws {
    for step in 1...2 { try checkpoints.write(Self.content(step: step)) }
    let file = path(2) + "/model.safetensors"
    #expect(chmod(file, 0) == 0)
    let error = FileError.unreadable(file, reason: "Permission denied")
    #expect(throws: error) { try checkpoints.latest() }
    #expect(throws: error) { _ = try checkpoints.latestIntact() }
    #expect(throws: error) { try checkpoints.write(Self.content(step: 2)) }
  }

  @Test("messages name the folder and say what to do")
  func messages() {
    let errors: [any Error] = [
      CheckpointError.missing("a"), CheckpointError.damaged("a", reason: "cut"),
      CheckpointError.otherVersion("a", found: 2, known: 1),
      CheckpointError.otherRun("a", found: "b", expected: "c"),
      CheckpointError.payload("a", reason: "cut"), CheckpointError.exists("a"),
      CheckpointError.noSpace("a"), FileError.missing("a"), FileError.notAFile("a"),
      FileError.unreadable("a", reason: "broken"), FileError.shortened("a", bytes: 3),
      FileError.full("a"), FileError.notWritten("a", reason: "broken"),
    ]
    for error in errors {
      #expect("\(error)".hasPrefix("a"))
      #expect("\(error)".contains("; "))
    }
  }
}
