import RealModule
import Runs
import Studies

extension RunDiagnosis {
  /// The diagnosis for a person at a terminal.
  var text: String {
    var lines = [headline, ""]
    lines.append(
      "2ηλS        " + decayWords + (timescale.map { "; B/(ηλD) \(short($0))" } ?? ""))
    lines.append("losses      " + spikeWords)
    if let reading = noiseScale {
      lines.append(
        "batch       \(Quantity.format(reading.batchTokens)) tokens; gradient noise scale "
          + "\(Quantity.format(reading.median)) (median of \(reading.count))")
    }
    let looks = run.looks.count
    lines.append(
      "telemetry   "
        + (looks == 0 ? "none" : looks.counted("look") + " over " + run.stepsMade.counted("step")))
    if !roleRows.isEmpty {
      lines += ["", TextTable(Self.headings, roleRows).text, Self.roleNote]
    }
    if !attentionRows.isEmpty {
      lines += [
        "",
        TextTable(["block", "largest logit", "late growth", "entropy"], attentionRows).text,
      ]
    }
    lines += ["", findings.text]
    if !missing.isEmpty { lines += [""] + missing.map { "missing: \($0)" } }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let steps = "\(run.stepsMade) of \(run.steps.counted("step"))"
    let end =
      switch run.status {
      case .finished: "finished"
      case .diverged: "diverged"
      case .unfinished, nil: "not finished"
      }
    return
      "run \(run.id): \(Quantity.format(run.params)) params on \(Quantity.format(run.tokens)) tokens at "
      + "\(Quantity.learningRate(run.learningRate)), \(run.variant); \(end), \(steps)"
  }

  private var decayWords: String {
    guard let planned = plannedDecaySum else { return "not known" }
    guard planned > 0 else {
      return mainRole?.matrices.allSatisfy(\.keepsNorm) == true
        ? "0: the rule keeps norms" : "0: nothing shrinks the weights by ηλ"
    }
    let sofar = run.stepsMade < run.steps ? ", \(short(decaySum ?? 0)) so far" : ""
    return
      "\(short(planned))\(sofar); \(short(100 * NormTheory.remaining(planned))) % of the first "
      + "transient is left at the end"
  }

  private var spikeWords: String {
    guard let highest = lossSpikes.max(by: { $0.height < $1.height }) else {
      return "no spike" + (run.training.isEmpty ? "; none was logged" : "")
    }
    return lossSpikes.count.counted("spike")
      + ", the highest \(short(highest.height)) nats at step "
      + "\(highest.peakStep), "
      + (highest.backStep.map { "back at step \($0)" } ?? "not back by the end")
  }

  private static let headings = [
    "role", "matrices", "2ηλS", "equilibrated", "RMS first", "last", "theory", "off by",
    "displacement", "η/‖w‖", "cosine", "σ₁/‖w‖", "update/w",
  ]

  private static let roleNote =
    "RMS of weights beside dρ/dt = −2ληρ + η²u² from the first look, u measured; displacement (arXiv "
    + "2606.29158) and\nη/‖w‖ (2608.24814) are the effective learning rates, means along the run; the last "
    + "three are those of the last look"

  private var roleRows: [[String]] {
    roles.map { role in
      let (first, last) = (role.points.first, role.points.last)
      let reached = role.equilibratedAt.map {
        "\(Int((100 * Double($0) / Double(max(run.steps, 1))).rounded())) %"
      }
      return [
        role.role, "\(role.matrices.count)", short(role.plannedDecaySum),
        role.matrices.allSatisfy(\.keepsNorm) ? "kept" : reached ?? "never",
        short(first?.weightRMS), short(last?.weightRMS), short(last?.theory),
        role.deviation.map { "\(short(100 * $0)) %" } ?? "–",
        rate(role.mean(\.displacement)), rate(role.mean(\.rateOverNorm)), short(last?.cosine),
        short(last?.topShare), rate(last?.updateShare),
      ]
    }
  }

  private var attentionRows: [[String]] {
    attention.compactMap { series in
      series.points.last.map { last in
        [
          "\(series.block)", short(last.logitMaximum),
          series.logitTrend.map {
            "× \(short(.exp($0.change))) (± \(short(100 * $0.error)) %)"
          } ?? "–", short(last.entropy),
        ]
      }
    }
  }

  private func short(_ value: Double?) -> String {
    value.map { $0 == 0 ? "0" : $0.rounded(significant: 3).plain } ?? "–"
  }

  private func rate(_ value: Double?) -> String {
    value.map { Quantity.learningRate($0) } ?? "–"
  }
}

extension [Finding] {
  /// Each with what it means, the worst first.
  var text: String {
    guard !isEmpty else { return "nothing to report" }
    return groups.map { group in
      let finding = group.first
      let sightings =
        group.count > 1
        ? " \(group.count) times:" + group.sightings.map { "\n  \($0)" }.joined()
        : " " + group.sightings.joined()
      return "\(finding.severity.rawValue) [\(finding.kind.rawValue)]\(sightings)"
        + "\n    \(finding.meaning)" + (finding.source.map { " (\($0))" } ?? "")
    }.joined(separator: "\n")
  }
}
