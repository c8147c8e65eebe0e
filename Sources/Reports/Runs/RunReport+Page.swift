import Foundation
import Runs

extension RunReport {
  /// The run as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "\(runWords): \(ending.short)", head: head, headName: "To how it stands",
      remarks: [whatHappened].compactMap(\.self), figures: figures, sections: [recipe],
      program: program
    ).text(plotly: plotly)
  }

  private var head: HTML {
    """
    <p class="kicker">Training run \(manifest.id)</p>
    <h1>Training \(Quantity.format(Double(manifest.paramsTotal))) parameters on \
    \(Quantity.format(Double(description.tokens))) tokens with a peak learning rate of \
    \(Quantity.learningRate(description.learningRate)) \(ending.words) \
    <strong>\(ending.short)</strong></h1>
    \(HTML.facts([lossFact, progressFact, batchFact, corpusFact]))
    """
  }

  private var runWords: String {
    "\(Quantity.format(Double(manifest.paramsTotal))) parameters on "
      + "\(Quantity.format(Double(description.tokens))) tokens at "
      + Quantity.learningRate(description.learningRate)
  }

  /// How the run stands: the end of the headline's sentence, and what is set in big type.
  private var ending: (words: String, short: String) {
    switch standing {
    case .notBegun: ("has", "not begun")
    case .running: ("has come to", doneWords)
    case .finished(let loss?, let error): ("ended at a loss of", Wording.measured(loss, error))
    case .finished(nil, _): ("has", "finished")
    case .diverged: ("has", "diverged")
    case .stopped: ("was", "stopped at \(doneWords)")
    case .failed: ("has", "failed at \(doneWords)")
    }
  }

  private var doneWords: String {
    let percent = 100 * Double(stepsDone) / Double(description.steps)
    // Rounded down: what is not done never reads as 100 %.
    return "\(percent < 1 ? Wording.decimal(percent, digits: 1) : "\(Int(percent))")\u{A0}%"
  }

  private var whatHappened: Page.Section? {
    let (title, message): (String, String)
    switch standing {
    case .notBegun: (title, message) = ("No step yet", "make the report again once there is one")
    case .running, .finished: return nil
    case .diverged(let step, let reason):
      title = "It diverged"
      message =
        "seen at step \(Wording.count(step))\(reason.map { ": \($0)" } ?? ""). The run is evidence "
        + "too: keep it in a table of runs, with an empty loss"
    case .stopped(let reason):
      title = "It was stopped"
      message =
        "after \(Wording.count(stepsDone, "step"))"
        + "\(reason.map { " (\($0))" } ?? ""); the same command goes on from its last checkpoint"
    case .failed(let reason):
      title = "It failed"
      message =
        "after \(Wording.count(stepsDone, "step"))\(reason.map { ": \($0)" } ?? "")"
    }
    return Page.Section(
      id: "standing", title: title, body: HTML.warnings([(message, nil)]))
  }
}
