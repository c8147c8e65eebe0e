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
          + " is at the lowest or highest learning rate tried, so the optimum is not bracketed and is "
          + "not used: \(edges.names); extend the sweep there")
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
    if located.count < Self.fewCells {
      warn(
        .fewCells,
        "the optimum is located in \(located.count.counted("cell")) only; the law's spread is mostly a prior guess"
      )
    }
    warnHoldOut(warn)
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
          + "taken as branches of one, and count as one experiment")
    }
    return warnings
  }

  private static let fewCells = 5

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
    }
    return names.joined(separator: "; ") + (count > shown ? "; and \(count - shown) more" : "")
  }
}
