import ArgumentParser
import Interop
import Runs
import ScalingLaws
import Studies

struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recommend a learning rate for a target, by a fitted law or by all published ones.",
    discussion: """
      Without --law the published laws are shown side by side: what each gives, where it was fitted, \
      what it assumes and needs, and how far they disagree. They answer for --params or --model, on \
      --tokens; with --anchor each is fitted to a rate that you have measured.

      With --law, learning_rate is the one to use: it minimises expected loss. optimum is the estimate of the \
      minimum itself, and lower to upper the interval for the optimum that a sweep at the target \
      would measure.
      """)

  @Option(
    help: ArgumentHelp(
      "A law made by vernier fit, or the folder of a study, whose runs are then fitted.",
      valueName: "LAW.json|DIR"))
  var law: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Of a study with several variants, which: variant=1, or a field of its runs and its text.",
      valueName: "field=text"))
  var filters: [String] = []

  @OptionGroup var target: TargetOptions

  @Option(
    help: ArgumentHelp(
      "Many targets: a table with params, tokens and, where wanted, batch_tokens and active_share.",
      valueName: "TARGETS.csv"))
  var targets: String?

  @OptionGroup var circumstances: CircumstanceOptions
  @OptionGroup(title: "Published laws, without --law") var published: PublishedOptions

  @Option(help: ArgumentHelp("Share of the interval.", valueName: "0..1"))
  var confidence = FitOptions().confidence

  @Option(help: "How to print: text, json, csv or markdown.")
  var format = OutputFormat.text

  func validate() throws {
    try validateConfidence(confidence)
    guard law != nil else {
      try published.validate(target, targets: targets)
      return
    }
    try published.refuse()
    let single = try target.scale()
    guard single == nil || targets == nil else {
      throw ValidationError("Give one target by --params and --tokens, or many by --targets.")
    }
  }

  func run() throws {
    if let law {
      try recommend(by: law)
    } else {
      guard filters.isEmpty else {
        throw ValidationError("--where is for the folder of a study, given by --law.")
      }
      try published.compare(
        target, circumstances.circumstances, targets: targets, confidence: confidence, format)
    }
  }

  private func recommend(by path: String) throws {
    let study = try StudyFolder(at: path).map { try StudyReading($0).choosing(where: filters) }
    guard study != nil || filters.isEmpty else {
      throw ValidationError("--where is for the folder of a study; \(path) is none.")
    }
    let scales = try self.scales(of: study)
    let law =
      if let study {
        try study.fitted().law
      } else if try ImportedStudy(at: path) != nil {
        try RunsOptions.parse([]).law(fitting: path)
      } else {
        try LawFile.read(path)
      }
    try law.checkDraws(for: confidence)
    try check(scales, by: law)
    let progress = Progress("answering")
    let recommendations = scales.enumerated().map { index, target in
      if index.isMultiple(of: 100) { progress.show(Double(index) / Double(scales.count)) }
      var answer = Recommendation(law, at: target.scale, confidence: confidence)
      answer.warnings += circumstances.circumstances.warnings(
        at: target.scale, lawIsAnnealed: law.recipe.isAnnealed
      ) { Recommendation(law, at: $0, confidence: confidence).learningRate }
      return answer
    }
    progress.end()
    switch format {
    case .text: print(recommendations.map(\.text).joined(separator: "\n\n"))
    case .json: print(try recommendations.json(asList: targets != nil))
    case .csv: print(recommendations.table.csv)
    case .markdown: print(recommendations.table.markdown)
    }
    if format != .json {
      var shown: Set<FitWarning> = []
      printWarnings(recommendations.flatMap(\.warnings).filter { shown.insert($0).inserted })
    }
  }

  /// The targets: those asked for, else the study's own.
  private func scales(of study: StudyReading?) throws -> [(scale: RunScale, line: Int?)] {
    if let targets { return try TargetTable.read(targets).map { ($0.scale, $0.line) } }
    if let scale = try target.scale() { return [(scale, nil)] }
    guard let scale = study?.study.targetScale else {
      throw ValidationError(
        "Give one target by --params and --tokens, or many by --targets"
          + (study == nil ? "." : "; the study names none."))
    }
    return [(scale, nil)]
  }

  /// Refuses targets that `law` has no answer for, with the line of the first.
  private func check(_ scales: [(scale: RunScale, line: Int?)], by law: LearningRateLaw) throws {
    for (scale, line) in scales {
      do {
        try target.check(scale, by: law)
      } catch let error as TargetError {
        guard let targets, let line else { throw error }
        throw UnanswerableTarget(path: targets, line: line, reason: error)
      }
    }
  }
}

/// A target that has no answer, with the table that it stands in.
private struct UnanswerableTarget: Error, CustomStringConvertible {
  let path: String
  let line: Int
  let reason: TargetError

  var description: String { "\(path):\(line): \(reason)" }
}
