import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws
import Studies

struct Batch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the best and the critical batch size from sweeps over rate and batch.",
    discussion: """
      RUNS is a table or the folder of a study, as for vernier fit, with batch_tokens, tokens in one \
      optimizer step. Each batch size is judged at its own best learning rate, so it takes three rates \
      at each of three batch sizes. Horizons tell more: three of them at four batch sizes of one model \
      size give the critical batch.

      With --params and --tokens the answer is also for that run: its best batch, what others cost, the \
      factor on the learning rate that goes with them, and a ramp of the batch size.
      """)

  @Argument(help: ArgumentHelp("The runs.", valueName: "RUNS"))
  var runs: String

  @OptionGroup var target: TargetOptions

  @Option(help: "What to print: text, json, csv or markdown for tables of the cells.")
  var format = OutputFormat.text

  @Option(help: ArgumentHelp("Where a page with figures goes.", valueName: "HTML"))
  var report: String?

  @Option(help: ArgumentHelp("The plotly.min.js to put into the page.", valueName: "FILE"))
  var plotly: String?

  @OptionGroup var options: RunsOptions

  func validate() throws {
    _ = try target.scale()
    guard plotly == nil || report != nil else {
      throw ValidationError("--plotly is for the page; give --report FILE.html beside it.")
    }
  }

  func run() throws {
    let inputs = StudyFolder.ownPaths(at: runs) + [plotly].compactMap(\.self)
    let file = try report.map { try OutputFile($0, sparing: inputs, option: "--report") }
    let law = try options.law(fitting: runs)
    try target.check(try target.scale(), by: law)
    let progress = Progress("comparing batch sizes")
    let analysis: BatchAnalysis
    do {
      analysis = try BatchAnalysis(
        of: law, target: try target.scale(), confidence: options.confidence, seed: options.seed,
        progress: { progress.show($0) })
    } catch let error as BatchError {
      progress.end()
      throw UnreadableBatches(path: runs, reason: error)
    }
    progress.end()
    switch format {
    case .text: print(analysis.text)
    case .json: print(String(decoding: try JSONEncoder.results.encode(analysis), as: UTF8.self))
    case .csv: print(analysis.cellTable.csv)
    case .markdown: print(analysis.markdown)
    }
    if format != .json { for gap in analysis.gaps { printNote(gap.message) } }
    printWarnings(law.warnings.filter { Self.shown.contains($0.code) })
    guard let file else { return }
    let drawing = try plotlyScript(given: plotly)
    let page = try BatchReport(analysis, of: law, program: Vernier.nameAndVersion)
      .page(plotly: drawing)
    try file.write(Data(page.utf8))
    noteMissingFigures(drawing)
  }

  /// Those of the warnings about the runs that matter for batch sizes too.
  private static let shown: Set<FitWarning.Code> = [
    .simulatedRuns, .implausibleLosses, .mixedRecipe, .unknownKinds, .assumedTrunks,
    .misspeltColumn, .repeatedRows, .replicates, .unfinishedRuns,
  ]
}

/// Runs that say nothing of batch size, with the table that they stand in.
private struct UnreadableBatches: Error, CustomStringConvertible {
  let path: String
  let reason: BatchError

  var description: String { "\(path): \(reason)" }
}
