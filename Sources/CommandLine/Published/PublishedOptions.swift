import ArgumentParser
import Interop
import Runs
import ScalingLaws

/// The target and the anchors of published laws.
struct PublishedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model: a model file or a Hugging Face config.json, from which every count follows.",
      valueName: "FILE"))
  var model: String?

  @Option(help: "What --params counts: total, non-embedding or active.")
  var paramsKind: ParameterCountKind?

  @Option(
    help: ArgumentHelp(
      "Parameters that a token meets in a mixture of experts, counted as --params.", valueName: "n")
  )
  var activeParams: QuantityArgument?

  @Option(help: ArgumentHelp("Tokens of the vocabulary.", valueName: "n"))
  var vocabulary: QuantityArgument?

  @Option(help: ArgumentHelp("Tokens of a training sequence.", valueName: "n"))
  var sequenceLength: QuantityArgument?

  @Option(
    name: .customLong("anchor"),
    help: ArgumentHelp(
      "A learning rate found best at N params on D tokens, and the batch B it was found with. Each law's "
        + "scale is fitted to it; give several to see how well.", valueName: "LR@N,D[,B]"))
  var anchors: [String] = []

  @Option(help: "Whose learning rate: adamw, muon, scion, adamh or muonh.")
  var optimizer: PublishedOptimizer?

  @Option(
    help: ArgumentHelp("Loss to be reached, in nats per token; some laws need it.", valueName: "x"))
  var loss: Double?

  @Option(
    help: ArgumentHelp(
      "The batch in tokens at which the best rate peaks, for the surge rule from an anchor's batch to "
        + "--batch-tokens.", valueName: "n"))
  var noiseBatch: QuantityArgument?

  @Option(help: ArgumentHelp("Write a page with a figure too.", valueName: "HTML"))
  var report: String?

  @Option(help: ArgumentHelp("The plotly.min.js to put into the page.", valueName: "FILE"))
  var plotly: String?

  /// Refuses all of these beside a fitted law.
  func refuse() throws {
    let given: [(String, Bool)] = [
      ("--model", model != nil), ("--params-kind", paramsKind != nil),
      ("--active-params", activeParams != nil), ("--vocabulary", vocabulary != nil),
      ("--sequence-length", sequenceLength != nil), ("--anchor", !anchors.isEmpty),
      ("--optimizer", optimizer != nil), ("--loss", loss != nil), ("--report", report != nil),
      ("--plotly", plotly != nil), ("--noise-batch", noiseBatch != nil),
    ]
    let names = given.filter(\.1).map(\.0)
    guard names.isEmpty else {
      throw ValidationError(
        "\(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") for published laws; "
          + "leave \(names.count == 1 ? "it" : "them") out, or --law.")
    }
  }

  func validate(_ target: TargetOptions, targets: String?) throws {
    let anchorBatches = try parsedAnchors().compactMap(\.batchTokens)
    let targetHasBatch = target.batchTokens != nil || targets != nil
    guard noiseBatch == nil || (targetHasBatch && !anchorBatches.isEmpty) else {
      throw ValidationError(
        "--noise-batch is for moving an anchor to another batch; give --anchor LR@N,D,B and "
          + "--batch-tokens too.")
    }
    try checkNumbers(target)
    try target.checkBatch()
    if let targets {
      try checkTable(targets, target)
    } else {
      try checkSingle(target)
    }
    guard plotly == nil || report != nil else {
      throw ValidationError("--plotly is for the page of --report; give --report FILE.html too.")
    }
  }

  private func checkTable(_ targets: String, _ target: TargetOptions) throws {
    guard target.params == nil, target.tokens == nil, target.batchTokens == nil, model == nil,
      activeParams == nil
    else {
      throw ValidationError(
        "--targets \(targets) has params, tokens and batch_tokens of each target; leave out --params, "
          + "--tokens, --batch-tokens, --active-params and --model.")
    }
    guard report == nil else {
      throw ValidationError("--report shows one target; give it by --params or --model.")
    }
    guard target.activeShare == nil else { throw Self.shareIsForLaws }
  }

  private func checkSingle(_ target: TargetOptions) throws {
    guard target.activeShare == nil else { throw Self.shareIsForLaws }
    switch (target.params, model) {
    case (nil, nil):
      throw ValidationError(
        "Give the target by --params N --tokens D, or by --model FILE --tokens D, to see what published "
          + "laws say; or a law of your own runs by --law LAW.json.")
    case (_?, _?): throw ValidationError("Give --params or --model, not both.")
    case (_, nil): break
    case (nil, _?):
      guard paramsKind == nil, activeParams == nil, vocabulary == nil, target.experts == nil else {
        throw ValidationError(
          "--params-kind, --active-params, --experts and --vocabulary describe a model without a "
            + "file; --model has them all.")
      }
    }
    guard target.tokens != nil else {
      throw ValidationError(
        "--tokens is missing; say how many tokens the target trains on, such as --tokens 1T.")
    }
    if let active = activeParams?.value {
      guard paramsKind != .active else {
        throw ValidationError(
          "--params-kind active says that --params counts the active ones; leave out --active-params, "
            + "or give all params by --params.")
      }
      guard let params = target.params, active <= params.value else {
        throw ValidationError(
          "--active-params is \(Quantity.format(active)), more than --params; a token meets a part of "
            + "all params.")
      }
    }
  }

  private static let shareIsForLaws = ValidationError(
    "--active-share is for --law; published laws need --experts E/k and --active-params.")

  private func checkNumbers(_ target: TargetOptions) throws {
    for (name, count) in [
      ("params", target.params), ("tokens", target.tokens), ("active-params", activeParams),
    ] {
      guard let count, count.value < RunRecord.smallestCount else { continue }
      throw ValidationError(
        "--\(name) is \(count.value.plain), too few to be a count; write all of it, such as 7e9 or 7B."
      )
    }
    for (name, size) in [("vocabulary", vocabulary), ("sequence-length", sequenceLength)] {
      guard let size else { continue }
      guard let whole = Int(exactly: size.value), ModelDescription.sizes.contains(whole) else {
        throw ValidationError(
          "--\(name) is \(size.value.plain); give a whole number up to "
            + "\(ModelDescription.sizes.upperBound).")
      }
    }
    guard let loss else { return }
    guard loss.isFinite, loss > 0, loss < Self.greatestLoss else {
      throw ValidationError(
        "--loss is \(loss.plain); give a loss in nats per token, such as 2.5.")
    }
  }

  /// The loss of guessing among more tokens than any vocabulary has.
  private static let greatestLoss = 20.0

  func parsedAnchors() throws -> [PublishedAnchor] {
    do {
      let parsed = try anchors.map(PublishedAnchor.init(parsing:))
      for (index, anchor) in parsed.enumerated() where parsed[..<index].contains(anchor) {
        throw ValidationError(
          "--anchor \(anchors[index]) is given twice, and counts once; give another measurement.")
      }
      return parsed
    } catch let error as AnchorError {
      throw ValidationError("\(error)")
    }
  }
}
