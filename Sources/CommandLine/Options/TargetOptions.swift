import ArgumentParser
import Runs
import ScalingLaws

/// The scale of the run to recommend for.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Parameters of the target, such as 7B or 7e9, counted as in the runs.", valueName: "n"))
  var params: QuantityArgument?

  @Option(help: ArgumentHelp("Training tokens of the target, such as 1T.", valueName: "n"))
  var tokens: QuantityArgument?

  @Option(
    help: ArgumentHelp(
      "Tokens in one optimizer step; without it the best batch size is used.", valueName: "n"))
  var batchTokens: QuantityArgument?

  @Option(
    help: ArgumentHelp(
      "Share of the model that is active, counted as in the runs: 1 for a dense one.",
      valueName: "0..1"))
  var activeShare: Double?

  @Option(
    help: ArgumentHelp(
      "Experts and how many of them are active, which gives the active share.", valueName: "E/k"))
  var experts: ExpertsArgument?

  /// The target, or `nil` when none is given.
  ///
  /// - Throws: For half a target, or a batch of more than its tokens.
  func scale() throws -> RunScale? {
    switch (params, tokens) {
    case (let params?, let tokens?):
      for (name, count) in [("params", params), ("tokens", tokens)]
      where count.value < RunRecord.smallestCount {
        throw ValidationError(
          "--\(name) is \(count.value.plain), too few to be a count; write all of it, such as 7e9 or 7B."
        )
      }
      try checkBatch()
      return RunScale(
        params: params.value, tokens: tokens.value, batchTokens: batchTokens?.value,
        activeShare: try share())
    case (nil, nil):
      guard batchTokens == nil else {
        throw ValidationError("--batch-tokens needs --params and --tokens beside it.")
      }
      guard try share() == nil else {
        throw ValidationError(
          "--active-share and --experts need --params and --tokens beside them.")
      }
      return nil
    case (nil, _): throw ValidationError("--tokens needs --params beside it.")
    case (_, nil): throw ValidationError("--params needs --tokens beside it.")
    }
  }

  /// Refuses a step of more tokens than the run has.
  func checkBatch() throws {
    guard let batchTokens, let tokens, batchTokens.value > tokens.value else { return }
    throw ValidationError(
      "--batch-tokens is \(Quantity.format(batchTokens.value)), more than the "
        + "\(Quantity.format(tokens.value)) tokens of --tokens; give the tokens of one optimizer step, "
        + "such as 1M.")
  }

  /// Refuses a target that `law` has no answer for.
  func check(_ target: RunScale?, by law: LearningRateLaw) throws {
    guard let target else { return }
    try law.validate(target, isOfExperts: experts != nil)
  }

  private func share() throws -> Double? {
    guard activeShare == nil || experts == nil else {
      throw ValidationError("Give --active-share or --experts, not both.")
    }
    if let activeShare, !RunScale.isActiveShare(activeShare) {
      throw ValidationError(
        "--active-share is \(activeShare.plain); give a share above 0 and up to 1, which is a dense model."
      )
    }
    return activeShare ?? experts?.activeShare
  }
}
