import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The answer in big type, what it rests on, and what speaks against it.
  var head: HTML {
    let optimum = prediction.optimum
    let assumed: HTML =
      targetIsAssumed
      ? """
      <p class="aside">No target was given. This one has ten times the compute of the largest run, \
      spread evenly over parameters and tokens; give your own with <code>--params</code> and \
      <code>--tokens</code>.</p>
      """ : ""
    return """
      <header id="answer">
      <p class="kicker">Learning-rate report</p>
      <h1>Train \(Quantity.format(target.params)) parameters on \(Quantity.format(target.tokens)) \
      tokens with a peak learning rate of \
      <strong>\(Quantity.learningRate(recommendation.learningRate))</strong></h1>
      \(strip)
      <dl class="facts">
      \(fact(
        "Interval of the optimum", Wording.rates(optimum.lower, optimum.upper),
        "\(Wording.share(recommendation.confidence)); estimate \(Quantity.learningRate(optimum.value))"))
      \(fact("Batch size", batchFact.value, batchFact.detail))
      \(fact("Weight decay", weightDecayFact.value, weightDecayFact.detail))
      \(fact(
        "A miss costs",
        "\(Wording.percent(law.basin.penaltyPercent(at: 0.5))) at half",
        "and \(Wording.percent(law.basin.penaltyPercent(at: 2))) at twice the optimum; expected here: "
          + Wording.percent(recommendation.expectedLossPenaltyPercent)))
      </dl>
      \(assumed)
      </header>
      <section aria-labelledby="evidence">
      <h2 id="evidence">What it rests on</h2>
      \(evidence.map { "<p>\($0)</p>\n" as HTML })
      </section>
      \(warningsSection)
      """
  }

  private func fact(_ name: String, _ value: String, _ detail: String) -> HTML {
    "<div><dt>\(name)</dt><dd><b>\(value)</b> <span>\(detail)</span></dd></div>"
  }

  private var warningsSection: HTML {
    let warnings = recommendation.warnings
    guard !warnings.isEmpty else {
      return """
        <section aria-labelledby="warnings"><h2 id="warnings">Warnings</h2>
        <p>None: nothing was found in the runs or the target that makes this less sure than it looks.</p>
        </section>
        """
    }
    return """
      <section aria-labelledby="warnings">
      <h2 id="warnings">\(Wording.count(warnings.count, "warning"))</h2>
      <ul class="warnings">
      \(warnings.map {
        "<li><p>\($0.message.sentence)</p> <code>\($0.code.rawValue)</code></li>\n" as HTML
      })</ul>
      </section>
      """
  }

  /// A line of learning rates: those tried, the optimum's interval and the rate to use.
  private var strip: HTML {
    let tried = law.ranges.learningRate
    let optimum = prediction.optimum
    let rates = ClosedRange.logarithmic(
      around: [tried.lower, tried.upper, optimum.lower, optimum.upper], margin: 0.05)
    func place(_ rate: Double) -> Double {
      100 * .log(rate / rates.lowerBound) / .log(rates.upperBound / rates.lowerBound)
    }
    func bar(_ name: String, _ lower: Double, _ upper: Double) -> HTML {
      let left = Wording.decimal(place(lower), digits: 4)
      let width = Wording.decimal(place(upper) - place(lower), digits: 4)
      return "<i class=\"\(name)\" style=\"left:\(left)%;width:\(width)%\"></i>"
    }
    // A label at the very end would stand half outside.
    let ticks = LogTicks.places(in: rates, most: 5).filter { (4...96).contains(place($0)) }.map {
      rate in
      "<span style=\"left:\(Wording.decimal(place(rate), digits: 4))%\">\(Wording.tick(rate))</span>"
        as HTML
    }
    return """
      <div class="strip" role="img" aria-label="Learning rates tried from \
      \(Wording.rates(tried.lower, tried.upper)); optimum at the target between \
      \(Wording.rates(optimum.lower, optimum.upper)); recommended \
      \(Quantity.learningRate(recommendation.learningRate)).">\
      \(bar("tried", tried.lower, tried.upper))\(bar("interval", optimum.lower, optimum.upper))\
      <i class="use" style="left:\(Wording.decimal(place(recommendation.learningRate), digits: 4))%"></i>\
      \(ticks)</div>
      <p class="key" aria-hidden="true"><span><i class="tried"></i>rates tried in the runs</span>\
      <span><i class="interval"></i>interval of the optimum at the target</span>\
      <span><i class="use"></i>recommended</span></p>
      """
  }
}

extension String {
  /// The text with a capital and a full stop.
  fileprivate var sentence: String {
    let start = prefix(1).uppercased() + dropFirst()
    return start.hasSuffix(".") ? start : start + "."
  }
}
