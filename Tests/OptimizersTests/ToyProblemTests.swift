import Foundation
import Optimizers
import Testing

/// Every rule on the same small problems, and the table of them in the documentation.
@Suite struct ToyProblemTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Documentation/optimizers.md")
  private static let mark =
    "<!-- the table below is written by the tests: "
    + "VERNIER_WRITE_DOCUMENTATION=1 swift test --filter ToyProblemTests -->\n"
  /// Smaller ones are told as this: their digits are those of rounding.
  private static let least = 1e-9
  /// The loss that every rule comes under, as a part of that at the start.
  private static let wanted = ["quadratic": 1e-4, "noisy regression": 1e-2, "factorisation": 1e-4]

  @Test("every rule solves the toy problems, and the table of what each comes to is right")
  func table() throws {
    let problems = ToyProblem.all
    var rows: [(name: String, found: [Double])] = []
    for kind in OptimizerCatalog.all {
      let found = try problems.map { try ToyTrial(kind: kind, problem: $0).best() }
      rows.append((kind.name, found))
      for (problem, ratio) in zip(problems, found) {
        let wanted = try #require(Self.wanted[problem.name])
        #expect(ratio < wanted, "\(kind.name), \(problem.name)")
      }
    }
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let parts = text.components(separatedBy: Self.mark)
    try #require(parts.count == 2, "the page has lost the mark that the table follows")
    let old = parts[1].split(separator: "\n", omittingEmptySubsequences: false)
    let rest = old.drop { $0.isEmpty || $0.hasPrefix("|") }.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["VERNIER_WRITE_DOCUMENTATION"] == "1" {
      let lines =
        [
          Self.line(["optimizer"] + problems.map(\.name)),
          Self.line(problems.map { _ in "---" } + ["---"]),
        ]
        + rows.map { Self.line([$0.name] + $0.found.map(Self.written)) }
      let new = parts[0] + Self.mark + "\n" + lines.joined(separator: "\n") + "\n\n" + rest
      try Data(new.utf8).write(to: Self.page)
    }
    try Self.compare(rows)
  }

  /// To within the rounding of the table, and what mathematical libraries may differ by.
  private static func compare(_ rows: [(name: String, found: [Double])]) throws {
    let text = try String(contentsOf: page, encoding: .utf8)
    let lines = text.components(separatedBy: mark)[1].split(separator: "\n")
      .prefix { $0.hasPrefix("|") }.dropFirst(2)
    #expect(lines.count == rows.count)
    for (line, row) in zip(lines, rows) {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells.first == row.name)
      for (cell, found) in zip(cells.dropFirst(), row.found) {
        let matches =
          cell == written(found)
          || Double(cell).map { abs($0 - found) <= 0.1 * found } ?? false
        #expect(matches, "\(row.name): \(cell) and not \(written(found)); \(Self.mark)")
      }
      #expect(cells.count == row.found.count + 1)
    }
  }

  private static func written(_ ratio: Double) -> String {
    ratio < least ? "< 1e-9" : String(format: "%.1e", ratio).replacing("e-0", with: "e-")
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }
}
