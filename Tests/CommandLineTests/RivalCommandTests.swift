import Foundation
import Support
import Testing

/// A study of several optimizers and schedules, as a user meets it.
@Suite struct RivalCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let study = """
    version: 1
    corpus: {kind: synthetic, seed: 0, vocabulary: 16}
    model: {family: llama, sequence_length: 32, sizes: [{width: 8, layers: 1}, {width: 16, layers: 1}]}
    tokens: [2k, 4k, 8k]
    learning_rates: {from: 2e-3, to: 2e-1, points: 5}
    batch_tokens: [128]
    optimizer:
      - {name: adamw}
      - {name: lion, learning_rates: {from: 2e-4, to: 2e-2, points: 5}}
    schedule: [{warmup_tokens: 512}, {kind: cosine, warmup_tokens: 512}]
    validation: {tokens: 2048, every: 4k}
    telemetry: {every: 512}
    checkpoint: {every: 1k}
    target: {params: 1M, tokens: 10M}

    """

  private func vernier(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(arguments, in: folder.path)
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("rivals are swept, compared, reported, and taken one at a time by the other commands")
  func path() throws {
    try folder.write(Self.study, to: "rivals.yaml")
    let sweep = try vernier("sweep", "rivals.yaml")
    #expect(sweep.status == 0, "\(sweep.errors)")
    for words in [
      "variant 1   adamw, wsd linear", "variant 4   lion, cosine", "behind the best",
      "LR sensitivity", "has the least loss at", "for ten times the compute",
      "vernier fit rivals --where variant=1",
    ] { #expect(sweep.output.contains(words), "no \(words) in \(sweep.output)") }

    let again = try json(try vernier("sweep", "rivals.yaml", "--format", "json").output)
    #expect(again["trained_tokens"] as? Int == 0)
    #expect((again["variants"] as? [Any])?.count == 4)
    let rivals = try #require(again["rivals"] as? [String: Any])
    let cells = try #require(rivals["cells"] as? [[String: Any]])
    #expect(cells.count == 2 * 3)
    let standings = try #require(cells[0]["standings"] as? [[String: Any]])
    #expect(standings.count == 4)
    #expect(standings.contains { $0["difference_percent"] as? Double == 0 })

    let all = try vernier("fit", "rivals")
    #expect(all.status == 1)
    #expect(all.errors.contains("has 4 variants"), "\(all.errors)")
    #expect(all.errors.contains("--where variant=N: 1 is adamw, wsd linear"), "\(all.errors)")
    let one = try vernier("fit", "rivals", "--where", "variant=2", "--output", "law.json")
    #expect(one.status == 0, "\(one.errors)")
    let named = try vernier(
      "fit", "rivals", "--where", "optimizer.name=adamw", "--where", "schedule.kind=cosine")
    #expect(named.output == one.output)
    #expect(
      try vernier("fit", "rivals", "--where", "optimizer.name=lion").errors.contains("4 variants"))
    let effective = try vernier("fit", "rivals", "--where", "variant=1", "--rate", "effective")
    #expect(effective.status == 0, "\(effective.errors)")
    #expect(effective.output.contains("effective LR* = "))
    let answer = try vernier("recommend", "--law", "rivals", "--where", "variant=3")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(try vernier("recommend", "--law", "rivals").errors.contains("4 variants"))

    let report = try vernier("report", "rivals", "--output", "all.html")
    #expect(report.status == 0, "\(report.errors)")
    let page = try folder.read("all.html")
    for words in [
      "Optimizers and schedules compared", "id=\"rivals\"", "lion, cosine", "Behind the best",
    ] {
      #expect(page.contains(words), "no \(words)")
    }
    #expect(
      try vernier("report", "rivals", "--where", "variant=1", "--output", "one.html").status == 0)
    #expect(!(try folder.read("one.html")).contains("Optimizers and schedules compared"))

    let table = try vernier("export", "rivals").output
    #expect(table.contains("schedule.shape") && table.contains("effective_learning_rate"))
    try folder.write(table, to: "runs.csv")
    #expect(
      try vernier("fit", "runs.csv").errors.contains("differ in optimizer.name")
        || vernier("fit", "runs.csv").errors.contains("differ in schedule.kind"))
  }

  @Test("what cannot be done with rivals is named, with what to do")
  func refused() throws {
    try folder.write(Self.study, to: "rivals.yaml")
    let target = ["plan", "rivals.yaml", "--params", "10k", "--tokens", "20k", "--budget", "1e12"]
    func plan(_ arguments: String...) throws -> VernierProcess {
      try VernierProcess(target + arguments, in: folder.path)
    }
    #expect(try plan().errors.contains("4 variants"))
    #expect(try plan("--where", "variant=3").status == 0)
    #expect(try plan("--where", "variant=5").errors.contains("from variant=1 to variant=4"))
    #expect(
      try vernier("quickstart", "quick", "--study", "rivals.yaml").errors.contains("4 variants"))
    try folder.write(
      Self.study + "hold_out: {model: {width: 24, layers: 1}, tokens: 12k}\n", to: "held.yaml")
    let held = try vernier("sweep", "held.yaml")
    #expect(held.status == 1)
    #expect(held.errors.contains("held.yaml:15:11: `hold_out` tests one law"), "\(held.errors)")
    try folder.write(
      Self.study.replacingOccurrences(
        of: "{name: lion, learning_rates: {from: 2e-4, to: 2e-2, points: 5}}",
        with: "{name: adamw, moves: hidden}"), to: "unknown.yaml")
    #expect(
      try vernier("sweep", "unknown.yaml").errors
        .contains("`optimizer`, number 2 of the list: adamw has no setting moves"))
    #expect(
      try vernier("recommend", "--where", "variant=1", "--params", "1B", "--tokens", "1T").errors
        .contains("--where is for the folder of a study"))
  }
}
