import Foundation
import Optimizers
import Runs

extension RunReport {
  var lossFact: HTML.Fact {
    guard let last = lastValidation, let loss = last.value.loss else {
      return ("Loss on held-out text", "not known", "it has not been measured yet")
    }
    var details = last.value.standardError.map { ["± \(Wording.decimal($0)) standard error"] } ?? []
    var unit = "nats per token"
    if case .bytes = description.corpus {
      unit = "nats per byte"
      details.append("\(Wording.decimal(loss / log(2), digits: 3)) bits")
    }
    if last.step != stepsDone { details.append("after step \(Wording.count(last.step))") }
    if let floor = manifest.corpus.lossFloor {
      details.append("\(Wording.decimal(loss - floor, digits: 2)) above the floor of the corpus")
    }
    return (
      "Loss on held-out text", "\(Wording.decimal(loss, digits: 4)) \(unit)",
      details.joined(separator: ", ")
    )
  }

  var progressFact: HTML.Fact {
    let steps = "step \(Wording.count(stepsDone)) of \(Wording.count(description.steps))"
    let tokens = "\(Quantity.format(Double(tokensDone))) tokens"
    return switch standing {
    case .notBegun:
      ("How it stands", "not begun", "\(Wording.count(description.steps, "step")) to go")
    case .running: ("How it stands", "not finished", "\(steps), \(tokens), when this page was made")
    case .finished: ("How it stands", "finished", "\(steps), \(tokens)")
    case .diverged(let step, _): ("How it stands", "diverged at step \(Wording.count(step))", steps)
    case .stopped: ("How it stands", "stopped", "\(steps), \(tokens)")
    case .failed: ("How it stands", "failed", "\(steps), \(tokens)")
    }
  }

  var batchFact: HTML.Fact {
    let sequence = description.model.sequenceLength
    return (
      "Batch size", Wording.count(description.batchTokens, "token"),
      "a step: \(Wording.count(description.batchTokens / sequence, "sequence")) of "
        + Wording.count(sequence)
        + (description.batchRamp.map {
          ", after a ramp from \(Wording.count($0.from)) over \(Quantity.format(Double($0.tokens))) tokens"
        } ?? "")
    )
  }

  var corpusFact: HTML.Fact {
    let passes =
      if let size = manifest.corpus.tokens {
        if let epoch = training.last?.value.epoch {
          "\(Wording.decimal(epoch)) passes over its \(Quantity.format(Double(size))) tokens"
        } else {
          "\(Quantity.format(Double(size))) tokens"
        }
      } else {
        "endless: nothing is seen twice"
      }
    switch description.corpus {
    case .bytes(let path, _): return ("Corpus", path, "as bytes; \(passes)")
    case .bin(let path, _, _): return ("Corpus", path, passes)
    case .synthetic(let seed, let vocabulary):
      return (
        "Corpus", "synthetic", "seed \(seed), \(Wording.count(vocabulary)) symbols; \(passes)"
      )
    }
  }

  /// Everything that decides the run's result, and where it was made.
  var recipe: Page.Section {
    Page.Section(
      id: "run", title: "What was trained",
      body: """
        <h3>Model</h3>
        \(HTML.definitions(modelDefinitions))
        <h3>Training</h3>
        \(HTML.definitions(trainingDefinitions))
        <h3>Where it comes from</h3>
        \(HTML.definitions(sourceDefinitions))
        """)
  }

