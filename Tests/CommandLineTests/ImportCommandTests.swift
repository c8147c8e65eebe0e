import Foundation
import Support
import Testing

/// The road from people's logs to a recommendation, as the README shows it.
@Suite struct ImportCommandTests {
  private static let repository = URL(fileURLWithPath: #filePath)
    .appending(path: "../../..").standardizedFileURL
  private static let fixtures = repository.appending(path: "Tests/InteropTests/Fixtures").path

  /// A folder that has the logs of a tool under another name.
  private func folder(with fixture: String, as name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: Self.fixtures + "/" + fixture, toPath: folder.file(name))
    return folder
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// A command of the README and what it prints; `...` stands for lines that are left out.
  struct Example {
    var arguments: [String]
    var parts: [String]

    /// The examples of the block below a heading.
    static func all(under heading: String) throws -> [Example] {
      let text = try String(
        contentsOf: ImportCommandTests.repository.appending(path: "README.md"), encoding: .utf8)
      let section = try #require(text.components(separatedBy: "## \(heading)\n").dropFirst().first)
      let block = try #require(section.components(separatedBy: "```console\n").dropFirst().first)
      let body = try #require(block.components(separatedBy: "\n```").first)
      return (body + "\n").components(separatedBy: "$ ").compactMap { example in
        let lines = example.components(separatedBy: "\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.first == "vernier" else { return nil }
        return Example(
          arguments: Array(words.dropFirst()),
          parts: lines.dropFirst().joined(separator: "\n").components(separatedBy: "...\n"))
      }
    }
  }

  @Test("the README's example of logs prints what it says")
  func readme() throws {
    let folder = try folder(with: "wandb-sweep", as: "wandb")
    let examples = try Example.all(under: "I have sweep logs")
    #expect(examples.count == 3)
    for example in examples {
      let process = try VernierProcess(example.arguments, in: folder.path)
      #expect(process.status == 0, "\(process.errors)")
      var rest = process.output[...]
      for part in example.parts where !part.isEmpty {
        let found = rest.range(of: part)
        #expect(found != nil, "\(example.arguments[0]) does not print\n\(part)\nbut\n\(rest)")
        rest = found.map { rest[$0.upperBound...] } ?? rest
      }
    }
  }

  @Test(
    "imported runs are fitted, recommended from, reported, planned with and exported by their folder"
  )
  func mainRoad() throws {
    let folder = try folder(with: "wandb-sweep", as: "wandb")
    let imported = try VernierProcess(
      ["import", "wandb", "--study", "s", "--format", "json"], in: folder.path)
    let result = try json(imported.output)
    let runs = try #require(result["runs"] as? [[String: Any]])
    #expect(runs.count == 45 && result["new"] as? Int == 45)
    for arguments in [
      ["recommend", "--law", "s", "--params", "300k", "--tokens", "400k"],
      ["report", "s", "--output", "page.html"],
      ["plan", "s", "--params", "1M", "--tokens", "2M", "--budget", "1e12"],
      ["fit", "s", "--where", "schedule.kind=cosine", "--params-kind", "total"],
    ] {
      let process = try VernierProcess(arguments, in: folder.path)
      #expect(process.status == 0, "\(arguments): \(process.errors)")
    }
    let again = try VernierProcess(
      ["import", "wandb", "--study", "s", "--format", "json"], in: folder.path)
    #expect(try json(again.output)["new"] as? Int == 0)
  }

  @Test(
    "exported runs import to equal ones", arguments: ["csv", "jsonl"],
    ["wandb-sweep", "megatron", "huggingface", "mlflow"])
  func exportAndImport(format: String, fixture: String) throws {
    let folder = try folder(with: fixture, as: "logs")
    _ = try VernierProcess(["import", "logs", "--study", "one"], in: folder.path)
    let series = format == "jsonl" ? ["--series"] : []
    let first = try VernierProcess(
      ["export", "one", "--format", format, "--output", "one.\(format)"] + series, in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    let back = try VernierProcess(["import", "one.\(format)", "--study", "two"], in: folder.path)
    #expect(back.status == 0, "\(back.errors)")
    _ = try VernierProcess(
      ["export", "two", "--format", format, "--output", "two.\(format)"] + series, in: folder.path)
    let (one, two) = (try folder.read("one.\(format)"), try folder.read("two.\(format)"))
    #expect(!one.isEmpty && one == two)
  }

  @Test("a field that no log tells is named with how to give it, and then is enough")
  func missing() throws {
    let folder = try folder(with: "lightning", as: "logs")
    let refused = try VernierProcess(["import", "logs", "--study", "s"], in: folder.path)
    #expect(refused.status == 1)
    #expect(refused.output.contains("no params; give --set params_total=124M"))
    try folder.write("set: {params_total: 19M}\n", to: "logs/vernier.yaml")
    let done = try VernierProcess(["import", "logs", "--study", "s"], in: folder.path)
    #expect(done.output.contains("params_total"), "\(done.output)")
    #expect(done.status == 0, "\(done.output)")
  }

  @Test("a dry run says what an import says, and writes nothing")
  func dryRun() throws {
    let folder = try folder(with: "lightning", as: "logs")
    let given = ["--set", "params_total=1M", "--format", "json"]
    let dry = try json(
      try VernierProcess(["import", "logs", "--dry-run"] + given, in: folder.path).output)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["logs"])
    let real = try json(
      try VernierProcess(["import", "logs", "--study", "s"] + given, in: folder.path).output)
    #expect((dry["runs"] as? NSArray) == (real["runs"] as? NSArray))
    #expect(dry["study"] == nil && real["study"] as? String == "s")
    for arguments in [["--dry-run", "--study", "s"], [], ["--dry-run", "--follow"]] {
      let process = try VernierProcess(["import", "logs"] + arguments, in: folder.path)
      #expect(process.status == 64, "\(arguments)")
    }
  }

  @Test("a folder that others write into meanwhile is left to them")
  func sharedFolder() throws {
    let folder = try TemporaryFolder()
    let follow = try VernierProcess(
      ["import", "out", "--study", "out", "--follow"], in: folder.path
    ) { process in
      Thread.sleep(forTimeInterval: 1)
      try folder.write("weights", to: "out/ckpt.pt")
      Thread.sleep(forTimeInterval: 1)
      kill(process, SIGINT)
    }
    #expect(follow.status == 0, "\(follow.errors)")
    #expect(try folder.read("out/ckpt.pt") == "weights")
  }

  @Test("a run that is imported again without a curve has none")
  func curveReplaced() throws {
    let folder = try TemporaryFolder()
    let row = #"{"id":"a","params":1e7,"tokens":1e9,"learning_rate":0.001,"loss":3"#
    try folder.write(row + #","series":[{"step":1,"loss":4}]}"# + "\n", to: "runs.jsonl")
    for expected in [true, false] {
      _ = try VernierProcess(["import", "runs.jsonl", "--study", "s"], in: folder.path)
      let export = try VernierProcess(
        ["export", "s", "--format", "jsonl", "--series"], in: folder.path)
      #expect(export.output.contains(#""step":1"#) == expected, "\(export.output)")
      try folder.write(row + "}\n", to: "runs.jsonl")
    }
  }

  @Test("an import that comes to nothing leaves no folder")
  func nothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("params,tokens,learning_rate,loss\nfew,1B,0.001,3\n", to: "runs.csv")
    let process = try VernierProcess(["import", "runs.csv", "--study", "s"], in: folder.path)
    #expect(process.status == 1)
    #expect(process.output.contains("runs.csv:2: params is 'few'"), "\(process.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["runs.csv"])
  }

  private static let failedLog =
    " iteration 1/ 9 | consumed samples: 8 | learning rate: 3.0E-04 | lm loss: 5.0 |\n"
    + "Traceback (most recent call last):\n"

  @Test("two tools' logs in one folder are said to tell of one run, maybe")
  func toldTwice() throws {
    let folder = try folder(with: "lightning/version_0", as: "logs")
    try folder.write(Self.failedLog, to: "logs/train.log")
    let process = try VernierProcess(
      ["import", "logs", "--study", "s", "--set", "params_total=1M", "--set", "tokens=1M"],
      in: folder.path)
    #expect(process.errors.contains("[told-twice]"), "\(process.errors)")
  }

  @Test("more logs are followed than a process may have open")
  func manyFollowed() throws {
    let folder = try TemporaryFolder()
    for run in 0..<200 { try folder.write(Self.failedLog, to: "run-\(run).log") }
    let process = try VernierProcess(
      [
        "import", ".", "--study", "s", "--follow", "--set", "params_total=1M", "--set",
        "batch_tokens=64k",
      ], in: folder.path, fileLimit: 100)
    #expect(process.status == 0, "\(process.errors)")
    #expect(process.output.split(separator: "\n").count == 200)
  }

  @Test("a growing log is followed until it is stopped")
  func follow() throws {
    let folder = try TemporaryFolder()
    let log = try String(contentsOfFile: Self.fixtures + "/megatron/current.log", encoding: .utf8)
    let lines = log.components(separatedBy: "\n")
    try folder.write(lines.prefix(lines.count / 2).joined(separator: "\n") + "\n", to: "run.log")
    let follow = try VernierProcess(
      ["import", "run.log", "--study", "s", "--follow"], in: folder.path
    ) { process in
      Thread.sleep(forTimeInterval: 1.5)
      try folder.write(log, to: "whole.log")
      let more = lines.suffix(from: lines.count / 2).joined(separator: "\n")
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("run.log")))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(more.utf8))
      Thread.sleep(forTimeInterval: 2.5)
      kill(process, SIGINT)
    }
    #expect(follow.status == 0, "\(follow.errors)")
    let seen = follow.output.split(separator: "\n")
    #expect(seen.count >= 2, "\(follow.output)")
    #expect(seen.first?.contains("unfinished") == true && seen.last?.contains("finished") == true)
    let followed = try VernierProcess(["export", "s"], in: folder.path)
    _ = try VernierProcess(["import", "run.log", "--study", "whole"], in: folder.path)
    let whole = try VernierProcess(["export", "whole"], in: folder.path)
    #expect(followed.output == whole.output)
  }

  @Test(
    "what cannot be imported is refused with what to do",
    arguments: [
      (["nothing", "--study", "s"], "nothing: no such file or folder"),
      (["logs", "--study", "s", "--from", "megatro"], "did you mean megatron?"),
      (["logs", "--study", "s", "--set", "learning_rat=1"], "did you mean learning_rate?"),
      (["logs", "--study", "s", "--set", "tokens=many"], "write a positive number"),
      (["logs", "--study", "s", "--map", "los=x"], "did you mean loss?"),
      (["empty", "--study", "s"], "none of 1 file is a log of a known kind"),
      (["logs", "--study", "logs/README.md"], "is no folder"),
      (["logs", "--study", "s", "--from", "nanogpt"], "holds no log of the kind nanogpt"),
      (["logs", "--study", "trained"], "is a study that vernier trains"),
    ])
  func refused(arguments: [String], message: String) throws {
    let folder = try folder(with: "megatron", as: "logs")
    for name in ["empty", "trained"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: false)
    }
    try folder.write("nothing to see", to: "empty/notes.txt")
    try folder.write("version: 1\n", to: "trained/study.yaml")
    let process = try VernierProcess(["import"] + arguments, in: folder.path)
    #expect(process.status != 0)
    #expect(process.errors.contains(message), "\(process.errors)")
  }
}
