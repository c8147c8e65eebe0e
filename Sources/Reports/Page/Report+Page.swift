import Runs
import ScalingLaws

extension Report {
  /// The report as one file that needs nothing else.
  ///
  /// Without plotly.js the page has tables in place of figures, and says how to get them.
  ///
  /// - Parameter plotly: The text of plotly.js.
  /// - Returns: HTML; equal reports give equal bytes.
  /// - Throws: When a figure holds what JSON cannot, which is a fault of the program.
  package func page(plotly: String?) throws -> String {
    let sections = try figures.map { try $0.section(canDraw: plotly != nil) }
    let html: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
      <title>\(title)</title>
      <style>\(HTML(trusted: StyleSheet.text))</style>
      </head>
      <body>
      <a class="skip" href="#answer">To the answer</a>
      <main>
      \(head)
      \(plotly == nil ? Self.hint : "<noscript><p class=\"aside\">The figures need JavaScript; the tables behind them do not.</p></noscript>")
      \(contents)
      \(sections)\(holdOutWords)\(lawSection)
      </main>
      <footer><p>Made by \(program). One file, no network.</p></footer>
      \(plotly.map(Self.script) ?? "")
      </body>
      </html>

      """
    return html.source
  }

  private var title: String {
    "\(Quantity.learningRate(recommendation.learningRate)) for \(Quantity.format(target.params)) parameters on "
      + "\(Quantity.format(target.tokens)) tokens"
  }

  /// The parts of the page, for those who look for one.
  private var contents: HTML {
    let parts = figures.map { ($0.id, $0.title) } + [("law", "The law")]
    return """
      <nav aria-label="On this page"><ul>
      \(parts.map { "<li><a href=\"#\($0.0)\">\($0.1)</a></li>\n" as HTML })</ul></nav>
      """
  }

  /// Why there is no test, where there is none.
  private var holdOutWords: HTML {
    guard law.holdOut == nil else { return "" }
    return """
      <section aria-labelledby="hold-out">
      <h2 id="hold-out">The test: predicting the largest runs without them</h2>
      <p>\(noHoldOutSentence) The test needs enough cells to fit a law on when the largest quarter is \
      left out; these runs have \(Wording.count(locatedCells.count, "cell")) with a located optimum.</p>
      </section>

      """
  }

  private static let hint: HTML = """
    <p class="aside" id="no-figures">The figures are missing because plotly.js was not found when this \
    page was made; every table is here. To get the figures, run <code>pip install plotly</code> in a \
    <code>.venv</code> beside your work, or give the file with <code>--plotly plotly.min.js</code>, and \
    make the report again.</p>
    """

  private static func script(_ plotly: String) -> HTML {
    // Inside a script element only these two would be read as markup.
    let safe = plotly.replacing("</script", with: "<\\/script").replacing("<!--", with: "<\\!--")
    return
      "<script>\(HTML(trusted: safe))</script>\n<script>\(HTML(trusted: PageScript.text))</script>"
  }
}
