import Foundation
import Support
import Testing

/// The program as a user meets it: arguments in, messages and files out.
@Suite struct FitCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  /// Three sizes by three horizons by six rates, with a minimum that moves with scale.
  private func writeRuns(_ name: String = "runs.csv") throws {
    var text = "params,tokens,learning_rate,loss\n"
    for params in [5e7, 1e8, 2e8] {
      for tokens in [1e9, 2e9, 4e9] {
        let optimum = 2e-3 * pow(params / 1e8, -0.4) * pow(tokens / 2e9, -0.2)
        for step in 0..<6 {
          let rate = 2.5e-4 * pow(2, Double(step))
          let z = log(rate / optimum)
          text +=
            "\(params),\(tokens),\(rate),\((3 - 0.1 * log(params * tokens / 2e17)) * (1 + 0.01 * z * z))\n"
        }
      }
    }
    try folder.write(text, to: name)
  }

  @Test("runs become a law, and a law a recommendation with every field of the contract")
  func path() throws {
    try writeRuns()
    let fit = try vernier("fit", "runs.csv", "--output", "law.json")
    #expect(fit.status == 0)
    #expect(fit.output.contains("optimum located in 9"))
    #expect(fit.errors.contains("warning [unknown_kinds]"))

    let recommend = try vernier(
      "recommend", "--law", "law.json", "--params", "1B", "--tokens", "2e10", "--format", "json")
    #expect(recommend.status == 0)
    #expect(recommend.errors.isEmpty)
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(recommend.output.utf8)) as? [String: Any])
    for key in [
      "learning_rate", "optimum", "lower", "upper", "confidence",
      "expected_loss_penalty_percent", "law", "params", "tokens", "batch_tokens", "weight_decay",
    ] {
      #expect(answer[key] != nil, "no \(key)")
    }
    let penalties = try #require(answer["penalty_percent_at"] as? [String: Double])
    #expect(Set(penalties.keys) == ["0.5", "0.707", "1.41", "2"])
    let decades = try #require(answer["extrapolation_decades"] as? [String: Double])
    #expect(Set(decades.keys) == ["params", "tokens"])
    let warnings = try #require(answer["warnings"] as? [[String: String]])
    #expect(warnings.allSatisfy { $0["code"] != nil && $0["message"] != nil })
    let planted = 2e-3 * pow(10, -0.4) * pow(10, -0.2)
    #expect(abs(log(try #require(answer["optimum"] as? Double) / planted)) < 0.15)
  }

  @Test("targets in, rows out, in order")
  func targets() throws {
    try writeRuns()
    _ = try vernier("fit", "runs.csv", "--output", "law.json")
    try folder.write("params,tokens,batch_tokens\n2B,4e10,\n1e9,2e10,1M\n", to: "targets.csv")
    let result = try vernier(
      "recommend", "--law", "law.json", "--targets", "targets.csv", "--format", "csv")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("params,tokens,batch_tokens,learning_rate,optimum,lower,upper"))
    #expect(lines[1].hasPrefix("2000000000,40000000000,,"))
    #expect(lines[2].hasPrefix("1000000000,20000000000,1000000,"))
  }

  @Test("text and markdown for people", arguments: ["text", "markdown"])
  func people(format: String) throws {
    try writeRuns()
    _ = try vernier("fit", "runs.csv", "--output", "law.json")
    let result = try vernier(
      "recommend", "--law", "law.json", "--params", "1B", "--tokens", "20B", "--format", format)
    #expect(result.status == 0)
    #expect(result.output.contains("1B"))
    #expect(result.errors.contains("warning [extrapolation]"))
  }

  @Test("the optima of cells can be printed as a table")
  func cells() throws {
    try writeRuns()
    let csv = try vernier("fit", "runs.csv", "--format", "csv").output.split(separator: "\n")
    #expect(csv.count == 10)
    #expect(csv[0] == "params,tokens,status,best_batch_tokens,optimum,lower,upper")
    #expect(csv[1].hasPrefix("50000000,1000000000,located,,0.00"))
    let markdown = try vernier("fit", "runs.csv", "--format", "markdown").output
    #expect(markdown.hasPrefix("| params | tokens | status |"))
    #expect(markdown.contains("| 50M | 1B | located |"))
  }

  @Test("a damaged table of targets is a named error")
  func badTargets() throws {
    try writeRuns()
    _ = try vernier("fit", "runs.csv", "--output", "law.json")
    for (text, message) in [
      ("params\n1e9\n", "no column tokens"), ("params,tokens\n7,1e9\n", "t.csv:2: params is '7'"),
      ("params,tokens,tokens\n1e9,1e9,1e9\n", "two columns tokens"),
      ("params,tokens\n1e9,soon\n", "t.csv:2: tokens is 'soon'"),
      ("params,tokens\n", "has no rows"),
    ] {
      try folder.write(text, to: "t.csv")
      let result = try vernier("recommend", "--law", "law.json", "--targets", "t.csv")
      #expect(result.status == 1)
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test("the law can be printed instead of written")
  func printed() throws {
    try writeRuns()
    let result = try vernier("fit", "runs.csv", "--format", "json")
    #expect(result.output.contains("\"format\":\"vernier-law\""))
  }

  @Test(
    "bad input: a named error, exit 1, and nothing written",
    arguments: [
      ("none.csv", "", "none.csv: no such file"),
      ("a.csv", "params,tokens,loss\n1e8,2e9,3\n", "no column learning_rate"),
      (
        "a.csv", "params,tokens,learning_rate,loss\n1e8,2e9,high,3\n",
        "a.csv:2: learning_rate is 'high'"
      ),
      ("a.csv", "params,tokens,learning_rate,loss\n1e8,-5,1e-3,3\n", "a.csv:2: tokens is '-5'"),
      (
        "a.csv",
        "params,tokens,learning_rate,loss\n1e8,2e9,1e-3,3\n1e8,2e9,2e-3,3.1\n",
        "no scale has 3 learning rates"
      ),
      (
        "a.csv",
        "params,tokens,learning_rate,loss\n1e8,2e9,1e-3,\n1e8,2e9,2e-3,nan\n1e8,2e9,4e-3,inf\n",
        "all 3 runs diverged"
      ),
      ("a.csv", "params,tokens,learning_rate,loss\n7,2e9,1e-3,3\n", "params is '7'"),
      (
        "a.csv",
        "params,tokens,learning_rate,loss,seed\n1e8,2e9,1e-3,3,0\n1e8,2e9,1e-3,4,0\n",
        "lines 2 and 3 describe the same run"
      ),
      (
        "a.csv",
        "params,tokens,learning_rate,loss,corpus\n1e8,2e9,1e-3,3,a\n1e8,2e9,2e-3,4,b\n",
        "the runs differ in corpus: a (1 run, on line 2), b (1 run, on line 3)"
      ),
    ])
  func badInput(name: String, text: String, message: String) throws {
    if !text.isEmpty { try folder.write(text, to: name) }
    let result = try vernier("fit", name, "--output", "law.json")
    #expect(result.status == 1)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left == (text.isEmpty ? [] : [name]))
  }

  @Test("an output that cannot be written is refused before any work")
  func unwritable() throws {
    try writeRuns()
    let noFolder = try vernier("fit", "runs.csv", "--output", "no/such/law.json")
    #expect(noFolder.status == 1)
    #expect(noFolder.errors.contains("there is no folder"))
    let isFolder = try vernier("fit", "runs.csv", "--output", ".")
    #expect(isFolder.status == 1)
    #expect(isFolder.errors.contains("is a folder"))
    // Even root cannot make files here.
    let refused = try vernier("fit", "runs.csv", "--output", "/proc/law.json")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("no file can be written in /proc"))
  }

  @Test("an output is never written over the runs, and goes through links and devices")
  func outputs() throws {
    try writeRuns()
    let before = try folder.read("runs.csv")
    let onInput = try vernier("fit", "runs.csv", "--output", "./runs.csv")
    #expect(onInput.status == 1)
    #expect(onInput.errors.contains("is the input itself"))
    #expect(try folder.read("runs.csv") == before)
    #expect(try vernier("fit", "runs.csv", "--output", "").errors.contains("--output is empty"))
    #expect(try vernier("fit", "runs.csv", "--output", "/dev/null").status == 0)
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
    #expect(type as? FileAttributeType == .typeCharacterSpecial)
    try folder.write("", to: "real.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.json"), withDestinationPath: folder.file("real.json"))
    #expect(try vernier("fit", "runs.csv", "--output", "link.json").status == 0)
    #expect(try folder.read("real.json").contains("vernier-law"))
  }

  @Test("an existing law survives a fit that fails")
  func survives() throws {
    try folder.write("precious", to: "law.json")
    try folder.write("params,tokens,learning_rate,loss\n", to: "runs.csv")
    #expect(try vernier("fit", "runs.csv", "--output", "law.json").status == 1)
    #expect(try folder.read("law.json") == "precious")
  }

  @Test(
    "wrong usage exits with 64",
    arguments: [
      ["fit"], ["fit", "runs.csv", "--confidence", "90"],
      ["fit", "runs.csv", "--confidence", "0.9999999999999999"],
      ["fit", "runs.csv", "--confidence", "0.99", "--draws", "200"],
      ["fit", "runs.csv", "--map", "parms=N"], ["fit", "runs.csv", "--draws", "1"],
      ["recommend", "--law", "law.json"],
      ["recommend", "--law", "law.json", "--params", "1B"],
      ["recommend", "--law", "law.json", "--params", "big", "--tokens", "1B"],
      ["recommend", "--law", "law.json", "--params", "7", "--tokens", "1T"],
      ["recommend", "--law", "law.json", "--params", "-1", "--tokens", "1B"],
      ["fit", "runs.csv", "--where", "corpus"], ["fit", "runs.csv", "--params-kind", "most"],
      ["unknown"],
    ])
  func usage(arguments: [String]) throws {
    #expect(try VernierProcess(arguments, in: folder.path).status == 64)
  }

  @Test("a law that is missing or no law is a named error", arguments: ["none.json", "runs.csv"])
  func badLaw(name: String) throws {
    try writeRuns()
    let result = try vernier(
      "recommend", "--law", name, "--params", "1B", "--tokens", "20B")
    #expect(result.status == 1)
    #expect(result.errors.contains(name))
    #expect(result.errors.contains(name == "none.json" ? "no such file" : "not whole JSON"))
  }
}
