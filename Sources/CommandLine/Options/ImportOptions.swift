import ArgumentParser
import Foundation
import Interop

/// What the user says about logs.
struct ImportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read logs of this kind only: \(RunImporters.all.map(\.kind).joined(separator: ", ")).",
      valueName: "kind"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Keys of settings, columns or metrics for fields, with a factor where the unit differs.",
      discussion:
        "For example: learning_rate=optimizer.lr,batch_tokens=bs*2048,validation_loss=eval/c4",
      valueName: "field=key,..."))
  var map: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A field of every run, in place of what its log says.", valueName: "field=value"))
  var values: [String] = []

  @Option(
    help: ArgumentHelp(
      "A YAML file of set, map and loss. One named \(ImportMapping.fileName) beside logs is read by itself.",
      valueName: "FILE.yaml"))
  var mapping: String?

  @Option(
    help: """
      Which loss a record gets: automatic takes the held-out one where the run ends with it, else that \
      of training; or validation, or training.
      """)
  var loss: ImportChoices.LossChoice?

  func validate() throws {
    if mapping == nil { _ = try choices() }
  }

  /// What the options say, and then the mapping file.
  func choices() throws -> ImportChoices {
    var choices = ImportChoices()
    for value in values {
      let sides = value.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else {
        throw ValidationError("--set is '\(value)'; write it as field=value.")
      }
      do {
        try choices.set(String(sides[0]), to: String(sides[1]), at: "--set \(value)")
      } catch {
        throw ValidationError("\(error)")
      }
    }
    do {
      if let map { try choices.map(map) }
    } catch {
      throw ValidationError("\(error)")
    }
    if let loss { choices.loss = loss }
    return try mapping.map {
      choices.merging(
        try ImportMapping.read(URL(fileURLWithPath: $0).resolvingSymlinksInPath().path))
    } ?? choices
  }
}

extension ImportChoices.LossChoice: ExpressibleByArgument {}
