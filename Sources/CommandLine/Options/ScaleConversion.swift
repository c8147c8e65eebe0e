import ArgumentParser
import Optimizers
import Runs

/// A learning rate of one of Muon's scales, in all of them.
struct ScaleConversion: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Convert this learning rate of --scale to the rule's other scales, for each --shape.",
      valueName: "rate"))
  var convert: Double?

  @Option(help: ArgumentHelp("The scale that the rate is of.", valueName: "name"))
  var scale: String?

  @Option(
    help: ArgumentHelp(
      "A matrix, by its rows (fan-out) and columns (fan-in); may be given again.",
      valueName: "RxC"))
  var shape: [Shape] = []

  struct Shape: ExpressibleByArgument {
    var rows: Int
    var columns: Int

    init?(argument: String) {
      let sides = argument.split(separator: "x", omittingEmptySubsequences: false)
        .compactMap { Int($0) }
      guard sides.count == 2, sides.allSatisfy({ $0 > 0 }),
        argument.count(where: { $0 == "x" }) == 1
      else { return nil }
      (rows, columns) = (sides[0], sides[1])
    }
  }

  /// The rate for one matrix.
  struct Converted: Encodable {
    var rows: Int
    var columns: Int
    /// By scale.
    var learningRates: [String: Double]
  }

  func validate() throws {
    guard let convert else {
      guard scale == nil, shape.isEmpty else {
        throw ValidationError("--scale and --shape are of a rate: give --convert with it.")
      }
      return
    }
    guard convert > 0, convert.isFinite else {
      throw ValidationError("--convert is \(convert); give a learning rate above 0.")
    }
    let names = Muon.Scale.allCases.map(\.rawValue)
    guard let scale else {
      throw ValidationError(
        "--convert needs the --scale of its rate: \(names.joined(separator: ", ")).")
    }
    guard names.contains(scale) else {
      throw ValidationError("--scale is \(scale); give one of \(names.joined(separator: ", ")).")
    }
    guard !shape.isEmpty else {
      throw ValidationError(
        "--convert needs a --shape, as scales differ by it; give rows and columns, such as 4096x1024."
      )
    }
  }

  /// Empty where nothing is to be converted.
  var converted: [Converted] {
    guard let convert, let scale = scale.flatMap(Muon.Scale.init) else { return [] }
    return shape.map { shape in
      Converted(
        rows: shape.rows, columns: shape.columns,
        learningRates: Dictionary(
          uniqueKeysWithValues: Muon.Scale.allCases.map { other in
            (
              other.rawValue,
              scale.convert(convert, to: other, rows: shape.rows, columns: shape.columns)
            )
          }))
    }
  }

  var text: String {
    let names = Muon.Scale.allCases.map(\.rawValue)
    let table = TextTable(
      ["matrix"] + names,
      converted.map { row in
        ["\(row.rows)x\(row.columns)"]
          + names.map { row.learningRates[$0].map { $0.rounded(significant: 4).plain } ?? "" }
      })
    return table.text
      + "\nWith decoupled decay, weight_decay changes the other way, so that their product stays."
  }
}
