import Foundation
import Support
import Testing

/// `vernier batch` as a user meets it.
@Suite struct BatchCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  /// Three horizons of one size by batches by rates; the best batch grows as the root of tokens, and
  /// the best rate as the root of the batch.
  private func writeRuns(
    batches: [Double] = [32, 64, 128, 256, 512, 1024], unit: Double = 2048, column: String = "bs"
  ) throws {
    var text = "params,tokens,\(column),learning_rate,loss\n"
    for tokens in [1e9, 2e9, 4e9, 8e9] {
      for batch in batches {
        let b = log(batch * unit / (262_144 * (tokens / 2e9).squareRoot()))
        let optimum = 2e-3 * (batch * unit / 262_144).squareRoot()
        for step in 0..<7 {
          let rate = 2.5e-4 * pow(2, Double(step))
          let z = log(rate / optimum)
          let loss = (2 + 400 / pow(tokens, 0.28)) * (1 + 0.005 * b * b + 0.01 * z * z)
          text += "1e8,\(tokens),\(batch),\(rate),\(loss)\n"
        }
      }
    }
    try folder.write(text, to: "runs.csv")
  }

  private let map = "batch_tokens=bs*2048"

  @Test("a sweep over rates and batches gives the best batch, what others cost, and a ramp")
  func answer() throws {
    try writeRuns()
    let result = try vernier(
      "batch", "runs.csv", "--map", map, "--params", "1e8", "--tokens", "8e9")
    #expect(result.status == 0)
    #expect(result.output.contains("best batch located in 4"))
    #expect(result.output.contains("cost of another batch"))
    #expect(result.output.contains("curves cross"))
    #expect(result.output.contains("square root"))
    #expect(result.output.contains("ramp of the batch size"))
    #expect(result.output.contains("with Muon a ramp was slightly harmful"))

    let json = try vernier(
      "batch", "runs.csv", "--map", map, "--params", "1e8", "--tokens", "8e9", "--format", "json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let target = try #require(object["target"] as? [String: Any])
    let best = try #require((target["batch_tokens"] as? [String: Double])?["value"])
    #expect(abs(log(best / 524_288)) < 0.25)
    for key in ["cells", "law", "losses", "critical_law", "coupling", "ramp", "gaps", "relations"] {
      #expect(object[key] != nil, "no \(key)")
    }
    let table = try vernier("batch", "runs.csv", "--map", map, "--format", "csv")
    #expect(table.output.hasPrefix("params,tokens,status,batch_tokens,lower,upper"))
    #expect(table.output.split(separator: "\n").count == 5)
  }

  @Test("the page has its figures' tables, and is not written over the runs")
  func page() throws {
    try writeRuns()
    let result = try vernier("batch", "runs.csv", "--map", map, "--report", "batch.html")
    #expect(result.status == 0)
    let page = try folder.read("batch.html")
    for part in ["The best batch size", "What a batch size costs in tokens", "id=\"coupling\""] {
      #expect(page.contains(part), "no \(part)")
    }
    let refused = try vernier("batch", "runs.csv", "--map", map, "--report", "runs.csv")
    #expect(refused.status != 0)
    #expect(refused.errors.contains("--report runs.csv is the input itself"))
  }

  @Test("a batch far off costs at least a bound, and one above the tokens is refused")
  func farBatches() throws {
    try writeRuns()
    let target = ["batch", "runs.csv", "--map", map, "--params", "1e8", "--tokens", "8e9"]
    let far = try VernierProcess(target + ["--batch-tokens", "4e9"], in: folder.path)
    #expect(far.status == 0, "\(far.errors)")
    #expect(far.output.contains("costs at least 10 % of loss"), "\(far.output)")
    #expect(!far.output.contains("10.517"))
    let above = try VernierProcess(target + ["--batch-tokens", "5T"], in: folder.path)
    #expect(above.status == 64)
    #expect(above.errors.contains("--batch-tokens is 5T, more than the 8B tokens of --tokens"))
  }

  @Test("runs that cannot tell are refused with what to add")
  func refusals() throws {
    try writeRuns()
    let unmapped = try vernier("batch", "runs.csv")
    #expect(unmapped.status == 1)
    #expect(unmapped.errors.contains("batch_tokens"))
    #expect(unmapped.errors.contains("runs.csv"))

    try writeRuns(batches: [128])
    let one = try vernier("batch", "runs.csv", "--map", map)
    #expect(one.status == 1)
    #expect(one.errors.contains("all runs have one batch size, 262k tokens; add"))

    try writeRuns(batches: [128, 256])
    let two = try vernier("batch", "runs.csv", "--map", map)
    #expect(two.status == 0)
    #expect(two.errors.contains("fewer than 3 batch sizes"))
    #expect(two.errors.contains("it takes 3 horizons at 4 batch sizes"))

    let half = try vernier("batch", "runs.csv", "--map", map, "--params", "1e8")
    #expect(half.status == 64)
    #expect(half.errors.contains("--params needs --tokens"))
  }
}
