import Foundation
import Runs
import ScalingLaws

extension BatchAnalysis {
  /// What the runs say of batch size, for a person at a terminal.
  var text: String {
    let located = cells.count { $0.status == .located }
    var lines = [
      "batches of \(Quantity.format(batches.lower)) to \(Quantity.format(batches.upper)) tokens in "
        + "\(cells.count.counted("cell")); best batch located in \(located)"
    ]
    lines += bestLines + relationLines + (coupling.map(Self.lines) ?? [])
    if let target { lines += [""] + target.lines }
    if let ramp { lines += [""] + ramp.lines }
    return lines.joined(separator: "\n")
  }

  private var bestLines: [String] {
    var lines: [String] = []
    if let law {
      let exponents = [("N", law.coefficient(of: .params)), ("D", law.coefficient(of: .tokens))]
        .compactMap { name, estimate in estimate.map { "\(name): \($0.words)" } }
      lines.append("\(law.formula) tokens   exponents \(exponents.joined(separator: ", "))")
      if let params = law.coefficient(of: .params) {
        lines.append(
          params.excludesZero
            ? "  the best batch also moves with the model's size"
            : "  the runs do not show that the best batch depends on the model's size")
      }
    }
    if let basin {
      let parts = [0.5, 2, 4].map {
        "\($0.plain)x \(basin.penaltyPercent(at: $0).rounded(places: 2)) %"
      }
      lines.append(
        "cost of another batch: \(parts.joined(separator: ", ")) of loss, each at its own best "
          + "learning rate")
    }
    return lines
  }

  private var relationLines: [String] {
    var lines: [String] = []
    if let fewestTokensLaw {
      lines.append(
        "fewest tokens to a loss: B = \(fewestTokensLaw.formula)   exponent "
          + fewestTokensLaw.exponent.words)
    }
    if let criticalLaw {
      lines.append(
        "critical batch, which takes twice the tokens: B_crit = \(criticalLaw.formula)   exponent "
          + criticalLaw.exponent.words)
    }
    let crossing = losses.count(where: \.curvesCross)
    if !losses.isEmpty {
      let worst = losses.map(\.smallestBatchCost.value).max() ?? 1
      lines.append(
        crossing > 0
          ? "curves cross: at \(crossing) of \(losses.count) losses a smaller batch takes more "
            + "tokens, up to \(worst.rounded(places: 2)) times the fewest, which McCandlish's relation "
            + "excludes; B_crit is read from the batches above the best one"
          : "no smaller batch takes surely more tokens: McCandlish's relation holds among these batches"
      )
    }
    if let relations {
      lines.append(
        "left-out batches: three stages miss their tokens by a factor "
          + "\(exp(relations.threeStages.error).rounded(places: 3)), McCandlish's relation by "
          + "\(exp(relations.mcCandlish.error).rounded(places: 3))"
          + (relations.mcCandlishAboveBest.map {
            " (above the best batch, fitted there: \(exp($0.error).rounded(places: 3)), three stages "
              + "\(exp(relations.threeStages.errorAboveBest ?? 0).rounded(places: 3)))"
          } ?? ""))
    }
    if let smallestUsefulRatio, relations?.favoursThreeStages == true {
      lines.append(
        "  by the three stages a batch below \(smallestUsefulRatio.rounded(places: 3)) of the best one "
          + "never reaches the loss, which extends the smallest batches tried")
    }
    return lines
  }

  private static func lines(_ coupling: RateCoupling) -> [String] {
    func line(_ name: String, _ slope: RateCoupling.Slope?) -> String? {
      slope.map {
        "  \(name.padding(toLength: 23, withPad: " ", startingAt: 0))\($0.exponent.words)   "
          + "\($0.verdict), on \($0.slices.counted("slice")) of \($0.cells.counted("cell"))"
      }
    }
    var lines = ["best learning rate against batch size at fixed params and tokens, LR ~ B^x:"]
    lines += [
      line("all batches", coupling.all), line("up to the best", coupling.belowBest),
      line("from the best on", coupling.aboveBest),
      line("from twice the best", coupling.farAboveBest),
    ].compactMap(\.self)
    if let byLaw = coupling.byLaw {
      lines.append("  by the law, mid-scale  \(byLaw.words)")
    }
    if coupling.farAboveBest != nil {
      switch coupling.fallsFarAbove {
      case true?:
        lines.append("  the rate falls at large batches, as the surge rule foretells")
      case false?:
        lines.append("  no fall at large batches, which the surge rule foretells, is seen")
      case nil:
        lines.append(
          "  whether the rate falls at large batches, as the surge rule foretells, cannot be told")
      }
    }
    return lines
  }

