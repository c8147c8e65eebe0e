import Foundation
import Reports

/// The text of plotly.js from the named file or the usual places; `nil` where there is none.
func plotlyScript(given path: String?) throws -> String? {
  try PlotlyFile.text(
    given: path, executable: Bundle.main.executableURL,
    folder: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
}

/// Says what a page lacks that was made without plotly.js, and how to get it.
func noteMissingFigures(_ script: String?) {
  guard script == nil else { return }
  printNote(
    "plotly.js was not found, so the page has tables but no figures; run pip install plotly in .venv, "
      + "or give vernier report --plotly plotly.min.js")
}
