import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws

struct Curves: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict loss curves of other schedules, and say how much of a run to decay.",
    discussion: """
      FILE is the log of one run: a CSV with step, learning_rate (or lr) and loss, a row for each logged \
      step. All files are of one model and one batch size at one peak learning rate, with different \
      schedules: a constant one, a cosine and a two-stage one are enough. A law is fitted to those named \
      by --fit, or to all, and judged on the others. Of a log of more than 600 rows some hundred are \
      kept, evenly in log step and where the rate changes; sums of rates are those of all rows.

        vernier curves constant.csv cosine.csv two-stage.csv wsd.csv --fit constant,cosine,two-stage
        vernier curves constant.csv cosine.csv two-stage.csv --steps 24000
        vernier curves constant.csv cosine.csv two-stage.csv --predict planned.csv --format csv

      The law carries over the shape and the length of schedules and not over the peak learning rate: it \
      cannot say which peak is best.
      """)

  @Argument(help: ArgumentHelp("Logs of runs.", valueName: "FILE.csv"))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The files to fit, by name with or without .csv; the others are predicted.",
      valueName: "name,..."))
  var fit: String?

  @Option(
    help: ArgumentHelp(
      "A schedule to predict: a CSV like the others, whose losses may be missing.",
      valueName: "FILE.csv"))
  var predict: [String] = []

  @Option(help: "Which law: multi-power or annealing.")
  var law = LossCurveFit.Options().form

  @Option(
    help: ArgumentHelp(
      "For how many steps the rate rose from 0, where the logs begin later; by default the first step "
        + "of any log.", valueName: "n"))
  var warmupSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Advise on the schedule of a run of this many steps, warm-up included.", valueName: "n"))
  var steps: QuantityArgument?

  @Option(
    help: ArgumentHelp(
      "What the advised decays end at, over the peak; by default the least of the fitted curves.",
      valueName: "0..1"))
  var floor: Double?

  @Option(
    help: ArgumentHelp(
      "Columns for fields, such as step=iteration,loss=train_loss.", valueName: "field=column,..."))
  var map: String?

  @Option(help: ArgumentHelp("Share of the intervals.", valueName: "0..1"))
  var confidence = LossCurveFit.Options().confidence

  @Option(help: ArgumentHelp("Names the random streams of the intervals.", valueName: "n"))
  var seed = LossCurveFit.Options().seed

  @Option(
    help: "What to print: text, json, markdown for the accuracy, csv for the predicted curves.")
  var format = OutputFormat.text

  @Option(
    help: ArgumentHelp("Write the curves, the errors and the advice as a page.", valueName: "HTML"))
  var report: String?

  @Option(help: ArgumentHelp("The plotly.min.js to put into the page.", valueName: "FILE"))
  var plotly: String?

  func validate() throws {
    try validateConfidence(confidence)
    if let warmupSteps, warmupSteps < 0 {
      throw ValidationError("--warmup-steps is \(warmupSteps); give 0 or more.")
    }
    if let floor, !(0..<1).contains(floor) {
      throw ValidationError(
        "--floor is \(floor.plain); give a share of the peak, from 0 to below 1.")
    }
    if let steps, !(100...1e9).contains(steps.value) {
      throw ValidationError("--steps is \(steps.value.plain); give 100 to 1e9 steps.")
    }
    if floor != nil, steps == nil {
      throw ValidationError("--floor needs --steps beside it.")
    }
    if plotly != nil, report == nil {
      throw ValidationError("--plotly needs --report beside it.")
    }
    let names = (files + predict).map(CurveFile.name)
    for (place, name) in names.enumerated() where names[..<place].contains(name) {
      throw ValidationError(
        "two files are called \(name), and curves are told apart by name; rename one.")
    }
  }

  func run() throws {
    let inputs = files + predict + [plotly].compactMap(\.self)
    let page = try report.map { try OutputFile($0, sparing: inputs, option: "--report") }
    let drawing = page == nil ? nil : try plotlyScript(given: plotly)
    let result = try study()
    try page?.write(
      Data(try CurvesReport(result, program: Vernier.nameAndVersion).page(plotly: drawing).utf8))
    switch format {
    case .text: print(result.text)
    case .json: print(try CurveResult(result).json())
    case .csv: print(result.curveTable.csv)
    case .markdown: print(result.accuracyTable.markdown)
    }
    if page != nil { noteMissingFigures(drawing) }
    printWarnings(result.warnings)
  }

  private func study() throws -> CurveStudy {
    let fitted = try fittedNames()
    let columns = try columnMap()
    var known: [LossCurve] = []
    var others: [LossCurve] = []
    for file in files {
      let curve = try CurveFile.read(file, map: columns, needsLoss: true)
      if fitted.contains(curve.name) { known.append(curve) } else { others.append(curve) }
    }
    for file in predict {
      others.append(try CurveFile.read(file, map: columns, needsLoss: false))
    }
    var options = LossCurveFit.Options()
    options.form = law
    options.warmupSteps = warmupSteps
    options.confidence = confidence
    options.seed = seed
    let progress = Progress("fitting")
    defer { progress.end() }
    return try CurveStudy(
      fitting: known, predicting: others, options: options, steps: steps.map { Int($0.value) },
      floor: floor, progress: { progress.show($0) })
  }

  /// The names of the curves to fit.
  private func fittedNames() throws -> Set<String> {
    let names = files.map(CurveFile.name)
    guard let fit else { return Set(names) }
    var chosen: Set<String> = []
    for text in fit.split(separator: ",").map({ String($0) }) {
      let name = CurveFile.name(of: text)
      guard names.contains(name) else {
        throw ValidationError(
          "--fit \(text) is none of the files"
            + (name.nearest(in: names).map { "; did you mean \($0)?" }
              ?? ", which are \(names.joined(separator: ", "))"))
      }
      chosen.insert(name)
    }
    return chosen
  }

  private func columnMap() throws -> ColumnMap {
    do {
      return try map.map(CurveTable.map(parsing:)) ?? ColumnMap()
    } catch {
      throw ValidationError("\(error)")
    }
  }
}

extension LossCurveForm: ExpressibleByArgument {}

/// The file of a curve.
private enum CurveFile {
  /// What a curve is called: its file's name without .csv.
  static func name(of path: String) -> String {
    let name = URL(fileURLWithPath: path).lastPathComponent
    return name.hasSuffix(".csv") ? String(name.dropLast(4)) : name
  }

  static func read(_ path: String, map: ColumnMap, needsLoss: Bool) throws -> LossCurve {
    try LossCurve(
      name: name(of: path), points: try CurveTable.read(path, map: map, needsLoss: needsLoss))
  }
}
