import Foundation
import Support
import Testing

/// Laws in effective rates, as a user meets them.
@Suite struct EffectiveRateCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  /// Three sizes by three horizons by six rates; the effective rate is the root of the peak rate.
  private func writeRuns(lacking line: Int? = nil) throws {
    var lines = ["params,tokens,learning_rate,loss,effective_learning_rate"]
    for params in [5e7, 1e8, 2e8] {
      for tokens in [1e9, 2e9, 4e9] {
        let optimum = 2e-3 * pow(params / 1e8, -0.4) * pow(tokens / 2e9, -0.2)
        for step in 0..<6 {
          let rate = 2.5e-4 * pow(2, Double(step))
          let z = log(rate / optimum)
          let loss = (3 - 0.1 * log(params * tokens / 2e17)) * (1 + 0.01 * z * z)
          let effective = lines.count + 1 == line ? "" : "\(0.1 * rate.squareRoot())"
          lines.append("\(params),\(tokens),\(rate),\(loss),\(effective)")
        }
      }
    }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "runs.csv")
  }

  @Test("an effective law answers in both rates, each under its name, in every format")
  func path() throws {
    try writeRuns()
    let fit = try vernier("fit", "runs.csv", "--rate", "effective", "--output", "law.json")
    #expect(fit.status == 0)
    #expect(fit.output.contains("effective LR* = "))
    #expect(fit.errors.contains("warning [effective_rate]"))
    #expect(try folder.read("law.json").contains("\"rate_kind\":\"effective\""))
    let target = ["recommend", "--law", "law.json", "--params", "1B", "--tokens", "2e10"]
    let json = try VernierProcess(target + ["--format", "json"], in: folder.path)
    #expect(json.status == 0, "\(json.errors)")
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(answer["rate_kind"] as? String == "effective")
    let peak = try #require(answer["peak"] as? [String: Double])
    #expect(Set(peak.keys) == ["learning_rate", "optimum", "lower", "upper"])
    let planted = 2e-3 * pow(10, -0.4) * pow(10, -0.2)
    #expect(abs(log(try #require(peak["optimum"]) / planted)) < 0.25)
    let effective = try #require(answer["optimum"] as? Double)
    #expect(abs(log(effective / (0.1 * planted.squareRoot()))) < 0.12)

    let csv = try VernierProcess(target + ["--format", "csv"], in: folder.path)
    #expect(csv.output.contains("rate_kind"))
    #expect(csv.output.contains(",peak_learning_rate,peak_optimum,peak_lower,peak_upper"))
    let text = try VernierProcess(target, in: folder.path)
    for words in ["peak rate ", "peak optimum", "effective rate", "effective optimum"] {
      #expect(text.output.contains(words), "no \(words)")
    }
    let markdown = try VernierProcess(target + ["--format", "markdown"], in: folder.path)
    #expect(markdown.output.contains("peak learning rate"))
    #expect(markdown.output.contains("| effective |"))
    let cells = try vernier("fit", "runs.csv", "--rate", "effective", "--format", "csv")
    #expect(cells.output.contains(",rate_kind,"))
  }

  @Test("a law in peak rates says in a line how the effective rate would do")
  func comparison() throws {
    try writeRuns()
    let fit = try vernier("fit", "runs.csv", "--output", "law.json")
    #expect(fit.output.contains("peak or effective rate: as power laws"))
    #expect(try folder.read("law.json").contains("\"rate_kind\":\"peak\""))
    let answer = try vernier(
      "recommend", "--law", "law.json", "--params", "1B", "--tokens", "2e10", "--format", "json")
    #expect(answer.output.contains("\"rate_kind\" : \"peak\""))
    #expect(!answer.output.contains("\"peak\" :"))
  }

  @Test("a run without the rate, a rate that is none and a law edited by hand are named")
  func errors() throws {
    try writeRuns(lacking: 7)
    let missing = try vernier("fit", "runs.csv", "--rate", "effective")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("effective_learning_rate is empty for 1 run"))
    #expect(missing.errors.contains("line 7"), "\(missing.errors)")
    #expect(try vernier("fit", "runs.csv").status == 0)
    #expect(try vernier("fit", "runs.csv", "--rate", "mean").status == 64)

    try folder.write(
      "params,tokens,learning_rate,loss,effective_learning_rate\n1e8,2e9,1e-3,3,-1\n", to: "a.csv")
    #expect(
      try vernier("fit", "a.csv").errors.contains("a.csv:2: effective_learning_rate is '-1'"))

    try writeRuns()
    _ = try vernier("fit", "runs.csv", "--rate", "effective", "--output", "law.json")
    let text = try folder.read("law.json")
    try folder.write(
      text.replacingOccurrences(of: "\"residual\":", with: "\"residual\":-"), to: "law.json")
    let edited = try vernier("recommend", "--law", "law.json", "--params", "1B", "--tokens", "1T")
    #expect(edited.status == 1)
    #expect(edited.errors.contains("conversion.residual"), "\(edited.errors)")
  }
}
