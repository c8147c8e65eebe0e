import Foundation
import Support
import Testing

@Suite struct QuickstartCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func quickstart(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(["quickstart"] + arguments, in: folder.path)
  }

  @Test("it says first that runs are simulated, and how far the advice is from the planted optimum")
  func output() throws {
    let result = try quickstart()
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(try #require(lines.first).hasPrefix("Simulated runs:"))
    #expect(lines.filter { $0.hasPrefix("gap") }.count == 1)
    #expect(result.output.contains("inside the interval"))
    let text = try folder.read("vernier-quickstart/result.json")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let numbers = try #require(object as? [String: Any])
    #expect(numbers["simulated"] as? Bool == true)
    let gap = try #require(numbers["gap_percent"] as? Double)
    #expect((0..<0.1).contains(gap))
  }

  @Test("it leaves the table, the law and the report, which the other commands take")
  func files() throws {
    _ = try quickstart("here")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("here"))
    #expect(
      Set(names)
        == [".vernier-quickstart", "runs.csv", "law.json", "report.html", "result.json"])
    let fit = try VernierProcess(
      ["fit", "here/runs.csv", "--format", "json"], in: folder.path)
    // The same runs give the same law, but for the path that it names.
    #expect(
      fit.output.replacing("here/runs.csv", with: "runs.csv").trimmingCharacters(in: .newlines)
        == (try folder.read("here/law.json")))
  }

  @Test("a finished folder is printed again, a fresh one is made anew with the same result")
  func again() throws {
    let first = try quickstart()
    try folder.write("changed", to: "vernier-quickstart/runs.csv")
    #expect(try quickstart().output == first.output)
    #expect(try folder.read("vernier-quickstart/runs.csv") == "changed")
    #expect(try quickstart("--fresh").output == first.output)
    #expect(try folder.read("vernier-quickstart/runs.csv") != "changed")
  }

  @Test("a folder that holds something else is left alone")
  func foreign() throws {
    try folder.write("mine", to: "runs.csv")
    for arguments in [["."], [".", "--fresh"]] {
      let result = try VernierProcess(["quickstart"] + arguments, in: folder.path)
      #expect(result.status == 1)
      #expect(result.errors.contains("holds runs.csv"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["runs.csv"])
    #expect(try folder.read("runs.csv") == "mine")
  }

  @Test("an interrupted quickstart is done again")
  func interrupted() throws {
    let first = try quickstart()
    for name in ["result.json", "report.html"] {
      try FileManager.default.removeItem(atPath: folder.file("vernier-quickstart/" + name))
      #expect(try quickstart().output == first.output)
      #expect(FileManager.default.fileExists(atPath: folder.file("vernier-quickstart/" + name)))
    }
  }

  @Test("a damaged result is an error that names the way out")
  func damaged() throws {
    _ = try quickstart()
    try folder.write("{", to: "vernier-quickstart/result.json")
    let result = try quickstart()
    #expect(result.status == 1)
    #expect(result.errors.contains("--fresh"))
    #expect(try quickstart("--fresh").status == 0)
  }
}