  private var modelDefinitions: [HTML.Definition] {
    let model = description.model
    var definitions: [HTML.Definition] = [
      ("Family", model.family.rawValue),
      (
        "Parameters",
        "\(Wording.count(manifest.paramsTotal)), of which "
          + "\(Wording.count(manifest.paramsNonEmbedding)) outside the embeddings"
      ),
      ("Width", Wording.count(model.width)), ("Layers", Wording.count(model.layers)),
      ("Heads", headWords), ("Feed-forward width", Wording.count(model.ffnWidth)),
    ]
    if model.experts > 0 {
      definitions.append(
        (
          "Experts",
          "\(model.expertsActive) of \(model.experts)"
            + (model.sharedExperts > 0 ? ", and \(model.sharedExperts) for every token" : "")
        ))
    }
    if let cap = model.outputSoftcap {
      definitions.append(("Output logits", "capped at \(Quantity.format(cap))"))
    }
    return definitions + [
      ("Vocabulary", "\(Wording.count(model.vocabulary))\(model.tied ? ", embeddings tied" : "")"),
      ("Sequence length", Wording.count(model.sequenceLength, "token")),
    ]
  }

  private var headWords: String {
    let model = description.model
    return "\(model.heads) of width \(model.headWidth)"
      + (model.kvHeads == model.heads
        ? "" : ", with \(model.kvHeads) for keys and values")
      + (model.qkNorm ? ", queries and keys normalised" : "")
      + (model.attentionSoftcap.map { ", logits capped at \(Quantity.format($0))" } ?? "")
  }

  private var trainingDefinitions: [HTML.Definition] {
    let optimizer = description.optimizer
    return [
      ("Peak learning rate", peakWords), ("Schedule", scheduleWords), ("Batch", batchWords),
      ("Parametrization", description.parametrization), ("Optimizer", optimizerWords),
      (
        "Weight decay",
        "\(Wording.decimal(optimizer.weightDecay, digits: 3)) (\(optimizer.decayConvention.rawValue))"
      ),
      (
        "Gradient clipping",
        optimizer.clip.map { "at a norm of \(Wording.decimal($0, digits: 3))" } ?? "none"
      ),
      (
        "Z loss",
        description.zLoss > 0 ? "weight \(Quantity.learningRate(description.zLoss))" : "none"
      ),
      ("Seed", "\(description.seed)"),
      (
        "Held-out text",
        "\(Quantity.format(Double(description.validation.tokens))) tokens at most, every "
          + "\(Quantity.format(Double(description.validation.every))) tokens"
      ),
    ]
  }

  private var peakWords: String {
    let roles = description.learningRateByRole.sorted { $0.key < $1.key }
      .map { "\($0.key) × \($0.value.plain)" }
    return ([Quantity.learningRate(description.learningRate, digits: 3)] + roles)
      .joined(separator: ", ")
  }

  private var batchWords: String {
    let whole = Wording.count(description.batchTokens, "token")
    guard let ramp = description.batchRamp else { return whole }
    let rate =
      switch ramp.learningRate {
      case .none: "the rate the same"
      case .squareRoot: "the rate as its root"
      case .linear: "the rate in proportion"
      }
    return "\(whole), doubled from \(Wording.count(ramp.from)) over the first "
      + "\(Quantity.format(Double(ramp.tokens))) tokens, \(rate)"
  }

  /// The rule with what it can be told.
  private var optimizerWords: String {
    let optimizer = description.optimizer
    let common = (try? OptimizerCatalog.kind(optimizer.name))?.common ?? []
    var words = [optimizer.title]
    if common.contains(.betas) {
      words.append("β " + optimizer.betas.map { "\($0)" }.joined(separator: " and "))
    }
    if common.contains(.epsilon) {
      words.append("ε \(Quantity.learningRate(optimizer.epsilon))")
    }
    return words.joined(separator: ", ")
  }

  private var sourceDefinitions: [HTML.Definition] {
    let machine = manifest.machine
    return [
      ("Run", manifest.id), ("SHA-256 of the corpus", manifest.corpus.digest),
      ("SHA-256 of the held-out text", manifest.corpus.validationDigest),
      (
        "Engine",
        "version \(manifest.engineVersion), \(machine.instructionSet), \(machine.matrixLibrary)"
      ),
      ("Memory", "\(Quantity.format(manifest.memoryBytes))B"), ("Page made by", program),
    ]
  }
}
