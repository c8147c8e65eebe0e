import Foundation
import Reports
import Runs
import ScalingLaws
import Studies

/// Made-up studies, one variant for each thing that a study may lack.
struct SampleStudies {
  var name = "peps"
  var params: [Double] = [1e5, 2e5, 4e5]
  /// Every horizon asked for; those after `annealed` of them are predicted.
  var tokens = [1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000, 32_000_000]
  var annealed = 4
  var rates = (0..<6).map { 5e-4 * pow(2, Double($0)) }
  var batches = [8192]
  var sharesTrunk = true
  /// The rates above this one diverge.
  var divergesAbove = 1e-2
  /// How many runs of the plan have ended, from its start.
  var ended = Int.max
  var hasTest = true
  var holdOut = true

  static let batch = 8192
  static let heldOutRate = 2.2e-3

  /// Without noise, so that tests can tell what a figure has to show.
  static func loss(params: Double, tokens: Double, rate: Double, annealed: Bool = true) -> Double {
    let best = 3e-3 * pow(params / 1e5, -0.3) * pow(tokens / 4e6, 0.1)
    let offset = log2(rate / best)
    let least = 1.3 + 0.4 * pow(params / 1e5, -0.15) + 0.8 * pow(tokens / 1e6, -0.35)
    let early = 3 * exp(-tokens / 2e5)
    return least * (1 + 0.008 * offset * offset * (offset > 0 ? 1.6 : 1)) + early
      + (annealed ? 0 : 0.09 * sqrt(rate / best))
  }

  private var ends: [Int] { Array(tokens.prefix(annealed)) }

  private func branchTokens(_ horizon: Int) -> Int { horizon * 4 / 5 }

  /// The plan's runs as if all had ended.
  private var trainedRuns: [StudyRun] {
    params.flatMap { params in
      batches.flatMap { batch in
        rates.flatMap { rate in
          let trunk = "trunk-\(Int(params))-\(batch)-\(rate)"
          return sharesTrunk
            ? [run(trunk, .trunk, params, batch, rate, tokens: branchTokens(ends.last ?? 0))]
              + ends.map { horizon in
                run(
                  "\(trunk)-\(horizon)", .branch, params, batch, rate, tokens: horizon,
                  trunk: trunk)
              }
            : ends.map { horizon in
              run("\(trunk)-\(horizon)", .whole, params, batch, rate, tokens: horizon)
            }
        }
      }
    }
  }

  private func run(
    _ id: String, _ role: StudyRun.Role, _ params: Double, _ batch: Int, _ rate: Double,
    tokens: Int, trunk: String? = nil
  ) -> StudyRun {
    let diverged = rate > divergesAbove
    let start = role == .branch ? branchTokens(tokens) : 0
    let every = 200_000
    let until = diverged ? min(tokens, 600_000) : tokens
    let places = Array(stride(from: (start / every + 1) * every, through: until, by: every))
    func loss(_ place: Int) -> Double {
      let peak = Self.loss(params: params, tokens: Double(place), rate: rate, annealed: false)
      let end = Self.loss(params: params, tokens: Double(place), rate: rate)
      guard role != .trunk else { return peak }
      let from = role == .branch ? start : branchTokens(tokens)
      let share = max(0, Double(place - from) / Double(max(tokens - from, 1)))
      return peak + share * (end - peak)
    }
    var result = StudyRun(
      id: id, role: role, trunk: trunk, branchTokens: role == .branch ? start : nil,
      params: params, learningRate: rate, tokens: tokens, batchTokens: batch, seed: 0,
      state: diverged ? .diverged : .finished,
      validation: places.map { StudyRun.CurvePoint(tokens: $0, loss: loss($0)) },
      training: stride(from: start + 50_000, through: until, by: 50_000).map {
        StudyRun.CurvePoint(tokens: $0, loss: loss($0) + 0.05 * sin(Double($0) / 7e3))
      })
    if diverged && role == .branch {
      // Its trunk never came as far.
      result.state = nil
      result.validation = []
      result.training = []
    }
    if !diverged && role != .trunk {
      result.loss = loss(tokens)
      result.lossStandardError = 0.004
    }
    return result
  }

