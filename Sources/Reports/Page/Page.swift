/// A page that is one file and needs nothing else: a head, figures with their tables, sections.
struct Page {
  /// A part of the page with a heading.
  struct Section {
    var id: String
    var title: String
    var body: HTML

    var markup: HTML {
      """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(title)</h2>
      \(body)
      </section>

      """
    }
  }

  var title: String
  /// What the page says first, with a link to it before everything else.
  var head: HTML
  var headName: String
  /// What stands between the head and the list of parts.
  var remarks: [Section]
  var figures: [Figure]
  /// What follows the figures.
  var sections: [Section]
  /// The program and version that made the page.
  var program: String

  /// The page's text.
  ///
  /// Without plotly.js it has tables in place of figures, and says how to get them.
  ///
  /// - Parameter plotly: The text of plotly.js.
  /// - Returns: HTML; equal pages give equal bytes.
  /// - Throws: When a figure holds what JSON cannot, which is a fault of the program.
  func text(plotly: String?) throws -> String {
    let drawings = try figures.map { try $0.section(canDraw: plotly != nil).markup }
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
      <a class="skip" href="#\(Self.headID)">\(headName)</a>
      <main>
      <header id="\(Self.headID)">
      \(head)
      </header>
      \(remarks.map(\.markup))
      \(figures.isEmpty ? "" : plotly == nil ? Self.hint : Self.needsScript)
      \(contents)
      \(drawings)\(sections.map(\.markup))
      </main>
      <footer><p>Made by \(program). One file, no network.</p></footer>
      \(figures.isEmpty ? "" : plotly.map(Self.script) ?? "")
      </body>
      </html>

      """
    return html.source
  }

  private static let headID = "answer"

  /// The parts of the page, for those who look for one.
  private var contents: HTML {
    let parts = figures.map { ($0.id, $0.title) } + sections.map { ($0.id, $0.title) }
    return """
      <nav aria-label="On this page"><ul>
      \(parts.map { "<li><a href=\"#\($0.0)\">\($0.1)</a></li>\n" as HTML })</ul></nav>
      """
  }

  private static let needsScript: HTML = """
    <noscript><p class="aside">The figures need JavaScript; the tables behind them do not.</p></noscript>
    """

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
