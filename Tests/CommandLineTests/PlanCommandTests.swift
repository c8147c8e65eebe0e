import Foundation
import Support
import Testing

/// Plans as a user makes them.
@Suite struct PlanCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  private struct Plan: Decodable {
    struct Target: Decodable {
      var learning_rate: Double
      var lower: Double
      var upper: Double
      var read_by: String
      var interval_ratio: Double
      var interval_ratio_after: Double
    }
    struct Run: Decodable, Hashable {
      var step: Int
      var params: Double
      var tokens: Double
      var batch_tokens: Double?
      var learning_rate: Double
      var flops_so_far: Double
      var reason: String
    }
    var targets: [Target]
    var runs: [Run]
    var flops: Double
    var device_hours: Double?
    var wall_hours: Double?
    var least_useful_flops: Double?
  }

  private func plan(_ arguments: String...) throws -> Plan {
    let process = try VernierProcess(["plan"] + arguments + ["--format", "json"], in: folder.path)
    try #require(process.status == 0, "\(process.errors)")
    return try JSONDecoder().decode(Plan.self, from: Data(process.output.utf8))
  }

  private let ladder = [
    "--params", "2B", "--tokens", "40B", "--sizes", "50M,100M,200M", "--horizons", "1B,4B",
    "--batch-sizes", "262144", "--learning-rates", "2.5e-4:1.6e-2:7",
  ]

  /// The loss of a run in a world whose optimum is known.
  private func loss(_ run: Plan.Run) -> Double {
    let optimum = 2e-3 * pow(run.params / 1e8, -0.4) * pow(run.tokens / 2e9, -0.1)
    let z = log(run.learning_rate / optimum)
    return (3 - 0.1 * log(run.params * run.tokens / 2e17)) * (1 + 0.01 * z * z)
  }

  @Test("a plan is trained, and the next one knows more")
  func twoRounds() throws {
    func planned(_ more: [String]) throws -> Plan {
      let process = try VernierProcess(
        ["plan"] + more + ladder + ["--budget", "4e19", "--format", "json"], in: folder.path)
      try #require(process.status == 0, "\(process.errors)")
      return try JSONDecoder().decode(Plan.self, from: Data(process.output.utf8))
    }
    let first = try planned([])
    #expect(first.runs.count > 3 && first.flops <= 4e19)
    #expect(first.targets[0].interval_ratio_after < first.targets[0].interval_ratio)
    var text = "params,tokens,batch_tokens,learning_rate,loss\n"
    for run in first.runs {
      text += "\(run.params),\(run.tokens),262144,\(run.learning_rate),\(loss(run))\n"
    }
    try folder.write(text, to: "runs.csv")
    let second = try planned(["runs.csv"])
    #expect(second.targets[0].interval_ratio < first.targets[0].interval_ratio)
    #expect(
      (second.targets[0].lower...second.targets[0].upper)
        .contains(2e-3 * pow(20, -0.4) * pow(20, -0.1)))
    let before = Set(first.runs.map { [$0.params, $0.tokens, $0.learning_rate] })
    #expect(second.runs.allSatisfy { !before.contains([$0.params, $0.tokens, $0.learning_rate]) })
  }

  @Test("hours are those of the device, its utilisation and number")
  func hours() throws {
    let process = try VernierProcess(
      ["plan"] + ladder + [
        "--budget", "1e19", "--accelerator", "h100", "--utilisation", "0.5", "--devices", "4",
        "--format", "json",
      ], in: folder.path)
    let plan = try JSONDecoder().decode(Plan.self, from: Data(process.output.utf8))
    let hours = try #require(plan.device_hours)
    let wall = try #require(plan.wall_hours)
    #expect(abs(hours - plan.flops / (0.5 * 989e12) / 3600) < 1e-9 * hours)
    #expect(wall >= hours / 4 && wall < hours)
  }

  @Test("text names the runs, what they cost and what they tell")
  func text() throws {
    let process = try VernierProcess(["plan"] + ladder + ["--budget", "1e19"], in: folder.path)
    #expect(process.output.contains("target        2B params on 40B tokens: nothing is known yet"))
    #expect(process.output.contains("interval      its ends a factor"))
    #expect(process.output.contains("how it moves with"))
    #expect(process.errors.contains("rests on priors"))
    let csv = try VernierProcess(
      ["plan"] + ladder + ["--budget", "1e19", "--format", "csv"], in: folder.path)
    #expect(
      csv.output.hasPrefix(
        "step,params,tokens,batch_tokens,learning_rate,flops_so_far,expected_cost_percent,reason"
      ))
  }

  @Test("a budget too small says the least that is of use")
  func tooLittle() throws {
    let process = try VernierProcess(["plan"] + ladder + ["--budget", "1e15"], in: folder.path)
    #expect(process.status == 0)
    #expect(
      process.output.contains("the budget buys nothing useful; the least that does is"),
      "\(process.output)")
  }

  @Test("a study's grid is chosen from, and written as a study of those runs alone")
  func study() throws {
    try folder.write(
      """
      version: 1
      corpus: {kind: synthetic, vocabulary: 32, seed: 0}
      model: {family: llama, sequence_length: 128, heads: 2, sizes: [{width: 16, layers: 1}, {width: 32, layers: 2}]}
      tokens: [100k, 400k]
      learning_rates: {from: 2e-3, to: 3.2e-2, points: 5}
      batch_tokens: [4096]
      schedule: {kind: wsd, warmup_tokens: 20k, decay_fraction: 0.2}
      target: {params: 1000000, tokens: 4000000}
      """, to: "grid.yaml")
    let process = try vernier(
      "plan", "grid.yaml", "--budget", "2e11", "--output", "chosen.yaml", "--format", "json")
    try #require(process.status == 0, "\(process.errors)")
    let plan = try JSONDecoder().decode(Plan.self, from: Data(process.output.utf8))
    #expect(!plan.runs.isEmpty && plan.runs.count < 20)
    let chosen = try folder.read("chosen.yaml")
    #expect(chosen.components(separatedBy: "- size:").count - 1 == plan.runs.count)
    let sweep = try vernier("sweep", "chosen.yaml", "--output", "swept")
    #expect(sweep.status == 0, "\(sweep.errors)")
    // So few runs may give no law, which is no failure of the sweep.
    #expect(sweep.output.contains("law"))
    let again = try vernier("plan", "swept", "--format", "json")
    let known = try JSONDecoder().decode(Plan.self, from: Data(again.output.utf8))
    #expect(again.status == 0 && known.runs.isEmpty, "\(again.errors)")
  }

  @Test(
    "wrong input is named",
    arguments: [
      (["--budget", "1e19"], "Give one target by --params and --tokens"),
      (["--params", "2B", "--tokens", "40B"], "Give --budget"),
      (["--params", "2B", "--tokens", "40B", "--budget", "nothing"], "--budget"),
      (
        ["--params", "2B", "--tokens", "40B", "--budget", "1e19", "--utilisation", "1.5"],
        "--utilisation is 1.5"
      ),
      (
        ["--params", "2B", "--tokens", "40B", "--budget", "1e19", "--accelerator", "C64"],
        "--accelerator is 'C64'; give one of A100"
      ),
      (
        ["--params", "2B", "--tokens", "40B", "--budget", "1e19", "--share-trunk", "1"],
        "--share-trunk is 1.0"
      ),
      (
        ["--params", "2B", "--tokens", "40B", "--budget", "1e19", "--sizes", "1k"],
        "no run could be trained"
      ),
      (
        ["--params", "2B", "--tokens", "40B", "--budget", "1e19", "--output", "x.yaml"],
        "--output is for a study"
      ),
      (
        ["missing.csv", "--params", "2B", "--tokens", "40B", "--budget", "1e19"], "missing.csv"
      ),
    ])
  func wrong(arguments: [String], message: String) throws {
    let process = try VernierProcess(["plan"] + arguments, in: folder.path)
    #expect(process.status != 0)
    #expect(process.output.isEmpty)
    #expect(process.errors.contains(message), "\(process.errors)")
  }

  @Test("circumstances of the target are warned of, with a law and without")
  func circumstances() throws {
    let published = try vernier(
      "recommend", "--params", "1B", "--tokens", "100B", "--unique-tokens", "10B",
      "--trained-tokens", "1T", "--phase", "stable")
    #expect(published.status == 0)
    for code in ["repeated_data", "continued_training", "phase"] {
      #expect(published.errors.contains("[\(code)]"), "\(published.errors)")
    }
    let few = try vernier(
      "recommend", "--params", "1B", "--tokens", "100B", "--unique-tokens", "10")
    #expect(few.status == 64 && few.errors.contains("--unique-tokens is 10, too few"))
  }
}