  private var heldOutRuns: [StudyRun] {
    guard holdOut else { return [] }
    return [0.25, 0.5, 1, 2, 4].map { factor in
      run(
        "held-\(factor)", .heldOut, 1e6, Self.batch, factor * Self.heldOutRate, tokens: 64_000_000)
    }
  }

  var runs: [StudyRun] {
    var runs = trainedRuns + heldOutRuns
    for index in runs.indices where index >= ended {
      runs[index].state = index == ended ? .running : nil
      runs[index].loss = nil
      runs[index].lossStandardError = nil
      runs[index].validation = index == ended ? Array(runs[index].validation.prefix(2)) : []
      runs[index].training = []
    }
    return runs
  }

  func findings() throws -> StudyFindings {
    let heldOutLine = holdOut ? "hold_out: {model: {width: 160, layers: 4}, tokens: 64M}" : ""
    let study = try StudyDescription(
      yaml: """
        version: 1
        corpus: {kind: synthetic, seed: 0}
        model: {family: llama, sizes: [\((0..<params.count).map { "{width: \(64 * ($0 + 1)), layers: 2}" }.joined(separator: ", "))]}
        tokens: [\(tokens.map { "\($0)" }.joined(separator: ", "))]
        learning_rates: [\(rates.map { "\($0)" }.joined(separator: ", "))]
        batch_tokens: [\(batches.map { "\($0)" }.joined(separator: ", "))]
        schedule: {kind: wsd, share_trunk: \(sharesTrunk)}
        \(heldOutLine)
        """, file: "study.yaml")
    let runs = runs
    let isWhole = ended >= runs.count
    return StudyFindings(
      name: name, study: study, runs: runs,
      cost: StudyCost(
        spent: isWhole ? 1.3e15 : 2e14, planned: 1.3e15, fullGrid: 5.1e15,
        heldOut: isWhole && holdOut ? 4e14 : 0),
      horizons: sharesTrunk && isWhole ? horizons : nil, heldOut: isWhole ? heldOut : nil)
  }

  private var horizons: HorizonSearch {
    let cells = params.count * tokens.count * rates.count * batches.count
    let laws = params.flatMap { params in
      batches.map { batch in
        HorizonLaw(
          params: params, batchTokens: Double(batch),
          exponent: Estimate(value: 0.35, lower: 0.29, upper: 0.42, confidence: 0.9), noise: 0.004,
          curves: rates.filter { $0 <= divergesAbove }.map { curve(params, batch, $0) })
      }
    }
    let measured = laws.flatMap(\.curves).reduce(0) { $0 + $1.measured.count }
    return HorizonSearch(
      laws: laws, test: hasTest ? test : nil, gridCells: cells, measuredCells: measured,
      predictedCells: laws.flatMap(\.curves).reduce(0) { $0 + $1.predicted.count })
  }

  private func curve(_ params: Double, _ batch: Int, _ rate: Double) -> HorizonCurve {
    func value(_ horizon: Int) -> Double {
      Self.loss(params: params, tokens: Double(horizon), rate: rate)
    }
    func point(_ horizon: Int, _ error: Double) -> HorizonLoss {
      let loss = value(horizon)
      return HorizonLoss(
        tokens: Double(horizon),
        loss: Estimate(
          value: loss, lower: loss - 1.64 * error, upper: loss + 1.64 * error, confidence: 0.9),
        standardError: error)
    }
    let first = Double(ends.first ?? 1)
    let last = value(ends.last ?? 1)
    let shape = pow(Double(ends.last ?? 1) / first, -0.35)
    let excess = (value(ends.first ?? 1) - last) / max(1 - shape, 1e-9)
    return HorizonCurve(
      trunk: "trunk-\(Int(params))-\(batch)-\(rate)", learningRate: rate, seed: "0",
      floor: value(ends.first ?? 1) - excess, excess: excess, reference: first,
      measured: ends.map { point($0, 0) },
      predicted: tokens.dropFirst(annealed).map { point($0, 0.012) })
  }

