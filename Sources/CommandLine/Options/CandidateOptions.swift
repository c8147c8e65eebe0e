import ArgumentParser
import Interop
import RealModule
import Runs
import ScalingLaws

/// Which runs could be trained.
struct CandidateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Runs that could be trained: a table with params, tokens, learning_rate and, where wanted, "
        + "batch_tokens, active_share and flops.", valueName: "RUNS.csv"))
  var candidates: String?

  @Option(
    help: ArgumentHelp("Model sizes that could be trained, such as 50M,100M.", valueName: "n,..."))
  var sizes: QuantityListArgument?

  @Option(
    help: ArgumentHelp("Training tokens that could be afforded, such as 1B,4B.", valueName: "n,...")
  )
  var horizons: QuantityListArgument?

  @Option(
    help: ArgumentHelp(
      "Tokens a step that could be used; one of them leaves batch size out.", valueName: "n,..."))
  var batchSizes: QuantityListArgument?

  @Option(
    help: ArgumentHelp(
      "Peak rates that could be used: a list, or from:to:points.", valueName: "lr,..."))
  var learningRates: LearningRatesArgument?

  /// Whether anything is said of what could be trained.
  var isGiven: Bool {
    candidates != nil || sizes != nil || horizons != nil || batchSizes != nil
      || learningRates != nil
  }

  func validate() throws {
    guard candidates != nil else { return }
    guard sizes == nil, horizons == nil, batchSizes == nil, learningRates == nil else {
      throw ValidationError(
        "Give --candidates, or --sizes, --horizons, --batch-sizes and --learning-rates, not both.")
    }
  }

  /// The runs that could be trained for `targets`.
  ///
  /// Without sizes, a ladder of them from a 256th to an eighth of the least target, each for
  /// 10 to 160 tokens a parameter and never longer than the target.
  func runs(for targets: [RunScale], batchesKnown: [Double]) throws -> [RunCandidate] {
    if let candidates { return try CandidateTable.read(candidates) }
    let rates = learningRates?.values ?? Self.usualRates
    let batches = batchSizes?.values ?? (batchesKnown.isEmpty ? Self.usualBatches : batchesKnown)
    let params = targets.map(\.params).min() ?? 0
    let tokens = targets.map(\.tokens).max() ?? 0
    let shares = Set(targets.compactMap(\.activeShare))
    let share = shares.count == 1 ? shares.first : nil
    let sizes = sizes?.values ?? Self.sizeParts.map { (params / $0).roundedToTwoDigits }
    return sizes.filter { $0 >= RunRecord.smallestCount }.flatMap { size in
      let grid = RunCandidate.grid(
        sizes: [size],
        horizons: horizons?.values
          ?? Self.tokensPerParameter.map { ($0 * size * (share ?? 1)).roundedToTwoDigits }.filter {
            $0 <= tokens
          },
        batches: batches, learningRates: rates, activeShare: share)
      // Batches that the user named are taken as they are.
      return batchSizes == nil ? grid.filter(Self.hasSteps) : grid
    }
  }

  /// Fewer steps than this are spent on warming up.
  private static let leastSteps = 250.0

  private static func hasSteps(_ run: RunCandidate) -> Bool {
    run.scale.tokens >= leastSteps * (run.scale.batchTokens ?? 0)
  }

  private static let sizeParts: [Double] = [256, 128, 64, 32, 16, 8]
  private static let tokensPerParameter: [Double] = [10, 20, 40, 80, 160]
  private static let usualRates = LearningRatesArgument(
    from: 1.0 / 8192, to: 1.0 / 32, points: 17
  ).values
  private static let usualBatches: [Double] = (15...22).map { Double(1 << $0) }
}

extension Double {
  /// The number to two significant digits, as people name sizes.
  fileprivate var roundedToTwoDigits: Double {
    guard self > 0 else { return self }
    let unit = Double.exp10(Double.log10(self).rounded(.down) - 1)
    return (self / unit).rounded() * unit
  }
}
