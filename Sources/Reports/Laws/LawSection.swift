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
    let body: HTML = """
      \(laws.map { formula($0.name, $0.law) })
      <p>N is the number of parameters, D the number of training tokens\
      \(law.rateAtBatch == nil ? "" : ", B the tokens in one optimizer step"). \(counted)</p>
      \(bendNote(laws.map(\.law)))
      <div class="scroll" tabindex="0" role="region" aria-label="Coefficients of the law">
      \(coefficients(laws))
      </div>
      \(method)
      <h3>How to read the interval</h3>
      <p>If you swept learning rates at the target, the basin of the losses should have its optimum between \
      \(Quantity.learningRate(prediction.optimum.lower)) and \(Quantity.learningRate(prediction.optimum.upper)) with \
      \(Wording.share(recommendation.confidence)) probability, provided that the law goes on to the \
      target in one of the forms that were tried and the recipe stays the same. It holds the law's \
      uncertainty, that of its form included, the spread of model sizes and of single cells around it, and \
      the error of the sweep itself. The recommended rate is the one with the least \
      expected loss over where the optimum may lie; it differs from the estimate of the optimum where a \
      miss to one side costs more than to the other.</p>
      \(rangesAndRecipe)
      """
    return Page.Section(id: "law", title: "The law", body: body)
  }

  private func formula(_ name: String, _ law: ScaleLaw) -> HTML {
    let constant = Double.exp(law.coefficient(of: .constant)?.value ?? 0)
    let factors = zip(law.terms, law.coefficients).compactMap { term, coefficient -> HTML? in
      guard let quantity = term.quantity, let centre = quantity.value(at: law.centre) else {
        return nil
      }
      return """
         <span class="factor">(<i>\(quantity.symbol)</i> / \(Quantity.format(centre)))<sup>\
        \(Wording.exponent(coefficient.value, places: 3))</sup></span>
        """
    }
    let bend: HTML =
      law.bends.isEmpty ? "" : " exp(\(bendWords(law.bends)))"
    let isRate = law.quantity != .batchTokens
    let leading = isRate ? Quantity.learningRate(constant, digits: 3) : Quantity.format(constant)
    return """
      <p class="formula"><span class="label">\(name)</span> \
      <span><i>\(isRate ? "LR" : "B")</i>* = \(leading)\(factors)\(bend)</span></p>

      """
  }

  /// The exponent of a factor that bends a law: its terms with their signs.
  private func bendWords(_ bends: [(letters: String, value: Double)]) -> HTML {
    let parts = bends.enumerated().map { place, bend -> HTML in
      let sign = bend.value < 0 ? "\u{2212}" : place == 0 ? "" : "+"
      let space = place == 0 ? "" : "\u{A0}"
      return """
        \(place == 0 ? "" : " ")\(sign)\(space)\(Wording.exponent(abs(bend.value), places: 3))\u{A0}\
        <i>\(bend.letters)</i>
        """
    }
    return "\(parts)"
  }

  /// What the letters of a bend are, and where the exponents hold.
  private func bendNote(_ laws: [ScaleLaw]) -> HTML {
    guard laws.contains(where: { !$0.bends.isEmpty }), let first = laws.first else { return "" }
    let letters = law.rateAtBatch == nil ? "n and d" : "n, d and b"
    let mixed =
      law.rateAtBatch == nil ? "Its coefficients" : "The coefficients of the first formula"
    let centre = Quantity.format(first.centre.params)
    return """
      <p>The exponents hold at the centre of the runs, where every fraction is 1. In exp(…) the letters \
      \(letters) are the natural logs of the fractions in the same formula, such as n = ln(N / \(centre)): \
      they bend the law, so that away from the centre its exponents are others. \(mixed) are means \
      over the forms that count; a straight form has no bend, which counts as 0.</p>
      """
  }

  private func coefficients(_ laws: [(name: String, law: ScaleLaw)]) -> HTML {
    let confidence = laws.first?.law.coefficients.first?.confidence ?? recommendation.confidence
    let rows = laws.flatMap { name, law in
      zip(law.terms, law.coefficients).map { term, estimate -> HTML in
        let text: (Double) -> String = { value in
          guard term == .constant else { return Wording.exponent(value, places: 3) }
          return law.quantity != .batchTokens
            ? Quantity.learningRate(.exp(value), digits: 3) : Quantity.format(.exp(value))
        }
        let what =
          term.symbol.map { "exponent of \($0)" } ?? term.letters.map { "curvature \($0)" }
          ?? "value at the centre"
        return """
          <tr><th scope="row">\(name)</th><td>\(what)</td><td class="n">\(text(estimate.value))</td>\
          <td class="n">\(text(estimate.lower))</td><td class="n">\(text(estimate.upper))</td></tr>

          """
      }
    }
    return """
      <table><caption>Coefficients with \(Wording.share(confidence)) intervals; the centre is the \
      scale in the formula, and exponents hold there</caption>
      <thead><tr><th scope="col">Law</th><th scope="col">Coefficient</th><th scope="col">Value</th>\
      <th scope="col">Lower end</th><th scope="col">Upper end</th></tr></thead>
      <tbody>\(rows)</tbody></table>
      """
  }
}

extension ScaleLaw {
  /// The terms that bend the law and do not round to nothing.
  var bends: [(letters: String, value: Double)] {
    zip(terms, coefficients).compactMap { term, coefficient in
      guard let letters = term.letters, abs(coefficient.value) >= 0.0005 else { return nil }
      return (letters, coefficient.value)
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
