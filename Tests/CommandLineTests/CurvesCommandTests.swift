import Foundation
import Support
import Testing

/// Loss curves in, predictions and advice out.
@Suite struct CurvesCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(["curves"] + arguments, in: folder.path)
  }

  /// A run of 8,000 steps of which the log begins after a warm-up of 400.
  private func write(
    _ name: String, peak: Double = 1e-3, header: String = "step,lr,loss", upTo last: Int = 8000,
    _ rate: (Double) -> Double
  ) throws {
    var text = header + "\n"
    var area = 200.0
    for step in stride(from: 400, through: last, by: 100) {
      let factor = rate(Double(step - 400) / 7600)
      area += 100 * factor
      // Falls as a power of the area, and by what the rate has been annealed.
      let loss = 2.5 + 0.7 * pow(area / 400, -0.4) + 0.1 * factor
      text += "\(step),\(peak * factor),\(loss + 0.001 * sin(Double(step)))\n"
    }
    try folder.write(text, to: name + ".csv")
  }

  private func writeAll() throws {
    try write("constant") { _ in 1 }
    try write("cosine") { 0.1 + 0.45 * (1 + cos(.pi * $0)) }
    try write("two-stage") { $0 < 0.5 ? 1 : 0.3 }
    try write("decayed") { $0 < 0.8 ? 1 : 1 - 4.5 * ($0 - 0.8) }
  }

  private let files = ["constant.csv", "cosine.csv", "two-stage.csv", "decayed.csv"]

  @Test("a law is fitted to the named curves, judged on the others, and advises")
  func text() throws {
    try writeAll()
    let result = try VernierProcess(
      ["curves"] + files + ["--fit", "constant,cosine.csv,two-stage", "--steps", "8000"],
      in: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "")
    #expect(result.output.contains("multi-power law fitted to 3 curves"))
    #expect(result.output.contains("curves not fitted, on average"))
    #expect(result.output.contains("is best by the law"))
    #expect(result.output.contains("not over the peak learning rate"))
    #expect(result.output.contains("warm-up: the law does not know it"))
  }

  @Test("JSON holds constants with intervals, errors and advice")
  func json() throws {
    try writeAll()
    let result = try VernierProcess(
      ["curves"] + files + [
        "--fit", "constant,cosine,two-stage", "--steps", "8000", "--format", "json",
      ], in: folder.path)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let constants = try #require(object["constants"] as? [[String: Any]])
    #expect(
      constants.compactMap { $0["symbol"] as? String } == ["L0", "A", "α", "B", "C", "β", "γ"])
    let curves = try #require(object["curves"] as? [[String: Any]])
    #expect(curves.map { $0["use"] as? String } == ["fitted", "fitted", "fitted", "predicted"])
    let accuracy = try #require(object["held_out_accuracy"] as? [String: Double])
    #expect(try #require(accuracy["mean_absolute"]) < 0.02)
    let advice = try #require(object["advice"] as? [String: Any])
    #expect((advice["fractions"] as? [Any])?.count ?? 0 > 10)
    #expect((object["left_out"] as? [Any])?.count == 3)
  }

  @Test("a planned schedule without losses is predicted, point by point as CSV")
  func planned() throws {
    try writeAll()
    try folder.write("step,lr\n400,1e-3\n4000,1e-3\n8000,1e-4\n", to: "plan.csv")
    let result = try VernierProcess(
      ["curves"] + files + ["--predict", "plan.csv", "--format", "csv"], in: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    let rows = result.output.split(separator: "\n").filter { $0.hasPrefix("plan,") }
    #expect(rows.count == 3)
    #expect(rows.last?.hasPrefix("plan,8000,0.0001,,2.") == true)
  }

  @Test("other columns are read by --map, and the annealing law is one option away")
  func map() throws {
    try write("constant", header: "iter,rate,train") { _ in 1 }
    try write("cosine", header: "iter,rate,train") { 0.1 + 0.45 * (1 + cos(.pi * $0)) }
    let result = try vernier(
      "constant.csv", "cosine.csv", "--map", "step=iter,learning_rate=rate,loss=train", "--law",
      "annealing")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("λ"))
    #expect(result.errors.contains("warning [few_schedules]"))
  }

  @Test("a page with figures and the tables behind them")
  func page() throws {
    try writeAll()
    let result = try VernierProcess(
      ["curves"] + files + ["--fit", "constant,cosine,two-stage", "--steps", "8000"]
        + ["--report", "curves.html"], in: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    let page = try folder.read("curves.html")
    for id in ["curves", "errors", "decay", "method"] { #expect(page.contains("id=\"\(id)\"")) }
  }

  @Test("bad curves are refused with the place and what to do")
  func badInput() throws {
    try writeAll()
    try write("doubled", peak: 2e-3) { 0.1 + 0.45 * (1 + cos(.pi * $0)) }
    try write("short", upTo: 900) { 1 - $0 }
    try folder.write("step,loss\n1,3\n", to: "norate.csv")
    try folder.write("step,lr,loss\n1,1e-3,3\n2,1e-3,nan\n", to: "nan.csv")
    let cases: [([String], String, Int32)] = [
      (["constant.csv"], "never falls in constant", 1),
      (["constant.csv", "doubled.csv"], "doubled at 2.00e-3", 1),
      (["short.csv"], "short has 6 points after its warm-up, and a law needs 12", 1),
      (["norate.csv"], "norate.csv:1: no column learning_rate", 1),
      (["nan.csv"], "nan.csv:3: loss is 'nan'", 1),
      (["gone.csv"], "gone.csv: no such file", 1),
      (["cosine.csv", "--fit", "cosin"], "did you mean cosine?", 64),
      (["cosine.csv", "./cosine.csv"], "two files are called cosine", 64),
      (["cosine.csv", "--floor", "0.1"], "--floor needs --steps", 64),
    ]
    for (arguments, message, status) in cases {
      let result = try VernierProcess(["curves"] + arguments, in: folder.path)
      #expect(result.status == status, "\(arguments)")
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(result.output == "")
    }
  }

  @Test("a constant loss and a run within the warm-up are refused, in JSON too")
  func refusals() throws {
    try writeAll()
    var flat = "step,lr,loss\n"
    for step in stride(from: 400, through: 8000, by: 100) {
      flat += "\(step),\(step < 4000 ? 1e-3 : 3e-4),3\n"
    }
    try folder.write(flat, to: "flat.csv")
    let cases: [([String], String)] = [
      (["flat.csv", "--format", "json"], "flat: every loss after the warm-up is 3"),
      (
        files + ["flat.csv", "--fit", "constant,cosine,two-stage", "--format", "json"],
        "flat: every loss after the warm-up is 3"
      ),
      (files + ["--steps", "300"], "a run of 300 steps leaves no room for a decay"),
    ]
    for (arguments, message) in cases {
      let result = try VernierProcess(["curves"] + arguments, in: folder.path)
      #expect(result.status == 1, "\(arguments)")
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(result.output == "")
    }
    let short = try VernierProcess(["curves"] + files + ["--steps", "500"], in: folder.path)
    #expect(short.status == 0, "\(short.errors)")
    #expect(short.output.contains("left out, for they would begin within the warm-up of 400 steps"))
  }

  @Test("predictions beyond what was fitted come with warnings")
  func warnings() throws {
    try writeAll()
    try folder.write("step,lr\n400,2e-3\n80000,1e-6\n", to: "plan.csv")
    let result = try VernierProcess(
      ["curves"] + files + ["--predict", "plan.csv"], in: folder.path)
    for code in ["longer_than_fitted", "lower_rate_than_fitted", "peak_rate_differs"] {
      #expect(result.errors.contains("warning [\(code)]"), "\(result.errors)")
    }
  }
}
