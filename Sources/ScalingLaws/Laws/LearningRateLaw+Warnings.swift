import RealModule
import Runs

extension LearningRateLaw {
  /// What in the runs makes the law less sure than it looks.
  func fitWarnings(trunksAreAssumed: Bool) -> [FitWarning] {
    var warnings: [FitWarning] = []
    func warn(_ code: FitWarning.Code, _ message: String) {
      warnings.append(FitWarning(code, message))
    }
    if recipe.trainer == PlantedLaw.trainer {
      warn(
        .simulatedRuns,
        "the runs are simulated from a planted law and nothing was trained: the answer shows how the "
          + "program works and says nothing of real models")
    }
    let located = cells.filter { $0.status == .located }
    let edges = cells.filter { $0.status == .edge }
    if !edges.isEmpty {
      warn(
        .edgeOptimum,
        "in \(edges.count) of \(cells.count.counted("cell")) the best loss"
          + (rateAtBatch == nil ? "" : ", or that of batch sizes that do about as well,")
          + " is at the lowest or highest learning rate tried, so the optimum is not bracketed: "
          + "\(edges.names); the law takes from them "
          + (rateAtBatch == nil
            ? "only on which side it lies"
            : "on which side it lies, and what their other batch sizes say")
          + ", extend the sweep there")
    }
    let sparse = cells.filter { $0.status == .tooFewLearningRates || $0.status == .allDiverged }
    if !sparse.isEmpty {
      warn(
        .sparseCell,
        "\(sparse.count) of \(cells.count.counted("cell")) with fewer than "
          + "\(OptimumSite.leastLearningRates) learning rates at one batch size, or with diverged runs "
          + "only, are not used: \(sparse.names)")
    }
    let thin = located.filter { cell in
      cell.slices.allSatisfy { Set($0.learningRates).count <= OptimumSite.leastLearningRates }
    }
    if !thin.isEmpty {
      warn(
        .sparseCell,
        "\(thin.count) of \(cells.count.counted("cell")) with only "
          + "\(OptimumSite.leastLearningRates) learning rates are used; what the other cells say of the basin's shape decides where their optimum is"
      )
    }
    if source.implausibleRuns > 0 {
      warn(
        .implausibleLosses,
        "the loss of \(source.implausibleRuns.counted("run")) of \(source.runs) is so far below all "
          + "others of the same scale that it cannot be right, and is not used: check it")
    }
    if source.divergedRuns > 0 {
      warn(
        .divergedRuns,
        "\(source.divergedRuns) of \(source.runs.counted("run")) diverged; that only bounds the optimum"
      )
    }
    if Set(located.map(\.params)).count < 2 {
      warn(
        .paramsNotIdentified,
        "all usable cells have one model size, so the exponent of params is a prior guess; "
          + "add a second size")
    }
    if Set(located.map(\.tokens)).count < 2 {
      warn(
        .tokensNotIdentified,
        "all usable cells have one horizon, so the exponent of tokens is a prior guess; "
          + "add a second horizon")
    }
    if needsActiveShare, Set(located.map(\.activeShare)).count < 2 {
      warn(
        .activeShareNotIdentified,
        "all usable cells have one active share, so its exponent is a prior guess; add a second share"
      )
    }
    if located.count < Self.fewCells {
      warn(
        .fewCells,
        "the optimum is located in \(located.count.counted("cell")) only; the law's spread is mostly a prior guess"
      )
    }
    warnHoldOut(warn)
    warnForms(warn)
    if let batch = ranges.batchTokens, rateAtBatch == nil, batch.lower < batch.upper {
      warn(
        .batchNotIdentified,
        "batch sizes differ between cells but no cell has two, so the law cannot tell batch size "
          + "from scale; it holds for batch sizes chosen as in these runs")
    }
    if !recipe.mixedFields.isEmpty {
      warn(
        .mixedRecipe,
        "the runs differ in \(recipe.mixedFields.joined(separator: ", ")); if that goes with scale, "
          + "the law mixes both effects")
    }
    if !recipe.unknownFields.isEmpty {
      warn(
        .unknownKinds,
        "the table does not say \(recipe.unknownFields.joined(separator: ", ")); all runs are taken "
          + "to agree in that")
    }
    if trunksAreAssumed {
      warn(
        .assumedTrunks,
        "the runs name no trunk; horizons that share params, learning rate, batch size and seed are "
          + "taken as branches of one, which share part of their luck")
    }
    return warnings
  }

