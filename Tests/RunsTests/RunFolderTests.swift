import Foundation
import Runs
import Support
import Testing

@Suite struct RunFolderTests {
  private let files: TemporaryFolder
  private let folder: RunFolder

  init() throws {
    files = try TemporaryFolder()
    folder = RunFolder(URL(fileURLWithPath: files.path))
  }

  private func manifest(lossFloor: Double? = nil, tokens: Int? = 1_000_003) throws -> RunManifest {
    RunManifest(
      id: "0123456789abcdef", description: try run(fullRun), paramsTotal: 107_712,
      paramsNonEmbedding: 91_328, engineVersion: "2",
      machine: RunManifest.Machine(instructionSet: "avx2", matrixLibrary: "openblas/0.3"),
      corpus: RunManifest.CorpusFacts(
        digest: "aa", validationDigest: "bb", tokens: tokens, lossFloor: lossFloor),
      memoryBytes: 1.5e8)
  }

  @Test("a manifest reads back the same")
  func roundTrip() throws {
    #expect(!folder.hasRun)
    for manifest in [try manifest(), try manifest(lossFloor: 1.0 / 3, tokens: nil)] {
      try folder.write(manifest)
      #expect(folder.hasRun)
      #expect(try folder.manifest() == manifest)
    }
  }

  @Test("run.json has the names of the contract, in order")
  func names() throws {
    try folder.write(try manifest(lossFloor: 1.5))
    let text = try files.read("run.json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "version", "id", "description", "params_total", "params_non_embedding", "engine_version",
        "machine", "corpus", "memory_bytes",
      ])
    #expect(
      Set(try #require(object["corpus"] as? [String: Any]).keys)
        == ["digest", "validation_digest", "tokens", "loss_floor"])
    let first = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
      .compactMap { $0.split(separator: "\"").dropFirst().first }
    #expect(first == first.sorted())
    #expect(text.contains("\"openblas/0.3\""))
  }

  @Test("a folder of another version is refused, whatever else it holds")
  func otherVersion() throws {
    try files.write("{\"version\": 2, \"new\": true}", to: "run.json")
    let error = RunFolderError.otherVersion(folder.manifestURL.path, found: 2, known: 1)
    #expect(throws: error) { try folder.manifest() }
    #expect(error.description.contains("has version 2, and this program reads version 1"))
  }

  @Test("a manifest that is none is an error that names the file", arguments: ["", "{}", "[1]"])
  func damaged(text: String) throws {
    try files.write(text, to: "run.json")
    let error = try #require(#expect(throws: RunFolderError.self) { try folder.manifest() })
    #expect(error.description.hasPrefix("\(folder.manifestURL.path) cannot be read: "))
  }

  @Test("a folder without a run has no manifest, and no state")
  func empty() throws {
    let error = try #require(#expect(throws: RunFolderError.self) { try folder.manifest() })
    #expect(error.description.hasPrefix("\(folder.manifestURL.path) cannot be read: "))
    #expect(try folder.state() == nil)
  }

  @Test("a state reads back the same, the time to the second")
  func state() throws {
    for state in [
      RunState(state: .running, step: 3, attempt: 1),
      RunState(
        state: .failed, step: 7, attempt: 2, exitCode: 137, reason: "killed",
        updated: Date(timeIntervalSince1970: 1_767_323_045.75)),
    ] {
      try folder.write(state)
      #expect(try folder.state() == state)
    }
    #expect(
      try files.read("status.json") == """
        {
          "attempt" : 2,
          "exit_code" : 137,
          "reason" : "killed",
          "state" : "failed",
          "step" : 7,
          "updated" : "2026-01-02T03:04:05Z"
        }
        """)
  }

  @Test("a file is replaced as a whole, and one that cannot be is an error")
  func replacing() throws {
    let url = URL(fileURLWithPath: files.file("a"))
    try url.replace(with: Data("long text".utf8))
    try url.replace(with: Data("b".utf8))
    #expect(try files.read("a") == "b")
    #expect(try FileManager.default.contentsOfDirectory(atPath: files.path) == ["a"])
    let nowhere = URL(fileURLWithPath: files.file("none/a"))
    let error = try #require(
      #expect(throws: RunFolderError.self) { try nowhere.replace(with: Data()) })
    #expect(error.description.hasPrefix("\(nowhere.path) was not written: "))
  }
}