  private var test: HorizonTest {
    HorizonTest(
      cells: params.flatMap { params in
        rates.filter { $0 <= divergesAbove }.map { rate in
          let tokens = Double(ends.last ?? 1)
          let measured = Self.loss(params: params, tokens: tokens, rate: rate)
          return HorizonTest.Cell(
            params: params, learningRate: rate, tokens: tokens, measured: measured,
            predicted: Estimate(
              value: 1.004 * measured, lower: 0.99 * measured, upper: 1.02 * measured,
              confidence: 0.9))
        }
      })
  }

  private var heldOut: HeldOutTest? {
    guard holdOut else { return nil }
    let runs = heldOutRuns.map {
      HeldOutTest.Run(id: $0.id, learningRate: $0.learningRate, loss: $0.loss)
    }
    let recommended = runs.first { $0.learningRate == Self.heldOutRate }?.loss
    let least = runs.compactMap(\.loss).min()
    return HeldOutTest(
      params: 1e6, tokens: 64_000_000, learningRate: Self.heldOutRate,
      optimum: Estimate(value: 2.1e-3, lower: 1.4e-3, upper: 3.2e-3, confidence: 0.9), runs: runs,
      gapPercent: recommended.flatMap { loss in least.map { 100 * (loss / $0 - 1) } },
      gapStandardError: recommended == nil ? nil : 0.11,
      measuredOptimum: recommended == nil
        ? nil : Estimate(value: 2e-3, lower: 1.7e-3, upper: 2.4e-3, confidence: 0.9))
  }

  /// The law of the branches that ended, where there are any.
  func law() throws -> Report {
    let records = runs.filter { $0.role == .branch || $0.role == .whole }.map { run in
      var record = RunRecord(
        params: run.params, tokens: Double(run.tokens), learningRate: run.learningRate,
        loss: run.loss)
      record.batchTokens = Double(run.batchTokens)
      return record
    }
    return try SampleReports.report(records, target: RunScale(params: 1e6, tokens: 6.4e7))
  }

  func report(hasLaw: Bool = true, whyNoLaw: String? = nil) throws -> StudyReport {
    StudyReport(
      try findings(), law: hasLaw ? try law() : nil, whyNoLaw: whyNoLaw, program: "vernier test")
  }

  /// The study with a second optimizer, whose losses are a hundredth higher.
  func rivalReport() throws -> StudyReport {
    var findings = try findings()
    findings.study.optimizers.append(findings.study.optimizers[0])
    findings.study.optimizers[1].rule.name = "lion"
    findings.horizons = nil
    findings.runs = [1, 2].flatMap { variant in
      runs.map { run in
        var run = run
        run.id += "-\(variant)"
        run.trunk = run.trunk.map { "\($0)-\(variant)" }
        run.variant = variant
        run.loss = run.loss.map { variant == 2 ? 1.01 * $0 : $0 }
        return run
      }
    }
    findings.rivals = RivalComparison(
      [1, 2].map { variant in
        RivalComparison.Entrant(
          rival: .init(variant: variant, title: variant == 1 ? "adamw" : "lion <&>"),
          records: findings.runs.filter { $0.variant == variant && $0.role == .branch }.map { run in
            var record = RunRecord(
              params: run.params, tokens: Double(run.tokens), learningRate: run.learningRate,
              loss: run.loss)
            record.batchTokens = Double(run.batchTokens)
            record.vocabulary = 256
            return record
          }, noise: 0.001)
      })
    return StudyReport(findings, law: nil, program: "vernier test")
  }
}
