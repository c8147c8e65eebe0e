import Foundation
import Interop
import Runs
import Support
import Testing

/// What `vernier export` writes is read back as the same runs.
@Suite struct ExportRoundTripTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A record that has every field a table can have.
  private static var full: RunRecord {
    var record = RunRecord(params: 1.25e8, tokens: 2.6e9, learningRate: 3.1e-4, loss: 3.0625)
    record.id = "run-1"
    record.source = RunSource(file: "/logs/a, \"b\"/run.log", line: 7)
    (record.trainer, record.engineVersion, record.family) = ("tool", "1.2.3", "llama")
    record.paramsKind = .nonEmbedding
    (record.paramsTotal, record.paramsNonEmbedding) = (1.5e8, 1.25e8)
    record.paramsActive = 1.1e8
    (record.width, record.layers, record.heads, record.kvHeads) = (768, 12, 12, 4)
    (record.headWidth, record.ffnWidth, record.vocabulary, record.tied) = (64, 2048, 50_304, false)
    (record.experts, record.expertsActive, record.sequenceLength) = (8, 2, 1024)
    (record.batchTokens, record.steps) = (524_288, 4959.1)
    (record.trunk, record.branchStep) = ("trunk 1", 1000)
    record.learningRateByRole = ["embedding": 0.01, "hidden.0": 1.0 / 3]
    record.effectiveLearningRate = 0.123
    record.schedule.kind = "wsd"
    (record.schedule.warmup, record.schedule.decay, record.schedule.floor) = (1e7, 0.2, 0)
    (record.schedule.shape, record.schedule.settings) = ("sqrt", "checkpoints=8")
    record.remedies = "qk_norm z_loss=0.0001"
    record.weightDecay = RecordedWeightDecay(value: 0.1, convention: "independent")
    record.optimizer.name = "muon"
    (record.optimizer.beta1, record.optimizer.beta2) = (0.9, 0.95)
    (record.optimizer.epsilon, record.optimizer.clip) = (1e-15, 1)
    (record.parametrization, record.seed) = ("mup", "007")
    record.corpus = "web, \"books\"\nand 'code'; a=b\r\nlast"
    (record.corpusDigest, record.tokenizer) = ("abc", "ünï,code")
    (record.lossKind, record.lossStandardError) = ("validation", 0.1 + 0.2)
    (record.evaluationDigest, record.initialLoss) = ("def", 10.8)
    record.divergedAt = 12
    return record
  }

  /// Runs that ended in every way, each with some fields alone.
  private static var records: [RunRecord] {
    var diverged = RunRecord(params: 1e8, tokens: 2e9, learningRate: 1, loss: nil)
    (diverged.id, diverged.status, diverged.divergedAt) = ("d1", .diverged, 700)
    var high = RunRecord(params: 1e8, tokens: 2e9, learningRate: 2, loss: 11.5)
    (high.id, high.status, high.initialLoss) = ("d2", .diverged, 10.5)
    var cut = RunRecord(params: 1e8, tokens: 2e9, learningRate: 3, loss: 4)
    (cut.id, cut.status, cut.tied) = ("u1", .unfinished, true)
    var lossless = cut
    (lossless.id, lossless.loss, lossless.corpus) = ("u2", nil, "two\nlines")
    var records = [full, diverged, high, cut, lossless]
    for index in 1..<records.count { records[index].source = RunSource(file: "/logs/run") }
    return records
  }

  private static let curves: [[ImportedRun.CurvePoint]] = [
    [
      .init(step: 0, tokens: 0, loss: 10.8, validationLoss: 10.9, learningRate: 0),
      .init(step: 10, tokens: 5.5e6, loss: 1.0 / 3, learningRate: 1e-17),
      .init(step: 1 << 40, validationLoss: 3.0625),
    ],
    [.init(step: 1, loss: 9)], [], [.init(step: 5)], [],
  ]

  private func read(_ data: Data, _ name: String) throws -> [ImportedRun] {
    let path = folder.file(name)
    try data.write(to: URL(fileURLWithPath: path))
    let finding = try #require(try LogSearch(path).findings.first)
    #expect(finding.importer.kind == "runs")
    let place = try PlaceImport(finding, choices: ImportChoices())
    if let error = place.read() { throw error }
    return place.contents.runs
  }

  @Test("the record of these tests has every field that a table can have")
  func everyField() {
    let unwritten: Set = ["weight_decay", "optimizer"]
    #expect(
      RunField.optional.filter { $0.text(in: Self.full) == nil }.map(\.name)
        .allSatisfy(unwritten.contains))
  }

  @Test("records of every kind come back equal from CSV")
  func csv() throws {
    let text = RunTable.csv(of: Self.records)
    #expect(try read(Data(text.utf8), "runs.csv").map(\.record) == Self.records)
  }

  @Test("each record comes back equal from a table of its own", arguments: 0..<5)
  func alone(index: Int) throws {
    let record = Self.records[index]
    let text = RunTable.csv(of: [record])
    #expect(try read(Data(text.utf8), "runs.csv").map(\.record) == [record])
    #expect(try read(try record.jsonLine(), "runs.jsonl").map(\.record) == [record])
  }

  @Test("records and curves of every kind come back equal from JSON lines")
  func json() throws {
    var lines = Data()
    for (record, curve) in zip(Self.records, Self.curves) {
      lines += try record.jsonLine(curve: curve)
    }
    let runs = try read(lines, "runs.jsonl")
    #expect(runs.map(\.record) == Self.records)
    #expect(runs.map(\.curve) == Self.curves)
  }

  @Test("a loss of a curve that is no number comes back as none")
  func curveOfDiverged() throws {
    let line = try Self.records[1].jsonLine(curve: [
      .init(step: 1, loss: .infinity, validationLoss: .nan), .init(step: 2),
    ])
    let curve = try #require(try read(line, "runs.jsonl").first?.curve)
    #expect(curve[0].loss?.isNaN == true)
    #expect(curve[0].validationLoss?.isNaN == true)
    #expect(curve[1] == .init(step: 2))
  }

  @Test("what the assembly makes of a log comes back equal, too")
  func assembled() throws {
    var built = AssembledLog.clean
    built.logRate("lr/head") { AssembledLog.cosine($0) / 3 }
    var diverged = AssembledLog.sized
    diverged.log.identity = "2"
    diverged.append("train/loss", [(0, .nan)])
    diverged.append("tokens", [(1000, 1e8)])
    let runs = [try built.run(), try diverged.run()]
    let text = RunTable.csv(of: runs.map(\.record))
    #expect(try read(Data(text.utf8), "runs.csv").map(\.record) == runs.map(\.record))
    let line = try runs[0].record.jsonLine(curve: runs[0].curve)
    let back = try #require(try read(line, "runs.jsonl").first)
    #expect(back.record == runs[0].record)
    #expect(back.curve == runs[0].curve)
  }
}
