import Foundation
import Support
import Testing

/// Tables and targets with mixtures of experts, as a user meets them.
@Suite struct ActiveShareCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  /// Two sizes by two horizons by three shares by six rates; dense rows leave the experts empty.
  private func writeRuns(_ active: [Int] = [64, 16, 4]) throws {
    var text = "params,tokens,learning_rate,loss,experts,experts_active\n"
    for params in [5e7, 2e8] {
      for tokens in [1e9, 4e9] {
        for active in active {
          let share = Double(active) / 64
          let optimum =
            2e-3 * pow(params / 1e8, -0.4) * pow(tokens / 2e9, -0.2) * pow(share, 0.2)
          for step in 0..<6 {
            let rate = 2.5e-4 * pow(2, Double(step))
            let z = log(rate / optimum)
            text +=
              "\(params),\(tokens),\(rate),\((3 - 0.1 * log(params * tokens / 2e17)) * (1 + 0.01 * z * z)),"
              + (active == 64 ? ",\n" : "64,\(active)\n")
          }
        }
      }
    }
    try folder.write(text, to: "runs.csv")
  }

  @Test("shares are read, fitted, shown and asked for")
  func path() throws {
    try writeRuns()
    let fit = try vernier("fit", "runs.csv", "--output", "law.json")
    #expect(fit.status == 0)
    #expect(fit.output.contains("(A/0.25)^"))
    #expect(fit.output.contains("A: 0."))
    let cells = try vernier("fit", "runs.csv", "--format", "csv").output.split(separator: "\n")
    #expect(
      cells[0] == "params,tokens,active_share,status,best_batch_tokens,optimum,lower,upper")
    #expect(cells.count == 13)

    let missing = try vernier(
      "recommend", "--law", "law.json", "--params", "1B", "--tokens", "2e10")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("--experts E/k for k of E active"), "\(missing.errors)")
    #expect(missing.output.isEmpty)

    let target = ["recommend", "--law", "law.json", "--params", "1B", "--tokens", "2e10"]
    let share = try VernierProcess(
      target + ["--active-share", "0.125", "--format", "json"], in: folder.path)
    let experts = try VernierProcess(
      target + ["--experts", "32/4", "--format", "json"], in: folder.path)
    #expect(share.status == 0 && share.output == experts.output)
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(share.output.utf8)) as? [String: Any])
    #expect(answer["active_share"] as? Double == 0.125)
    let decades = try #require(answer["extrapolation_decades"] as? [String: Double])
    #expect(decades["active_share"] == 0)
    let truth = 2e-3 * pow(10, -0.4) * pow(10, -0.2) * pow(0.125, 0.2)
    #expect(abs(log(try #require(answer["optimum"] as? Double) / truth)) < 0.2)
    let text = try VernierProcess(target + ["--active-share", "0.125"], in: folder.path)
    #expect(text.output.contains("0.125 of it active"))
  }

  @Test("a table of targets gives shares in a column, and names the line that lacks one")
  func targets() throws {
    try writeRuns()
    _ = try vernier("fit", "runs.csv", "--output", "law.json")
    for (text, message) in [
      ("params,tokens,active_share\n1B,2e10,0.5\n1B,2e10,\n", "t.csv:3: the law depends on"),
      ("params,tokens,active_share\n1B,2e10,8\n", "t.csv:2: active_share is '8'; write a share"),
    ] {
      try folder.write(text, to: "t.csv")
      let result = try vernier("recommend", "--law", "law.json", "--targets", "t.csv")
      #expect(result.status == 1)
      #expect(result.errors.contains(message), "\(result.errors)")
    }
    try folder.write("params,tokens,active_share\n1B,2e10,1\n1B,2e10,0.1\n", to: "t.csv")
    let lines = try vernier(
      "recommend", "--law", "law.json", "--targets", "t.csv", "--format", "csv"
    ).output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(lines.count == 3)
    #expect(
      lines[0].prefix(5) == ["params", "tokens", "batch_tokens", "active_share", "learning_rate"])
    let rates = try lines.dropFirst().map { try #require(Double($0[4])) }
    #expect(rates[1] < rates[0])
  }

  @Test("a share where the runs are dense is answered with a warning")
  func dense() throws {
    try writeRuns([64])
    _ = try vernier("fit", "runs.csv", "--output", "law.json")
    let result = try vernier(
      "recommend", "--law", "law.json", "--params", "1B", "--tokens", "2e10", "--experts", "8/2")
    #expect(result.status == 0)
    #expect(result.errors.contains("warning [active_share_not_identified]"))
  }

  @Test(
    "wrong shares are wrong usage",
    arguments: [
      ["--active-share", "2"], ["--active-share", "0"], ["--experts", "8"], ["--experts", "2/8"],
      ["--experts", "8/2", "--active-share", "0.25"],
    ])
  func usage(arguments: [String]) throws {
    let result = try VernierProcess(
      ["recommend", "--law", "law.json", "--params", "1B", "--tokens", "1T"] + arguments,
      in: folder.path)
    #expect(result.status == 64)
  }
}
