import Foundation
import Runs
import ScalingLaws
import Studies
import Support
import Testing

@Suite struct StudyStoreTests {
  private let files: TemporaryFolder
  private let url: URL

  init() throws {
    files = try TemporaryFolder()
    url = URL(fileURLWithPath: files.file("study.sqlite"))
  }

  @Test("a store of another version is refused, and stays as it is")
  func otherVersion() throws {
    _ = try StudyStore(writing: url)
    try sqlite("INSERT INTO grdb_migrations VALUES ('99')")
    let before = try Data(contentsOf: url)
    let error = StudyError.otherVersion(url.path, found: "99")
    #expect(throws: error) { try StudyStore(writing: url) }
    #expect(throws: error) { try StudyStore(reading: url) }
    #expect(try Data(contentsOf: url) == before)
  }

  @Test("a file that is no store is named with what to do")
  func noStore() throws {
    try files.write(String(repeating: "no database ", count: 100), to: "study.sqlite")
    do {
      _ = try StudyStore(writing: url)
      Issue.record("no error")
    } catch {
      #expect(error.description.contains("cannot be read as a study's store"))
      #expect(error.description.contains("no run is trained twice"))
    }
  }

  @Test("a missing store is not made by reading")
  func missing() throws {
    #expect(throws: StudyError.missing(url.path)) { try StudyStore(reading: url) }
    #expect(!FileManager.default.fileExists(atPath: url.path))
  }

  @Test("a prediction stays as it was first written")
  func prediction() throws {
    let store = try StudyStore(writing: url)
    let estimate = Estimate(value: 2e-3, lower: 1e-3, upper: 4e-3, confidence: 0.9)
    let first = HeldOutPrediction(learningRate: 2.1e-3, optimum: estimate, law: "LR* = 1")
    try store.keep(first, for: "a")
    try store.keep(HeldOutPrediction(learningRate: 1, optimum: estimate, law: ""), for: "a")
    #expect(try store.prediction(for: "a") == first)
    #expect(try store.prediction(for: "b") == nil)
  }

  private func sqlite(_ statement: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
      url.path, statement,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