  /// The best batch of each cell.
  var cellTable: ResultTable {
    ResultTable(
      cells,
      [
        .quantity("params") { $0.params }, .quantity("tokens") { $0.tokens },
        .init(name: "status", exact: { $0.status.rawValue }, readable: { $0.status.rawValue }),
        .quantity("batch_tokens") { $0.batchTokens?.value.rounded() },
        .quantity("lower") { $0.batchTokens?.lower.rounded() },
        .quantity("upper") { $0.batchTokens?.upper.rounded() },
        .init(
          name: "loss", exact: { $0.loss?.plain },
          readable: { $0.loss.map { "\($0.rounded(places: 4))" } }),
        .quantity("batches") { Double($0.batches) },
        .quantity("batches_at_rate_edge") { Double($0.batchesAtRateEdge) },
      ])
  }

  /// The best batch of each cell, then what each loss takes.
  var markdown: String {
    let table = ResultTable(
      losses,
      [
        .quantity("params") { $0.params },
        .init(
          name: "loss", exact: { $0.loss.plain }, readable: { "\($0.loss.rounded(places: 4))" }),
        .quantity("least_tokens") { $0.leastTokens.value },
        .quantity("best_batch_tokens") { $0.bestBatchTokens.value },
        .quantity("critical_batch_tokens") { $0.criticalBatchTokens?.value },
        .quantity("critical_lower") { $0.criticalBatchTokens?.lower },
        .quantity("critical_upper") { $0.criticalBatchTokens?.upper },
        .quantity("smallest_batch_cost") { $0.smallestBatchCost.value },
      ])
    return losses.isEmpty ? cellTable.markdown : cellTable.markdown + "\n\n" + table.markdown
  }
}

extension BatchTarget {
  fileprivate var lines: [String] {
    var lines = [
      "target: \(Quantity.format(params)) params on \(Quantity.format(tokens)) tokens",
      "  best batch      \(Quantity.format(batchTokens.value))   \(batchTokens.interval)",
    ]
    if let critical = criticalBatchTokens {
      lines.append("  critical batch  \(Quantity.format(critical.value))   \(critical.interval)")
    }
    for other in others {
      let factor =
        other.rateFactor.map {
          "learning rate times \($0.value.rounded(places: 2)) (\($0.lower.rounded(places: 2)) to "
            + "\($0.upper.rounded(places: 2)))"
        } ?? "outside the batches tried: no factor for the learning rate"
      lines.append(
        "  batch \(Quantity.format(other.batchTokens)) (\(Quantity.format(other.multiple))x)  costs "
          + "\(other.penaltyWords), \(factor)")
    }
    let beyond = [("params", extrapolationDecades.params), ("tokens", extrapolationDecades.tokens)]
      .filter { abs($0.1) > 0.005 }.map {
        "\(abs($0.1).rounded(places: 2)) decades \($0.1 > 0 ? "above" : "below") the runs in \($0.0)"
      }
    if !beyond.isEmpty {
      lines.append(
        "  the target lies \(beyond.joined(separator: " and ")): the law is assumed to go on")
    }
    return lines
  }
}

extension BatchTarget.Other {
  /// The penalty with its interval, of which nothing is claimed beyond where losses are told apart.
  fileprivate var penaltyWords: String {
    let most = "\(Int(RatePrediction.mostPenaltyPercent))"
    guard !isPenaltyBound else { return "at least \(most) % of loss" }
    func words(_ percent: Double) -> String {
      RatePrediction.isBound(percent) ? "\(most) or more" : "\(percent.rounded(places: 3))"
    }
    return "\(words(penaltyPercent.value)) % of loss (\(words(penaltyPercent.lower)) to "
      + "\(words(penaltyPercent.upper)))"
  }
}

extension BatchRampAdvice {
  fileprivate var lines: [String] {
    var lines = ["ramp of the batch size over \(Quantity.format(tokens)) tokens:"]
    for stage in stages {
      lines.append(
        "  from \(Quantity.format(stage.fromTokens)) tokens: batch \(Quantity.format(stage.batchTokens)), "
          + "learning rate times \(stage.rateFactor.rounded(places: 2))")
    }
    for other in [againstBest, againstLast, againstFirst] {
      lines.append(
        "  against \(Quantity.format(other.batchTokens)) all along: "
          + "\(other.stepsRatio.rounded(places: 2)) times the steps, worth "
          + "\((100 * (other.tokensRatio - 1)).rounded(places: 1)) % more tokens"
          + (other.lossGainPercent.map {
            ", \(abs($0).rounded(places: 3)) % of loss \($0 < 0 ? "worse" : "better")"
          } ?? ""))
    }
    return lines + BatchRampAdvice.caveats.map { "  " + $0 }
  }
}

extension Estimate {
  /// An exponent with its interval.
  fileprivate var words: String {
    "\(value.rounded(places: 3)) (\(lower.rounded(places: 3)) to \(upper.rounded(places: 3)))"
  }

  /// The interval of a quantity.
  fileprivate var interval: String {
    "\(Int((100 * confidence).rounded())) % interval \(Quantity.format(lower)) to "
      + Quantity.format(upper)
  }
}
