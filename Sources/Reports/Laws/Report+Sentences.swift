import RealModule
import Runs
import ScalingLaws

extension Report {
  /// What the answer rests on: the runs, and how far the target is from them.
  var evidence: [String] {
    let source = law.source
    let sizes = Set(law.cells.map(\.params)).count
    let diverged =
      source.divergedRuns == 0 ? "" : " (\(Wording.count(source.divergedRuns)) diverged)"
    let predicted =
      source.predictedRuns == 0
      ? "" : " and \(Wording.count(source.predictedRuns, "predicted loss", "predicted losses"))"
    let located = locatedCells.count
    let total = law.cells.count
    let bracketed =
      total == 1
      ? (located == 1 ? "its optimum is bracketed" : "its optimum is not bracketed")
      : located == total
        ? "the optimum is bracketed in all of them"
        : "the optimum is bracketed in \(located) of them\(unlocatedUse.map { "; \($0)" } ?? "")"
    let params = law.ranges.params
    let range =
      sizes == 1
      ? "one model size, \(Quantity.format(params.lower)) parameters"
      : "\(sizes) model sizes from \(Quantity.format(params.lower)) to "
        + "\(Quantity.format(params.upper)) parameters"
    return [
      "This rests on \(Wording.count(source.runs, "run"))\(diverged)\(predicted) in \(Wording.count(total, "cell")) "
        + "(a cell is one model size on one number of tokens), with \(range); \(bracketed). "
        + "\(largestRun) \(distance)",
      law.holdOut.map { holdOutSentence($0) + " " + constantSentence($0) } ?? noHoldOutSentence,
    ]
  }

  private var largestRun: String {
    guard let largest = law.cells.filter({ !$0.isPredicted }).map(\.scale).max() else { return "" }
    return "The largest run has \(Quantity.format(largest.params)) parameters and saw "
      + "\(Quantity.format(largest.tokens)) tokens."
  }

  /// How far the target lies from the runs that the law rests on.
  private var distance: String {
    func place(_ decades: Double, _ name: String) -> String? {
      guard abs(decades) > 0.005 else { return nil }
      return
        "\(Wording.decimal(.pow(10, abs(decades)))) times (\(Wording.decimal(abs(decades))) \(Wording.decimal(abs(decades)) == "1" ? "decade" : "decades")) "
        + "\(decades > 0 ? "beyond" : "below") the runs in \(name)"
    }
    let places = [
      place(recommendation.extrapolationDecades.params, "parameters"),
      place(recommendation.extrapolationDecades.tokens, "tokens"),
    ]
    switch (places[0], places[1]) {
    case (nil, nil): return "The target lies within the runs in both parameters and tokens."
    case (let outside?, nil): return "The target lies \(outside), and within them in tokens."
    case (nil, let outside?): return "The target lies \(outside), and within them in parameters."
    case (let params?, let tokens?): return "The target lies \(params), and \(tokens)."
    }
  }

  func holdOutSentence(_ holdOut: HoldOut) -> String {
    let held = holdOut.cells.count
    let what = held == 1 ? "the largest one" : "the \(held) largest"
    let covered =
      held == 1
      ? (holdOut.coveredCount == 1 ? "inside its interval" : "outside its interval")
      : "\(holdOut.coveredCount) of \(held) inside their intervals"
    return
      "Fitted on the \(holdOut.trainingCells) smaller cells alone, the law misses the optimum of "
      + "\(what) by a factor of \(Wording.decimal(.exp(holdOut.lawError), digits: 3))"
      + "\(held == 1 ? "" : " (root mean square)"), \(covered); the rate it would have recommended "
      + "would have cost \(Wording.percent(holdOut.meanPenaltyPercent)) of loss"
      + "\(held == 1 ? "" : " on average")."
  }

  func constantSentence(_ holdOut: HoldOut) -> String {
    let rival =
      "One learning rate for all scales, \(Quantity.learningRate(holdOut.constantRate)), would have missed by a "
      + "factor of \(Wording.decimal(.exp(holdOut.constantError), digits: 3))"
    return holdOut.lawError < holdOut.constantError
      ? "\(rival): these runs show that the law beats a constant rate."
      : "\(rival): these runs do not show that the law beats a constant rate."
  }

  var noHoldOutSentence: String {
    "There are too few cells with a located optimum to leave the largest out and predict them, so "
      + "nothing here tests how the law extrapolates, nor whether it beats a constant learning rate."
  }

  /// The batch size to use, and where it comes from.
  var batchFact: (value: String, detail: String) {
    guard let batch = recommendation.batchTokens else {
      guard let tried = law.ranges.batchTokens else {
        return ("not known", "the runs give no batch size")
      }
      return (
        "as in the runs",
        "from \(Quantity.format(tried.lower)) to \(Quantity.format(tried.upper)) tokens, going with scale"
      )
    }
    let value = "\(Quantity.format(batch)) tokens"
    if target.batchTokens != nil { return (value, "a step, as asked for") }
    return (value, law.batch == nil ? "a step, the only one tried" : "a step, the best by the law")
  }

  /// The weight decay to use, and where it comes from.
  var weightDecayFact: (value: String, detail: String) {
    if let decay = recommendation.weightDecay {
      return (
        Wording.decimal(decay.value, digits: 3),
        (decay.convention.map { "\($0), " } ?? "") + "as in all runs"
      )
    }
    return law.recipe.mixedFields.contains("weight_decay")
      ? ("not known", "it differs between the runs") : ("not known", "the runs do not give it")
  }
}
