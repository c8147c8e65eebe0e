import Foundation
import Interop
import Support
import Testing

@Suite struct LogSearchTests {
  private let folder: TemporaryFolder
  private static let steps = "step,loss\n1,9\n2,8\n"

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func write(_ text: String, _ name: String) throws -> String {
    let inner = URL(fileURLWithPath: folder.file(name)).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    return try folder.write(text, to: name)
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(name), withDestinationPath: folder.file(target))
  }

  /// The paths of what is found, within the folder.
  private func found(_ name: String = "", kind: String? = nil) throws -> [String] {
    let root = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path + "/"
    let path = name.isEmpty ? folder.path : folder.file(name)
    return try LogSearch(path, kind: kind).findings.map {
      $0.place.path.replacingOccurrences(of: root, with: "")
    }
  }

  private func error(_ name: String, kind: String? = nil) -> ImportError? {
    do {
      _ = try LogSearch(folder.file(name), kind: kind)
      return nil
    } catch {
      return error
    }
  }

  @Test("a folder is searched to its depths, in the order of paths")
  func nested() throws {
    try write(Self.steps, "b/c/d/two.csv")
    try write(Self.steps, "a/one.csv")
    try write("{\"step\": 1, \"loss\": 2}\n", "b/log.jsonl")
    try write("nothing", "a/notes.txt")
    try write("", "empty.csv")
    #expect(try found() == ["a/one.csv", "b/c/d/two.csv", "b/log.jsonl"])
    #expect(try LogSearch(folder.path).otherFiles == 2)
  }

  @Test("a folder many folders down is searched too")
  func deep() throws {
    try write(Self.steps, "a/b/c/d/e/f/g/h/deep.csv")
    #expect(try found() == ["a/b/c/d/e/f/g/h/deep.csv"])
  }

  @Test("what a study keeps of its runs is no log, and what lies beside it may be one")
  func studies() throws {
    try write("", "S/study.sqlite")
    try write(Self.steps, "S/runs/a/curve.csv")
    try write(Self.steps, "S/logs/runs/one.csv")
    try write(Self.steps, "S/two.csv")
    #expect(try found() == ["S/logs/runs/one.csv", "S/two.csv"])
  }

  @Test("a file is found by itself, and through a link that is given")
  func file() throws {
    try write(Self.steps, "a/one.csv")
    try link("link.csv", to: "a/one.csv")
    #expect(try found("a/one.csv") == ["a/one.csv"])
    #expect(try found("link.csv") == ["a/one.csv"])
  }

  @Test("links in a folder are not followed: to files, to folders, in circles, to nothing")
  func links() throws {
    try write(Self.steps, "logs/one.csv")
    try write(Self.steps, "outside/two.csv")
    try link("logs/two.csv", to: "outside/two.csv")
    try link("logs/outside", to: "outside")
    try link("logs/again", to: "logs")
    try link("logs/nothing.csv", to: "missing.csv")
    #expect(try found("logs") == ["logs/one.csv"])
  }

  @Test("a pipe is no log, and nobody waits for it", .timeLimit(.minutes(1)))
  func pipes() throws {
    #expect(mkfifo(folder.file("pipe.csv"), 0o600) == 0)
    try write(Self.steps, "one.csv")
    #expect(try found() == ["one.csv"])
    #expect(error("pipe.csv") == .notAFile(folder.file("pipe.csv")))
    #expect(error("pipe.csv", kind: "steps") == .notAFile(folder.file("pipe.csv")))
  }

  @Test("what others wrote into the folder of a run is no second run")
  func ownedFolder() throws {
    let name = "offline-run-20240102_030405-finished01"
    let fixture = ImporterFixtures.path("wandb/\(name)")
    try FileManager.default.createDirectory(
      atPath: folder.file("wandb"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: fixture, toPath: folder.file("wandb/\(name)"))
    try write(Self.steps, "wandb/\(name)/files/media/table.csv")
    try write(Self.steps, "wandb/beside.csv")
    #expect(try found() == ["wandb/beside.csv", "wandb/\(name)/run-finished01.wandb"])
    #expect(try found(kind: "steps").count == 2)
  }

  @Test("what a Trainer logs to TensorBoard is no second run, but a table beside it is one")
  func trainerFolder() throws {
    try write("{\"global_step\": 1}", "out/trainer_state.json")
    try write(Self.steps, "out/runs/Jan01/metrics.csv")
    try write(Self.steps, "out/other.csv")
    #expect(try found() == ["out", "out/other.csv"])
  }

  @Test("--from takes a file that its importer would not have known")
  func forced() throws {
    try write(Self.steps, "steps.txt")
    #expect(error("steps.txt") == .nothingFound(folder.file("steps.txt"), files: 1))
    #expect(try found("steps.txt", kind: "steps") == ["steps.txt"])
    let finding = try #require(
      try LogSearch(folder.file("steps.txt"), kind: "steps").findings.first)
    let place = try PlaceImport(finding, choices: ImportChoices())
    #expect(place.read() == nil)
    #expect(place.contents.incomplete.count == 1)
  }

  @Test("--from asks its importer alone")
  func fromOne() throws {
    try write(Self.steps, "steps.csv")
    try write("params,tokens,lr,loss\n1e8,2e9,1e-3,3\n", "runs.csv")
    #expect(try found(kind: "runs") == ["runs.csv"])
    #expect(try found(kind: "steps") == ["steps.csv"])
    #expect(try found().count == 2)
    #expect(error("", kind: "wandb") == .otherKind(folder.file(""), kind: "wandb"))
  }

  @Test("an unknown kind names the nearest")
  func unknownKind() throws {
    try write(Self.steps, "steps.csv")
    #expect(error("steps.csv", kind: "wandbb") == .unknownKind("wandbb", nearest: "wandb"))
    #expect(
      error("steps.csv", kind: "wandbb")?.description.contains("did you mean wandb?") == true)
    #expect(error("steps.csv", kind: "qqqqqqqqqq") == .unknownKind("qqqqqqqqqq", nearest: nil))
  }

  @Test("nothing, or nothing known, is said with the number of files")
  func nothing() throws {
    #expect(error("missing") == .noFile(folder.file("missing")))
    try write("words", "a/notes.txt")
    try write("words", "a/more.txt")
    #expect(error("a") == .nothingFound(folder.file("a"), files: 2))
    #expect(error("a")?.description.contains("none of 2 files is a log of a known kind") == true)
  }

  @Test(
    "what cannot be read is listed, and an error where nothing else is there",
    .enabled(if: geteuid() != 0, "root may read all"))
  func unreadable() throws {
    try write(Self.steps, "secret/one.csv")
    try write(Self.steps, "closed.csv")
    for name in ["secret", "closed.csv"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: folder.file(name))
    }
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o700], ofItemAtPath: folder.file("secret"))
    }
    #expect(throws: ImportError.self) { try LogSearch(folder.path) }
    try write(Self.steps, "open.csv")
    let search = try LogSearch(folder.path)
    #expect(search.findings.count == 1)
    #expect(search.unreadable.count == 2)
  }
}
