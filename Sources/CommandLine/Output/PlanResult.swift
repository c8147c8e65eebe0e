import Foundation
import Runs
import ScalingLaws

/// What `plan` prints.
struct PlanResult: Encodable {
  var knownRuns: Int
  var targets: [Target]
  var runs: [Run]
  var flops: Double
  /// The mean percentage of loss that not knowing the optima is expected to cost, now and afterwards.
  var expectedLossPenaltyPercent: Double
  var expectedLossPenaltyPercentAfter: Double
  var accelerator: String?
  var utilisation: Double?
  var devices: Int?
  var deviceHours: Double?
  var wallHours: Double?
  var end: String
  var leastUsefulFlops: Double?

  struct Target: Encodable {
    var params: Double
    var tokens: Double
    var batchTokens: Double?
    var learningRate: Double
    var optimum: Double
    var lower: Double
    var upper: Double
    var confidence: Double
    var readBy: TargetAnswer.Source
    var expectedLossPenaltyPercent: Double
    /// How many times its lower end the upper end of the interval is, now and afterwards.
    var intervalRatio: Double
    var intervalRatioAfter: Double
  }

  struct Run: Encodable {
    var step: Int
    var params: Double
    var tokens: Double
    var batchTokens: Double?
    var learningRate: Double
    /// What the step adds to the cost.
    var stepFlops: Double
    var flopsSoFar: Double
    var reason: String
    var expectedLossPenaltyPercent: Double
  }

  init(
    _ plan: RunPlan, answers: [TargetAnswer], knownRuns: Int, sharesTrunks: Bool,
    on devices: DeviceOptions, confidence: Double
  ) throws {
    self.knownRuns = knownRuns
    // Where the fit of slices is the surer reading, it is taken to stay surer by as much.
    let share =
      plan.known.penaltyPercent > 0 ? answers.penaltyPercent / plan.known.penaltyPercent : 1
    func ratio(_ estimate: Estimate) -> Double { estimate.upper / estimate.lower }
    targets = zip(answers, zip(plan.known, plan.expected)).map { answer, outlook in
      let now = ratio(answer.optimum)
      let surface = ratio(outlook.0.optimum(confidence: confidence))
      let after = ratio(outlook.1.optimum(confidence: confidence))
      return Target(
        params: answer.target.params, tokens: answer.target.tokens,
        batchTokens: answer.target.batchTokens, learningRate: answer.learningRate,
        optimum: answer.optimum.value, lower: answer.optimum.lower, upper: answer.optimum.upper,
        confidence: confidence, readBy: answer.source,
        expectedLossPenaltyPercent: answer.penaltyPercent, intervalRatio: now,
        intervalRatioAfter: exp(log(now) * log(after) / log(surface)))
    }
    var spent = 0.0
    runs = plan.steps.enumerated().flatMap { index, step in
      spent += step.operations
      return step.runs.map { run in
        Run(
          step: index + 1, params: run.scale.params, tokens: run.scale.tokens,
          batchTokens: run.scale.batchTokens, learningRate: run.learningRate,
          stepFlops: step.operations, flopsSoFar: spent, reason: step.reason.words,
          expectedLossPenaltyPercent: share * step.expected.penaltyPercent)
      }
    }
    flops = plan.operations
    expectedLossPenaltyPercent = answers.penaltyPercent
    expectedLossPenaltyPercentAfter = share * plan.expected.penaltyPercent
    end = plan.end.words
    if case .tooLittle(let least) = plan.end { leastUsefulFlops = least }
    guard let device = try devices.device(), !plan.steps.isEmpty else { return }
    accelerator = device.name
    utilisation = devices.utilisation
    self.devices = devices.devices
    deviceHours = device.hours(for: plan.operations, utilisation: devices.utilisation)
    wallHours = device.wallHours(
      for: plan.chains(sharingTrunks: sharesTrunks), devices: devices.devices,
      devicesPerRun: devices.devicesPerRun,
      utilisation: devices.utilisation)
  }

  var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self) }
  }
}

