import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The law, its numbers, how it was fitted and on what.
  var lawSection: Page.Section {
    let laws: [(name: String, law: ScaleLaw)] =
      [
        (
          law.batch == nil
            ? "Optimal learning rate" : "Optimal learning rate at the best batch size", law.rate
        )
      ]
      + [law.rateAtBatch.map { ("Optimal learning rate at batch size B", $0) }].compactMap(\.self)
      + [law.batch.map { ("Best batch size, in tokens", $0) }].compactMap(\.self)
    let counted: HTML =
      law.paramsKind == .unspecified
      ? "The runs do not say what their parameter count counts: count the target's in the same way."
      : "N counts \(law.paramsKind.words)."
    let drawing =
      law.rateAtBatch == nil
      ? ""
      : " Where several batch sizes were swept, a cell's batch sizes count by how well they do, and the "
        + "fit first draws each one's optimum towards the law across batch sizes, the more the less "
        + "sure it is; figures show optima before that."
    let body: HTML = """
      \(laws.map { formula($0.name, $0.law) })
      <p>N is the number of parameters, D the number of training tokens\
      \(law.rateAtBatch == nil ? "" : ", B the tokens in one optimizer step"). \(counted)</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Coefficients of the law">
      \(coefficients(laws))
      </div>
      <h3>How it was fitted</h3>
      <p>All cells share one shape of basin: loss rises as one power of the rate below the optimum and \
      as another above it, so it may rise faster on one side, and each basin has its own floor and \
      depth. The optimum of a cell comes from its own runs under that shape; cells whose best run is at \
      the edge of the sweep are left out.\(drawing) A weighted least-squares fit in logarithms then \
      gives the exponents, with weak priors and with spread of cells and of model sizes around the law. The \
      intervals come from \(Wording.count(law.rate.draws.cellDeviations.count)) draws of the whole law, \
      each with new errors for every trunk as a whole, never for single branches of one: a trunk is one \
      independent experiment, and there \(law.source.trunks == 1 ? "is" : "are") \
      \(Wording.count(law.source.trunks)).</p>
      <h3>How to read the interval</h3>
      <p>If you swept learning rates at the target, the best one you would find should lie between \
      \(Quantity.learningRate(prediction.optimum.lower)) and \(Quantity.learningRate(prediction.optimum.upper)) with \
      \(Wording.share(recommendation.confidence)) probability, provided that the same power law goes on \
      to the target and the recipe stays the same. It holds the law's uncertainty, the spread of single \
      cells around it and the error of the sweep itself. The recommended rate is the one with the least \
      expected loss over that interval; it differs from the estimate of the optimum where a miss to \
      one side costs more than to the other.</p>
      \(rangesAndRecipe)
      """
    return Page.Section(id: "law", title: "The law", body: body)
  }

  private func formula(_ name: String, _ law: ScaleLaw) -> HTML {
    let constant = Double.exp(law.coefficient(of: .constant)?.value ?? 0)
    let factors = zip(law.terms, law.coefficients).compactMap { term, coefficient -> HTML? in
      guard let symbol = term.symbol, let centre = law.centre(of: term) else { return nil }
      return """
         <span class="factor">(<i>\(symbol)</i> / \(Quantity.format(centre)))<sup>\
        \(Wording.exponent(coefficient.value, places: 3))</sup></span>
        """
    }
    let isRate = law.quantity == .learningRate
    let leading = isRate ? Quantity.learningRate(constant, digits: 3) : Quantity.format(constant)
    return """
      <p class="formula"><span class="label">\(name)</span> \
      <span><i>\(isRate ? "LR" : "B")</i>* = \(leading)\(factors)</span></p>

      """
  }

  private func coefficients(_ laws: [(name: String, law: ScaleLaw)]) -> HTML {
    let confidence = laws.first?.law.coefficients.first?.confidence ?? recommendation.confidence
    let rows = laws.flatMap { name, law in
      zip(law.terms, law.coefficients).map { term, estimate -> HTML in
        let text: (Double) -> String = { value in
          guard term == .constant else { return Wording.exponent(value, places: 3) }
          return law.quantity == .learningRate
            ? Quantity.learningRate(.exp(value), digits: 3) : Quantity.format(.exp(value))
        }
        let what = term.symbol.map { "exponent of \($0)" } ?? "value at the centre"
        return """
          <tr><th scope="row">\(name)</th><td>\(what)</td><td class="n">\(text(estimate.value))</td>\
          <td class="n">\(text(estimate.lower))</td><td class="n">\(text(estimate.upper))</td></tr>

          """
      }
    }
    return """
      <table><caption>Coefficients with \(Wording.share(confidence)) intervals; the centre is the \
      scale in the formula</caption>
      <thead><tr><th scope="col">Law</th><th scope="col">Coefficient</th><th scope="col">Value</th>\
      <th scope="col">Lower end</th><th scope="col">Upper end</th></tr></thead>
      <tbody>\(rows)</tbody></table>
      """
  }
}

extension ScaleLaw {
  /// The scale at which the factor of `term` is 1.
  fileprivate func centre(of term: LawTerm) -> Double? {
    switch term {
    case .constant: nil
    case .params: centre.params
    case .tokens: centre.tokens
    case .batch: centre.batchTokens
    }
  }
}

extension ParameterCountKind {
  /// What is counted, in words.
  fileprivate var words: String {
    switch self {
    case .unspecified: "parameters"
    case .total: "all parameters"
    case .nonEmbedding: "parameters without embeddings"
    case .active: "parameters active for a token"
    }
  }
}
