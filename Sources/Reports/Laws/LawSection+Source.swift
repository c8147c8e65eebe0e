import Runs
import ScalingLaws

extension Report {
  /// The ranges tried, the recipe, and where the runs were read.
  var rangesAndRecipe: HTML {
    let ranges = law.ranges
    var rows = [
      ("Parameters", Quantity.format(ranges.params.lower), Quantity.format(ranges.params.upper)),
      ("Tokens", Quantity.format(ranges.tokens.lower), Quantity.format(ranges.tokens.upper)),
      (
        "Learning rate", Quantity.learningRate(ranges.learningRate.lower),
        Quantity.learningRate(ranges.learningRate.upper)
      ),
    ]
    if let batch = ranges.batchTokens {
      rows.append(("Batch (tokens)", Quantity.format(batch.lower), Quantity.format(batch.upper)))
    }
    let body = rows.map {
      """
      <tr><th scope="row">\($0.0)</th><td class="n">\($0.1)</td><td class="n">\($0.2)</td></tr>
      """ as HTML
    }
    return """
      <h3>What was tried</h3>
      <div class="scroll" tabindex="0" role="region" aria-label="Ranges tried">
      <table><caption>Ranges of the runs</caption>
      <thead><tr><th scope="col">Quantity</th><th scope="col">Least</th><th scope="col">Greatest</th></tr></thead>
      <tbody>\(body)</tbody></table></div>
      <h3>Recipe and source</h3>
      \(HTML.definitions(recipe + source))
      """
  }

  /// What all runs share, as far as they say; a law holds for its recipe only.
  private var recipe: [HTML.Definition] {
    let recipe = law.recipe
    let decay = recipe.weightDecay.flatMap { decay in
      decay.value.map { value in
        Wording.decimal(value, digits: 3) + (decay.convention.map { " (\($0))" } ?? "")
      }
    }
    let schedule = recipe.scheduleKind.map { kind in
      kind + (recipe.scheduleDecay.map { ", decay over \(Wording.share($0))" } ?? "")
    }
    let known = [
      ("Trainer", recipe.trainer), ("Model family", recipe.family),
      ("Optimizer", recipe.optimizer), ("Weight decay", decay),
      ("Parametrization", recipe.parametrization), ("Schedule", schedule),
      ("Corpus", recipe.corpus), ("Tokenizer", recipe.tokenizer), ("Loss", recipe.lossKind),
    ].compactMap { name, value in value.map { (name, $0) } }
    let mixed =
      recipe.mixedFields.isEmpty
      ? [] : [("Differs between runs", recipe.mixedFields.joined(separator: ", "))]
    return (known.isEmpty ? [("Recipe", "the runs name nothing of it")] : known) + mixed
  }

  private var source: [HTML.Definition] {
    [("Runs", law.source.file)]
      + (law.source.digest.map { [("SHA-256 of the runs", $0)] } ?? [])
      + [
        ("Law format", "\(law.format), version \(law.version)"), ("Made by", program),
      ]
  }
}
