import ArgumentParser
import Foundation
import Optimizers
import Runs

struct ListOptimizers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimizers",
    abstract: "List the update rules of the built-in trainer, their settings and their sources.",
    discussion: """
      In a run or study file a rule is named with its settings:

        optimizer: {name: muon, scale: moonlight, weight_decay: 0.1}

      Every rule takes weight_decay, decay_convention and clip, and none has a learning rate of its own. \
      Rules of matrices move the hidden ones; AdamW, with betas and epsilon, moves all else.

      Published rates of Muon are of several scales, which differ by the shape of a matrix:

        vernier optimizers muon --convert 0.02 --scale original --shape 4096x1024
      """)

  @Argument(help: ArgumentHelp("Show the settings of this one.", valueName: "NAME"))
  var name: String?

  @Flag(help: "Measure how long a step takes here, for a matrix of 1024 by 1024.")
  var time = false

  @OptionGroup var conversion: ScaleConversion

  @Option(help: "What to print: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError("--format is text or json.")
    }
  }

  func run() throws {
    if conversion.convert != nil { return try printConversion() }
    let kinds = try name.map { [try OptimizerCatalog.kind($0)] } ?? OptimizerCatalog.all
    switch format {
    case .json:
      let data = try JSONEncoder.results.encode(
        try kinds.map { kind in
          var listed = ListedOptimizer(kind)
          if time {
            listed.nanosecondsPerParameter = try OptimizerTiming(kind).nanosecondsPerParameter
          }
          return listed
        })
      print(String(decoding: data, as: UTF8.self))
    default:
      if time {
        print(try Self.times(kinds))
      } else {
        print(name == nil ? Self.table(kinds) : kinds.map(Self.page).joined(separator: "\n"))
      }
    }
  }

  private func printConversion() throws {
    let kind = try name.map { try OptimizerCatalog.kind($0) }
    guard kind?.hasScales == true else {
      let rules = OptimizerCatalog.all.filter(\.hasScales)
      throw ValidationError(
        "--convert is for rules whose rates have a scale; name one of "
          + rules.map(\.name).joined(separator: ", ") + ".")
    }
    print(
      format == .json
        ? String(
          decoding: try JSONEncoder.results.encode(conversion.converted), as: UTF8.self)
        : conversion.text)
  }

  private static func table(_ kinds: [OptimizerKind]) -> String {
    TextTable(
      ["optimizer", "moves", "source", "checked against"],
      kinds.map { [$0.name, $0.isForMatrices ? "matrices" : "all", $0.source, $0.reference] }
    ).text
  }

  private static func times(_ kinds: [OptimizerKind]) throws -> String {
    let rows = try kinds.map { kind in
      let time = try OptimizerTiming(kind).nanosecondsPerParameter
      return [kind.name, "\(time.rounded(significant: 3))"]
    }
    return TextTable(["optimizer", "ns a parameter and step"], rows).text
  }

  private static func page(_ kind: OptimizerKind) -> String {
    let settings = ListedOptimizer(kind).settings
    let rows = settings.map { [$0.name, $0.standard ?? "must be given", $0.values, $0.meaning] }
    return """
      \(kind.name): \(kind.source); checked against \(kind.reference)

      \(TextTable(["setting", "by default", "may be", "what it is"], rows).text)
      """
  }
}

extension OptimizerKind {
  /// Whether its rates are of one of Muon's scales.
  fileprivate var hasScales: Bool {
    settings.contains { setting in
      guard case .choice(let words, _) = setting.value else { return false }
      return Set(Muon.Scale.allCases.map(\.rawValue)).isSubset(of: words)
    }
  }
}

/// A rule as programs read it.
private struct ListedOptimizer: Encodable {
  var name: String
  var moves: String
  var source: String
  var reference: String
  var nanosecondsPerParameter: Double?
  var settings: [Setting]

  struct Setting: Encodable {
    var name: String
    /// `nil` where it must be given.
    var standard: String?
    var values: String
    var meaning: String
  }

  init(_ kind: OptimizerKind) {
    name = kind.name
    moves = kind.isForMatrices ? "matrices" : "all"
    source = kind.source
    reference = kind.reference
    let standard = OptimizerDescription()
    settings = kind.settings.map(Setting.init)
    if kind.common.contains(.betas) {
      settings.append(
        Setting(
          name: "betas", standard: "[\(standard.betas.map(\.plain).joined(separator: ", "))]",
          values: "two numbers from 0 to below 1",
          meaning: "the shares of the first and the second moment that a step keeps"))
    }
    if kind.common.contains(.epsilon) {
      settings.append(
        Setting(
          name: "epsilon", standard: standard.epsilon.plain, values: "a number above 0",
          meaning: "added to the root of the second moment"))
    }
    if kind.needsPlainLoss {
      settings.append(
        Setting(
          name: "clip", standard: nil, values: "none",
          meaning: "its steps need the loss whose gradients they get; z_loss must be 0"))
    }
    settings.append(
      Setting(
        name: "decay_convention", standard: kind.decays.first?.rawValue ?? "none",
        values: kind.decays.isEmpty
          ? "weight_decay must be 0" : kind.decays.map(\.rawValue).joined(separator: ", "),
        meaning: "what weight_decay means"))
  }
}

extension ListedOptimizer.Setting {
  fileprivate init(_ setting: OptimizerSetting) {
    name = setting.name
    meaning = setting.meaning
    switch setting.value {
    case .number(let bounds, let number):
      (standard, values) = (number?.plain ?? "none", bounds.text)
    case .flag(let flag): (standard, values) = ("\(flag)", "true, false")
    case .choice(let words, let word): (standard, values) = (word, words.joined(separator: ", "))
    }
  }
}
