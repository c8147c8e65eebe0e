import ArgumentParser
import Foundation
import Interop
import Runs
import ScalingLaws
import Studies

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a learning-rate law to finished runs.",
    discussion: """
      RUNS is a table or the folder of a study. A table, RUNS.csv, has a header with at least \(RunField.required.joined(separator: ", ")). One row is one \
      finished run or one annealed branch of a longer one. Rows of diverged runs belong in the table: \
      leave their loss empty.

      Other columns that are used where they are there: \
      \(RunField.optional.map(\.name).joined(separator: ", ")).
      """)

  @Argument(help: ArgumentHelp("The runs.", valueName: "RUNS"))
  var runs: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the law goes.", valueName: "LAW.json"))
  var output: String?

  @Option(
    help:
      "What to print: text, json for the law itself, csv or markdown for the optimum of each cell.")
  var format = OutputFormat.text

  @OptionGroup var options: RunsOptions

  func run() throws {
    let inputs = StudyFolder.ownPaths(at: runs)
    let file = try output.map { try OutputFile($0, sparing: inputs) }
    let law = try options.law(fitting: runs)
    let data = try LawFile.data(of: law)
    try file?.write(data)
    switch format {
    case .json: print(String(decoding: data, as: UTF8.self))
    case .text:
      print(
        ([law.summary] + [law.rateComparison?.summary].compactMap(\.self)).joined(separator: "\n"))
    case .csv: print(law.cellTable.csv)
    case .markdown: print(law.cellTable.markdown)
    }
    printWarnings(law.warnings)
  }
}
