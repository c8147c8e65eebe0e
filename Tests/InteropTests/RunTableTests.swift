import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct RunTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(
    _ text: String, map: String? = nil, where filters: [(column: String, value: String)] = []
  ) throws -> RunTable {
    try RunTable(
      path: try folder.write(text, to: "runs.csv"),
      map: try map.map { try ColumnMap(parsing: $0) } ?? ColumnMap(), where: filters)
  }

  private func error(of text: String, map: String? = nil) -> TableError? {
    do {
      _ = try table(text, map: map)
      return nil
    } catch {
      return error as? TableError
    }
  }

  private static let header = "params,tokens,learning_rate,loss\n"

  @Test("every field of the record can be given by name")
  func fields() throws {
    let text = """
      params,tokens,learning_rate,loss,batch_tokens,seed,trunk,weight_decay,schedule.kind,tied,layers
      100M,2B,2e-3,3.1,262144,7,t1,0.1,wsd,true,12
      """
    let record = try #require(try table(text).records.first)
    #expect(record.params == 1e8)
    #expect(record.tokens == 2e9)
    #expect(record.learningRate == 2e-3)
    #expect(record.loss == 3.1)
    #expect(record.batchTokens == 262_144)
    #expect(record.seed == "7")
    #expect(record.trunk == "t1")
    #expect(record.weightDecay.value == 0.1)
    #expect(record.schedule.kind == "wsd")
    #expect(record.tied == true)
    #expect(record.layers == 12)
    #expect(record.source?.line == 2)
  }

  @Test("a map renames columns and converts units")
  func map() throws {
    let text = "N,D,lr,smooth loss,bs\n0.1,2,0.002,3.1,128\n"
    let read = try table(
      text,
      map: "params=N*1e9,tokens=D*1B,learning_rate=lr,loss=smooth loss,batch_tokens=bs*2048")
    let record = try #require(read.records.first)
    #expect(record.params == 1e8)
    #expect(record.tokens == 2e9)
    #expect(record.loss == 3.1)
    #expect(record.batchTokens == 262_144)
    #expect(read.ignoredColumns.isEmpty)
  }

  @Test(
    "the column that stands for params says what it counts",
    arguments: [
      ("params", ParameterCountKind.unspecified), ("params_non_embedding", .nonEmbedding),
      ("params_total", .total), ("params_active", .active),
    ])
  func paramsKind(column: String, kind: ParameterCountKind) throws {
    let text = "\(column),tokens,learning_rate,loss\n1e8,2e9,2e-3,3.1\n"
    #expect(try table(text).records.first?.paramsKind == kind)
  }

  @Test(
    "a loss that is no number marks a diverged run",
    arguments: ["", "nan", "NaN", "inf", "-inf", "Infinity"])
  func diverged(text: String) throws {
    let record = try #require(try table(Self.header + "1e8,2e9,2e-3,\(text)\n").records.first)
    #expect(record.status == .diverged)
    #expect(record.loss == nil)
  }

  @Test("a column that is almost a field is pointed out")
  func misspeltColumn() throws {
    let read = try table(
      "params,tokens,learning_rate,loss,Batch_Token,note\n1e8,2e9,1e-3,3,1M,x\n")
    #expect(read.misspeltColumns.map(\.column) == ["Batch_Token"])
    #expect(read.misspeltColumns.map(\.field) == ["batch_tokens"])
  }

  @Test("runs that had not finished are left out and listed")
  func unfinished() throws {
    let text = """
      params,tokens,learning_rate,loss,status
      1e8,2e9,1e-3,3.1,unfinished
      1e8,2e9,2e-3,3.0,finished
      """
    let read = try table(text)
    #expect(read.records.count == 1)
    #expect(read.unfinishedLines == [2])
  }

  @Test("a filter keeps the rows it names")
  func filter() throws {
    let text = "params,tokens,learning_rate,loss,corpus\n1e8,2e9,1e-3,3,a\n1e8,2e9,1e-3,2,b\n"
    #expect(try table(text, where: [("corpus", "b")]).records.map(\.loss) == [2])
    #expect(throws: TableError.nothingSelected(folder.file("runs.csv"), filter: "corpus=c")) {
      try table(text, where: [("corpus", "c")])
    }
  }

  @Test("rows that repeat another in everything are dropped and listed")
  func repeats() throws {
    let read = try table(Self.header + "1e8,2e9,2e-3,3.1\n1e8,2e9,2e-3,3.1\n")
    #expect(read.records.count == 1)
    #expect(read.repeatedLines == [3])
  }

  @Test("one run with two losses is an error when a seed tells that it is one run")
  func disagreement() throws {
    let text = "params,tokens,learning_rate,loss,seed\n1e8,2e9,2e-3,3.1,0\n1e8,2e9,2e-3,3.2,0\n"
    #expect(
      error(of: text)
        == .disagreeingDuplicates(folder.file("runs.csv"), lines: [2, 3], losses: [3.1, 3.2]))
  }

  @Test("without a seed two losses are repeats, and the pair furthest apart is named")
  func replicates() throws {
    let read = try table(
      Self.header + "1e8,2e9,2e-3,3.0\n1e8,2e9,2e-3,3.1\n1e8,2e9,2e-3,3.24\n1e8,2e9,2e-3,3.2\n"
        + "1e8,2e9,4e-3,3.2\n")
    #expect(read.records.count == 5)
    let replicates = try #require(read.replicates)
    #expect(replicates.count == 4)
    #expect(replicates.lines == [2, 4])
    #expect(abs(replicates.spread - 0.08) < 1e-9)
  }

  @Test("repeats too far apart for another seed are an error, a diverged one is none")
  func disagreeingRepeats() throws {
    let rows = Self.header + "1e8,2e9,2e-3,3.0\n1e8,2e9,2e-3,"
    #expect(
      error(of: rows + "3.6\n")
        == .disagreeingRepeats(folder.file("runs.csv"), lines: [2, 3], percent: 20))
    #expect(error(of: rows + "nan\n") == nil)
  }

  @Test("an empty table is an error", arguments: ["", "params,tokens,learning_rate,loss\n"])
  func empty(text: String) throws {
    guard case .empty = error(of: text) else {
      Issue.record("\(String(describing: error(of: text)))")
      return
    }
  }

  @Test("a missing column names the field, the columns found, and the option to use")
  func missingColumn() throws {
    let found = error(of: "N,tokens,learning_rate,loss\n1,2,3,4\n")
    let message = try #require(found).description
    for part in ["params", "N, tokens", "--map params="] { #expect(message.contains(part)) }
    let mapped = error(of: "N,tokens,learning_rate,loss\n1,2,3,4\n", map: "params=M")
    #expect(try #require(mapped).description.contains("no column M, which is asked for as params"))
    let several = error(of: "N,D,lr,loss\n1,2,3,4\n")
    #expect(
      try #require(several).description
        .contains("--map params=COLUMN,tokens=COLUMN,learning_rate=COLUMN"))
  }

  @Test(
    "a bad value is an error with line, column, value and remedy",
    arguments: [
      ("1e8,2e9,fast,3.1", "learning_rate is 'fast'", "write a number"),
      ("1e8,-2e9,2e-3,3.1", "tokens is '-2e9'", "above zero"),
      ("1e8,2e9,-8,3.1", "learning_rate is '-8'", "logarithm"),
      ("0.1,2e9,2e-3,3.1", "params is '0.1'", "0.1B"),
      ("7,2e9,2e-3,3.1", "params is '7'", "--map params=params*1e9"),
      ("1e8,2,2e-3,3.1", "tokens is '2'", "--map tokens=tokens*1e9"),
      ("1e8,2e9,2e-3,good", "loss is 'good'", "nan, inf or nothing"),
      ("1e8,2e9,2e-3,-3.1", "loss is '-3.1'", "above zero"),
      (",2e9,2e-3,3.1", "params is empty", "write a number"),
      ("1e8,2e9,1e-300,3.1", "learning_rate is '1e-300'", "must lie between"),
      ("1e8,1e300,1e-3,3.1", "tokens is '1e300'", "must lie between"),
      ("1e8,2e9,1e-3,1e300", "loss is '1e300'", "must lie between"),
    ])
  func badValue(row: String, place: String, remedy: String) throws {
    let message = try #require(error(of: Self.header + "1e8,2e9,1e-3,3.2\n" + row)).description
    #expect(message.contains("runs.csv:3: "))
    #expect(message.contains(place))
    #expect(message.contains(remedy))
  }

  @Test("a factor that takes a value out of its range is an error that names it")
  func badFactor() throws {
    for (map, place) in [
      ("learning_rate=learning_rate*1e-321", "learning_rate"), ("loss=loss*1e308", "loss"),
      ("params=params*1e305", "params"),
    ] {
      let message = try #require(error(of: Self.header + "1e8,2e9,1e-3,3.2\n", map: map))
        .description
      #expect(message.contains("runs.csv:2: \(place) is"))
      #expect(message.contains("the factor of --map"))
    }
  }

  @Test("a header with other separators is recognised", arguments: [";", "\t"])
  func separators(separator: String) throws {
    let text = Self.header.replacing(",", with: separator)
    let message = try #require(error(of: text)).description
    #expect(message.contains("separated by commas"))
  }

  @Test("a filter compares numbers as numbers, and finds empty fields")
  func filterValues() throws {
    let text = "params,tokens,learning_rate,loss,decay\n1e8,2e9,1e-3,3,0.10\n1e8,2e9,1e-3,2,\n"
    #expect(try table(text, where: [("decay", "0.1")]).records.map(\.loss) == [3])
    #expect(try table(text, where: [("decay", "")]).records.map(\.loss) == [2])
  }

  @Test("a bad optional value is an error too")
  func badOptionalValue() throws {
    let text = "params,tokens,learning_rate,loss,layers\n1e8,2e9,1e-3,3.2,2.5\n"
    let message = try #require(error(of: text)).description
    #expect(message.contains("layers is '2.5'; write a whole number above zero"))
  }

  @Test("a cut line is an error")
  func cutLine() throws {
    #expect(
      error(of: Self.header + "1e8,2e9\n")
        == .fieldCount(folder.file("runs.csv"), line: 2, found: 2, expected: 4))
  }

  @Test("two columns of one name are an error")
  func repeatedColumn() throws {
    #expect(
      error(of: "params,tokens,learning_rate,loss,loss\n1e8,2e9,1e-3,3,3\n")
        == .repeatedColumn(folder.file("runs.csv"), column: "loss"))
  }

  @Test(
    "a bad map is an error that shows the right form",
    arguments: ["params", "params=", "=N", "params=N,params=M", "params=N*x", "batch_tokens=bs*-1"])
  func badMap(text: String) throws {
    #expect(throws: TableError.self) { try ColumnMap(parsing: text) }
  }

  @Test("a misspelt field in a map names the nearest one")
  func misspeltField() throws {
    #expect(throws: TableError.unknownField("learnin_rate", nearest: "learning_rate")) {
      try ColumnMap(parsing: "learnin_rate=lr")
    }
  }

  @Test("written records read back equal")
  func roundTrip() throws {
    var record = RunRecord(params: 123_456_789, tokens: 2e9, learningRate: 1.0 / 3, loss: 3.1)
    record.batchTokens = 262_144
    record.trunk = "a,\"b\""
    record.lossKind = "validation"
    var diverged = record
    diverged.trunk = "c"
    diverged.loss = nil
    diverged.status = .diverged
    let read = try table(RunTable.csv(of: [record, diverged])).records.map { record in
      var copy = record
      copy.source = nil
      return copy
    }
    #expect(read == [record, diverged])
  }
}
