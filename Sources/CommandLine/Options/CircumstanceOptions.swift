import ArgumentParser
import Runs
import ScalingLaws

/// What sets the target's run apart from those that laws know.
struct CircumstanceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Tokens of text that differ, where the target repeats them.", valueName: "n"))
  var uniqueTokens: QuantityArgument?

  @Option(
    help: ArgumentHelp(
      "Tokens that the weights have seen, where training goes on from a checkpoint.",
      valueName: "n"))
  var trainedTokens: QuantityArgument?

  @Option(help: "Which loss of the target counts: annealed, after its decay, or stable, before it.")
  var phase: TrainingPhase?

  var circumstances: TargetCircumstances {
    TargetCircumstances(
      uniqueTokens: uniqueTokens?.value, trainedTokens: trainedTokens?.value,
      isAnnealed: phase.map { $0 == .annealed })
  }

  func validate() throws {
    for (name, count) in [("unique", uniqueTokens), ("trained", trainedTokens)] {
      guard let count, count.value < RunRecord.smallestCount else { continue }
      throw ValidationError(
        "--\(name)-tokens is \(count.value.plain), too few to be a count; write all of it, such as 100B."
      )
    }
  }
}

/// A part of a run that its loss may be judged in.
enum TrainingPhase: String, ExpressibleByArgument, CaseIterable {
  case stable
  case annealed
}