extension PlanResult {
  var table: ResultTable {
    ResultTable(
      runs,
      [
        .init(name: "step", exact: { "\($0.step)" }, readable: { "\($0.step)" }),
        .quantity("params") { $0.params }, .quantity("tokens") { $0.tokens },
        .quantity("batch_tokens") { $0.batchTokens },
        .rate("learning_rate") { $0.learningRate },
        .init(
          name: "flops_so_far", exact: { $0.flopsSoFar.plain },
          readable: { Quantity.operations($0.flopsSoFar) }),
        .init(
          name: "expected_cost_percent",
          exact: { $0.expectedLossPenaltyPercent.plain },
          readable: { "\($0.expectedLossPenaltyPercent.rounded(places: 3))" }),
        .text("reason") { $0.reason },
      ])
  }

  /// The plan for a person at a terminal.
  var text: String {
    let percent = Int((100 * (targets.first?.confidence ?? 0)).rounded())
    func rate(_ value: Double) -> String { Quantity.learningRate(value, digits: 3) }
    var lines = targets.map { target in
      "target        \(Quantity.format(target.params)) params on \(Quantity.format(target.tokens)) tokens: "
        + (knownRuns == 0
          ? "nothing is known yet"
          : "learning rate \(rate(target.learningRate)), \(percent) % interval "
            + "\(rate(target.lower)) to \(rate(target.upper)), read from \(knownRuns.counted("run")) by the "
            + (target.readBy == .law ? "fit" : "loss surface"))
    }
    guard !runs.isEmpty else {
      return (lines + ["runs          none: \(end)"]).joined(separator: "\n")
    }
    lines.append(
      "runs          \(runs.count) in \((runs.last?.step ?? 0).counted("step")), \(end)")
    lines.append("cost          \(Quantity.operations(flops)) FLOPs\(hours)")
    lines.append(
      "expected cost of not knowing the optimum   "
        + "\(expectedLossPenaltyPercent.rounded(places: 3)) % of loss now, "
        + "\(expectedLossPenaltyPercentAfter.rounded(places: 3)) % after these runs")
    for target in targets.prefix(Self.mostTargets) {
      lines.append(
        "interval      its ends a factor \(Self.factor(target.intervalRatio)) apart now, "
          + "\(Self.factor(target.intervalRatioAfter)) expected after these runs"
          + (targets.count > 1
            ? "   at \(Quantity.format(target.params)) params on \(Quantity.format(target.tokens)) tokens"
            : ""))
    }
    return (lines + ["", table.text]).joined(separator: "\n")
  }

  private static let mostTargets = 3

  private static func factor(_ ratio: Double) -> String {
    ratio < 100 ? "\(ratio.rounded(places: 2))" : Quantity.format(ratio)
  }

  private var hours: String {
    guard let accelerator, let deviceHours, let wallHours, let utilisation, let devices else {
      return ""
    }
    func hours(_ value: Double) -> String { "\(value.rounded(places: value < 10 ? 2 : 0).plain) h" }
    return
      "; \(hours(deviceHours)) of \(accelerator) at \(Int((100 * utilisation).rounded())) % of its "
      + "peak, \(hours(wallHours)) on \(devices.counted("device"))"
  }
}

extension RunPlan.Reason {
  fileprivate var words: String {
    switch self {
    case .optimum: "where the optimum lies"
    case .params: "how it moves with params"
    case .tokens: "how it moves with tokens"
    case .deviation: "how far one scale deviates from the others"
    case .batch: "which batch size is best"
    case .shape: "how steep the basins are"
    }
  }
}

extension RunPlan.End {
  var words: String {
    switch self {
    case .budgetSpent: "until the budget is spent"
    case .round: "until results should be looked at"
    case .mostRuns: "as many as can be looked after"
    case .gainBelow(let percent):
      "until spending as much again would gain less than \(percent.plain) % of loss"
    case .tooLittle(let least):
      "the budget buys nothing useful; the least that does is \(Quantity.operations(least)) FLOPs"
    case .nothingLeft: "there is nothing left to train"
    case .notAsked: "no --budget is given"
    }
  }
}
