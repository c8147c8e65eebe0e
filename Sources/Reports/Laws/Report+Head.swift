import RealModule
import Runs
import ScalingLaws

extension Report {
  /// The answer in big type.
  var head: HTML {
    let optimum = prediction.optimum
    let assumed: HTML =
      targetIsAssumed
      ? """
      <p class="aside">No target was given. This one has ten times the compute of the largest run, \
      spread evenly over parameters and tokens; give your own with <code>--params</code> and \
      <code>--tokens</code>.</p>
      """ : ""
    let facts: [HTML.Fact] = [
      (
        "Interval of the optimum", Wording.rates(optimum.lower, optimum.upper),
        "\(Wording.share(recommendation.confidence)); estimate \(Quantity.learningRate(optimum.value))"
      ),
      ("Batch size", batchFact.value, batchFact.detail),
      ("Weight decay", weightDecayFact.value, weightDecayFact.detail),
      (
        "A miss costs",
        "\(Wording.percent(law.basin.penaltyPercent(at: 0.5))) at half",
        "and \(Wording.percent(law.basin.penaltyPercent(at: 2))) at twice the optimum; expected here: "
          + Wording.percent(recommendation.expectedLossPenaltyPercent)
      ),
    ]
    return """
      <p class="kicker">Learning-rate report</p>
      <h1>Train \(Quantity.format(target.params)) parameters on \(Quantity.format(target.tokens)) \
      tokens with a peak learning rate of \
      <strong>\(Quantity.learningRate(recommendation.learningRate))</strong></h1>
      \(strip)
      \(HTML.facts(facts))
      \(assumed)
      """
  }

  /// What the answer rests on, and what speaks against it.
  var remarks: [Page.Section] {
    let warnings = recommendation.warnings
    let rests = Page.Section(
      id: "evidence", title: "What it rests on",
      body: "\(evidence.map { "<p>\($0)</p>\n" as HTML })")
    let warned =
      warnings.isEmpty
      ? Page.Section(
        id: "warnings", title: "Warnings",
        body: """
          <p>None: nothing was found in the runs or the target that makes this less sure than it looks.</p>
          """)
      : Page.Section(
        id: "warnings", title: Wording.count(warnings.count, "warning"),
        body: HTML.warnings(warnings.map { ($0.message, $0.code.rawValue) }))
    return [rests, warned]
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