  /// That a law is one of effective rates, and what that cost it.
  func rateWarnings(leftOut: Int) -> [FitWarning] {
    guard rateKind == .effective else { return [] }
    var warnings = [
      FitWarning(
        .effectiveRate,
        "all learning rates of this law are effective ones, steps in normalised weight space; no "
          + "trainer takes them for a peak learning rate, which is given beside them")
    ]
    if leftOut > 0 {
      warnings.append(
        FitWarning(
          .effectiveRateMissing,
          "\(leftOut.counted("diverged run")) without effective_learning_rate \(leftOut == 1 ? "is" : "are") left "
            + "out, and bound no optimum"))
    }
    return warnings
  }

  private static let fewCells = 5

  private func warnForms(_ warn: (FitWarning.Code, String) -> Void) {
    if let null = forms.betterNull, let error = null.error {
      let full = forms.trials.filter { !$0.form.isNull }.compactMap(\.error).min() ?? 0
      warn(
        .simplerFormPredictsBetter,
        "inside the runs, the form \"\(null.form.name)\" predicted "
          + "\(forms.predictedCells.counted("larger cell")) from smaller ones within a factor "
          + "\(Double.exp(error).rounded(places: 2)), those of params and tokens within "
          + "\(Double.exp(full).rounded(places: 2)): the runs do not show that \(null.form == .compute ? "they matter apart" : "both matter"); the simpler "
          + "law counts for \(Int((100 * null.share).rounded())) % of the answer")
    }
    if forms.showsCurvature {
      let bends = forms.curvature.filter(\.estimate.excludesZero)
      warn(
        .curvature,
        "the law bends: the curved form predicts larger cells better than the straight one, and "
          + bends.map {
            "\($0.term.letters ?? $0.term.rawValue) has \($0.estimate.value.rounded(places: 3)) "
              + "(\($0.estimate.lower.rounded(places: 3)) to \($0.estimate.upper.rounded(places: 3)))"
          }.joined(separator: ", ")
          + "; exponents change with scale, and far extrapolation is less sure than inside the runs"
      )
    }
  }

  private func warnHoldOut(_ warn: (FitWarning.Code, String) -> Void) {
    guard let holdOut else {
      warn(
        .noHoldOut,
        "too few cells to hold the largest out: nothing here tests the law's extrapolation")
      return
    }
    guard holdOut.lawError >= holdOut.constantError else { return }
    warn(
      .noBetterThanConstant,
      "fitted on the smaller cells, the law misses the largest \(holdOut.cells.count) by a factor "
        + "\(Double.exp(holdOut.lawError).rounded(places: 2)), a constant learning rate of "
        + "\(Quantity.learningRate(holdOut.constantRate, digits: 3)) by \(Double.exp(holdOut.constantError).rounded(places: 2)): "
        + "the runs do not show that scale matters"
        + (holdOut.cells.count < 3 ? ", on the little evidence of so few cells" : ""))
  }
}

extension [CellFit] {
  /// The first few cells by name.
  fileprivate var names: String {
    let shown = 4
    let names = prefix(shown).map {
      "\(Quantity.format($0.params)) params on \(Quantity.format($0.tokens)) tokens"
        + ($0.activeShare.map { " with active share \(Quantity.format($0))" } ?? "")
    }
    return names.joined(separator: "; ") + (count > shown ? "; and \(count - shown) more" : "")
  }
}
