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

  /// The target, or `nil` when none is given.
  ///
  /// - Throws: For half a target.
  func scale() throws -> RunScale? {
    switch (params, tokens) {
    case (let params?, let tokens?):
      for (name, count) in [("params", params), ("tokens", tokens)]
      where count.value < RunRecord.smallestCount {
        throw ValidationError(
          "--\(name) is \(count.value.plain), too few to be a count; write all of it, such as 7e9 or 7B."
        )
      }
      return RunScale(
        params: params.value, tokens: tokens.value, batchTokens: batchTokens?.value)
    case (nil, nil):
      guard batchTokens == nil else {
        throw ValidationError("--batch-tokens needs --params and --tokens beside it.")
      }
      return nil
    case (nil, _): throw ValidationError("--tokens needs --params beside it.")
    case (_, nil): throw ValidationError("--params needs --tokens beside it.")
    }
  }
}
