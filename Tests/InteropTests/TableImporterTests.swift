import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct TableImporterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func finding(_ path: String, kind: String? = nil) throws -> LogSearch.Finding {
    try #require(try LogSearch(path, kind: kind).findings.first)
  }

  /// What the importer that knows the file makes of it.
  private func contents(
    of path: String, kind: String? = nil, set: [String: String] = [:], map: String? = nil
  ) throws -> PlaceImport.Contents {
    var choices = ImportChoices()
    for (field, value) in set { try choices.set(field, to: value, at: "--set") }
    if let map { try choices.map(map) }
    let place = try PlaceImport(try finding(path, kind: kind), choices: choices)
    if let error = place.read() { throw error }
    return place.contents
  }

  private func contents(
    _ text: String, in file: String = "table.csv", set: [String: String] = [:], map: String? = nil
  ) throws -> PlaceImport.Contents {
    try contents(of: try folder.write(text, to: file), set: set, map: map)
  }

  // MARK: - Published tables

  @Test("Step Law's table is known by its columns")
  func stepLaw() throws {
    let path = try folder.write(
      """
      h,ffnh,numh,numl,lr,bs,ti,loss,smooth loss,exp_name,D,N,D/N
      960,9368,15,7,0.0003453,736,66342,2.5,2.25,name_1,100000000000,214663680,465.8
      960,9368,15,7,0.0006906,736,66342,2.5,2.75,name_2,100000000000,214663680,465.8
      """, to: "a.csv")
    #expect(try finding(path).importer.kind == "steplaw")
    let run = try #require(try contents(of: path).runs.first)
    #expect(run.record.params == 214_663_680)
    #expect(run.record.paramsKind == .nonEmbedding)
    #expect(run.record.paramsTotal == nil)
    #expect(run.record.tokens == 1e11)
    #expect(run.record.learningRate == 0.0003453)
    #expect(run.record.batchTokens == 1_507_328)
    #expect(run.record.loss == 2.25)
    #expect(run.record.lossKind == "training, smoothed")
    #expect(run.record.width == 960)
    #expect(run.record.ffnWidth == 9368)
    #expect(run.record.heads == 15)
    #expect(run.record.layers == 7)
    #expect(run.record.sequenceLength == 2048)
    #expect(run.record.trainer == "steplaw")
    #expect(run.origins["loss"]?.rule == "column smooth loss")
    let given = try contents(of: path, set: ["loss_kind": "mine", "sequence_length": "1024"])
    #expect(given.runs.first?.record.lossKind == "mine")
    #expect(given.runs.first?.record.sequenceLength == 1024)
  }

  @Test("OpenEuroLLM's table is known by its columns")
  func openEuroLLM() throws {
    let path = try folder.write(
      """
      job_name,N,D,C,lr,gbsz,beta2,seed,iteration,loss,loss_se
      dense_1,124455168,12000000000.0,8.96e+18,0.00025,16,0.99,1234,183106.0,2.75,0.0
      """, to: "a.csv")
    #expect(try finding(path).importer.kind == "openeurollm")
    let record = try #require(try contents(of: path).runs.first?.record)
    #expect(record.params == 124_455_168)
    #expect(record.tokens == 1.2e10)
    #expect(record.batchTokens == 65_536)
    #expect(record.optimizer.beta2 == 0.99)
    #expect(record.seed == "1234")
    #expect(record.loss == 2.75)
    #expect(record.lossStandardError == 0)
    #expect(record.lossKind == "validation")
  }

  @Test("W&B's table of runs is known, with how each ended")
  func wandBTable() throws {
    let path = try folder.write(
      """
      "Name","State","Notes","hidden_size","lr","num_parameters","total_tokens","eval/loss","train/loss"
      "a","finished","","512","0.001","100000000","2000000000","3.0","3.1"
      "b","crashed","","512","0.002","100000000","1000000000","5.0","3.2"
      "c","running","","512","0.004","100000000","1000000000","","3.2"
      "d","finished","","512","0.008","100000000","2000000000","NaN","3.2"
      """, to: "a.csv")
    #expect(try finding(path).importer.kind == "wandb-table")
    let runs = try contents(of: path).runs
    #expect(runs.map(\.record.status) == [.finished, .unfinished, .unfinished, .diverged])
    #expect(runs.map(\.record.loss) == [3, 5, nil, nil])
    #expect(runs.map(\.record.width) == [512, 512, 512, 512])
    #expect(runs[0].record.paramsKind == .total)
    #expect(Set(runs.map(\.record.id)).count == 4)
  }

  @Test("a run that crashed contradicts no repeat of it that finished")
  func crashedRepeat() throws {
    let runs = try contents(
      """
      Name,State,lr,num_parameters,total_tokens,eval/loss
      a,crashed,0.001,1e8,2e9,9.0
      b,finished,0.001,1e8,2e9,3.0
      """
    ).runs
    #expect(runs.map(\.record.status) == [.unfinished, .finished])
  }

  // MARK: - Tables of runs

  @Test("a column is read for one field, that of its name before others")
  func oneFieldAColumn() throws {
    let run = try #require(
      try contents("params,tokens,lr,loss,params_kind\n1e8,2e9,1e-3,3,non-embedding\n").runs.first)
    #expect(run.record.params == 1e8)
    #expect(run.record.paramsKind == .nonEmbedding)
    #expect(run.record.paramsTotal == nil)
    #expect(run.record.learningRate == 1e-3)
  }

  @Test("values given for all rows win over the columns")
  func given() throws {
    let text = "params,tokens,lr,loss,wd,optimizer\n1e8,2e9,1e-3,3,0.1,adamw\n"
    let record = try #require(
      try contents(
        text, set: ["weight_decay": "0.5", "optimizer": "muon", "tokens": "4B"]
      ).runs.first?.record)
    #expect(record.weightDecay.value == 0.5)
    #expect(record.optimizer.name == "muon")
    #expect(record.tokens == 4e9)
  }

  @Test("what only logs can use is refused for a table, with the reason")
  func givenForLogs() throws {
    #expect {
      try contents("params,tokens,lr,loss\n1e8,2e9,1e-3,3\n", set: ["devices": "8"])
    } throws: {
      "\($0)".contains("that is for logs; of a table give the fields of its runs")
    }
  }

  @Test("JSON lines of runs may hold objects, bare NaN and Infinity")
  func jsonRuns() throws {
    let path = try folder.write(
      """
      {"params": 1e8, "tokens": 2e9, "learning_rate": 1e-3, "loss": NaN, "id": "a"}
      {"params": 1e8, "tokens": 2e9, "learning_rate": 2e-3, "loss": 3.5, "id": "b", \
      "optimizer": {"name": "adamw", "beta2": 0.95}, "schedule": {"kind": "wsd", "decay": 0.2}}
      {"params": 1e8, "tokens": 2e9, "learning_rate": 4e-3, "loss": Infinity, "id": "c"}
      """, to: "runs.jsonl")
    #expect(try finding(path).importer.kind == "runs")
    let records = try contents(of: path).runs.map(\.record)
    #expect(records.map(\.status) == [.diverged, .finished, .diverged])
    #expect(Set(records.map(\.id)).count == 3 && records.allSatisfy { $0.id?.count == 16 })
    #expect(records[1].optimizer.name == "adamw")
    #expect(records[1].optimizer.beta2 == 0.95)
    #expect(records[1].schedule.kind == "wsd")
    #expect(records[1].schedule.decay == 0.2)
  }

  @Test("a row that is no run is told, and the others are imported")
  func damagedRows() throws {
    let found = try contents(
      """
      params,tokens,learning_rate,loss
      10M,2B,0.001,3.2
      10M,2B,fast,3.1
      10M,2B,0.002
      10M,2B,0.004,3.0
      """)
    #expect(found.runs.map(\.record.learningRate) == [0.001, 0.004])
    let messages = found.damagedRows.map(\.description)
    #expect(messages.count == 2)
    #expect(messages.first?.contains("table.csv:3: learning_rate is 'fast'") == true)
    #expect(messages.last?.contains("table.csv:4: 3 fields where the header has 4") == true)
  }

  @Test("a damaged line, a repeated id and an open quote leave the other runs")
  func damagedTables() throws {
    let row = #"{"params": 1e7, "tokens": 1e9, "learning_rate": 0.001, "loss": 3"#
    for place in 0...1 {
      var lines = [row + "}", row + #", "seed": "2"}"#]
      lines.insert(#"{"params": 1e7, "#, at: place)
      let found = try contents(lines.joined(separator: "\n") + "\n", in: "runs-\(place).jsonl")
      #expect(found.runs.count == 2 && found.damagedRows.count == 1)
    }
    let repeated = try contents(
      "id,params,tokens,learning_rate,loss\na,1e7,1e9,1e-3,3\na,1e7,1e9,2e-3,3.1\n", in: "id.csv")
    #expect(repeated.runs.count == 1 && repeated.damagedRows.count == 1)
    let open = try contents(
      "params,tokens,learning_rate,loss\n1e7,1e9,1e-3,3\n1e7,1e9,\"2e-3,3\n", in: "open.csv")
    #expect(open.runs.count == 1 && open.damagedRows.count == 1)
  }

  @Test("what is given makes no table one of ours, whose small counts are meant")
  func smallCounts() throws {
    let found = try contents(
      "params,tokens,learning_rate,loss\n124,2,0.001,3\n",
      set: ["params_kind": "total", "status": "finished"])
    #expect(found.runs.isEmpty && found.damagedRows.count == 1)
  }

  @Test("a log that cannot be opened now is read when it can")
  func missingForNow() throws {
    let text = "step,loss\n" + (1...30).map { "\($0),\(5 - Double($0) / 30)\n" }.joined()
    let path = try folder.write(text, to: "log.csv")
    let place = try PlaceImport(try finding(path), choices: ImportChoices())
    #expect(place.read(isWhole: false) == nil)
    try FileManager.default.moveItem(atPath: path, toPath: folder.file("away.csv"))
    #expect(place.hasChanged)
    #expect(place.read(isWhole: false) != nil)
    #expect(place.damage == nil && !place.hasEnded)
    try folder.write(text + "31,3.9\n", to: "log.csv")
    #expect(place.hasChanged)
    #expect(place.read(isWhole: false) == nil)
  }

  @Test("what is given stands in for a column, and over one")
  func givenForColumn() throws {
    let text = "params,learning_rate,loss,seed\n10M,0.001,3.2,1\n"
    let path = try folder.write(text, to: "runs.csv")
    let run = try #require(
      try contents(of: path, set: ["tokens": "2B", "seed": "7"]).runs.first)
    #expect(run.record.tokens == 2e9)
    #expect(run.record.seed == "7")
    #expect(run.origins["tokens"] == FieldOrigin("given"))
    let error = try #require(throws: ImportError.self) { _ = try contents(of: path) }
    #expect(error.description.contains("no column tokens"))
    #expect(error.description.contains("or give --set tokens=VALUE"))
    #expect(throws: ImportError.self) { _ = try contents(of: path, set: ["devices": "8"]) }
  }

  @Test("a given value that none can be is no fault of the rows")
  func badGiven() throws {
    let error = try #require(throws: ImportError.self) {
      _ = try contents("params,learning_rate,loss\n10M,0.001,3.2\n", set: ["tokens": "5"])
    }
    #expect(error.description.contains("--set tokens is '5'"))
  }

  @Test("rows that are no runs are told anew when the table has grown")
  func damagedAgain() throws {
    let text = "params,tokens,learning_rate,loss\n10M,2B,fast,3.1\n10M,2B,0.002,3.0\n"
    let path = try folder.write(text, to: "runs.csv")
    let place = try PlaceImport(try finding(path), choices: ImportChoices())
    #expect(place.read() == nil)
    #expect(place.contents.damagedRows.count == 1)
    try folder.write(text + "10M,2B,0.004,3.1\n", to: "runs.csv")
    #expect(place.read() == nil)
    #expect(place.contents.damagedRows.count == 1)
    #expect(place.contents.runs.count == 2)
  }

  @Test("--from reads a table of runs whose name does not say so")
  func plainName() throws {
    let path = try folder.write(
      "params,tokens,learning_rate,loss\n10M,2B,0.001,3.2\n", to: "runs.txt")
    #expect(try contents(of: path, kind: "runs").runs.count == 1)
  }

  @Test("a field that the first line lacks is a column all the same")
  func lackingLine() throws {
    try folder.write(
      """
      {"params": 1e8, "tokens": 2e9, "learning_rate": 1e-3, "status": "diverged"}
      {"params": 1e8, "tokens": 2e9, "learning_rate": 2e-3, "status": "finished", "loss": 3}
      """, to: "runs.jsonl")
    #expect(try contents(of: folder.path).runs.map(\.record.status) == [.diverged, .finished])
  }

  @Test("a log that repeats what was set in each line is one run")
  func repeatedSettings() throws {
    let lines = (0..<30).map {
      #"{"step": \#($0), "params": 1000000, "tokens": \#(1024 * ($0 + 1)), "lr": 0.001, "#
        + #""loss": \#(5 - Double($0) / 30)}"#
    }
    let runs = try contents(lines.joined(separator: "\n") + "\n", in: "log.jsonl").runs
    #expect(runs.count == 1)
    #expect(runs.first?.record.steps == 30)
    #expect(runs.first?.record.tokens == 30_720)
    #expect(runs.first?.curve.first?.tokens == 1024)
  }

  // MARK: - Tables of steps

  @Test("Lightning's metrics are read with the settings beside them")
  func lightning() throws {
    let search = try LogSearch(ImporterFixtures.path("lightning"))
    #expect(search.findings.map(\.importer.kind) == ["steps", "steps"])
    let given = ["params_total": "1M"]
    let first = try #require(
      try contents(of: ImporterFixtures.path("lightning/version_0"), set: given).runs.first)
    #expect(first.record.status == .finished)
    #expect(first.record.learningRate == 0.03)
    #expect(first.record.steps == 120)
    #expect(first.origins["steps"] == FieldOrigin("the last logged step, counted from 0"))
    #expect(first.record.batchTokens == 128)
    #expect(first.record.loss == 1.6038906574249268)
    #expect(first.record.lossKind == "validation")
    #expect(first.record.weightDecay.value == 0.1)
    #expect(first.origins["learning_rate"] == FieldOrigin("lr", at: "hparams.yaml"))
    #expect(first.curve.first?.learningRate == 0.014504131861031055)
    #expect(first.curve.count == 24)
    let second = try #require(
      try contents(of: ImporterFixtures.path("lightning/version_1"), set: given).runs.first)
    #expect(second.record.status == .diverged)
    #expect(second.record.divergedAt == 84)
    #expect(second.record.loss == nil)
  }

  @Test("the last value of a column that changes is no setting")
  func changingColumns() throws {
    let rows = (1...10).map { "\($0),\(3.0),\(1e-3 * Double(11 - $0) / 10),\(512 + $0 % 2),64" }
    let run = try #require(
      try contents(
        "step,train_loss,lr,hidden_size,n_layer\n" + rows.joined(separator: "\n") + "\n",
        set: ["params_total": "1M", "batch_tokens": "100k"]
      ).runs.first)
    #expect(run.record.learningRate == 1e-3)
    #expect(run.origins["learning_rate"]?.rule == "the greatest of lr")
    #expect(run.record.width == nil)
    #expect(run.record.layers == 64)
  }

  @Test("an exported history of OLMo-ladder is read")
  func ladder() throws {
    let header =
      "_step,throughput/total_tokens,optim/learning_rate_group0,learning_rate_peak,"
      + "batch_size_in_tokens,eval/c4_en-validation/CrossEntropyLoss,train/CrossEntropyLoss\n"
    let rows = (1...100).map { row in
      let rate = 6e-3 * (0.1 + 0.9 * (1 + cos(.pi * Double(row) / 100)) / 2)
      let held = row.isMultiple(of: 25) ? "\(4 - Double(row) / 100)" : ""
      return "\(10 * row),\(10 * row * 196_608),\(rate),0.006,196608,\(held),\(4.5)"
    }
    let path = try folder.write(
      header + rows.joined(separator: "\n") + "\n", to: "190M-1xC.csv")
    #expect(try finding(path).importer.kind == "steps")
    #expect(try contents(of: path).incomplete.first?.missing.map(\.field) == ["params"])
    let run = try #require(
      try contents(of: path, set: ["params_non_embedding": "190M"]).runs.first)
    #expect(run.record.paramsKind == .nonEmbedding)
    #expect(run.record.learningRate == 0.006)
    #expect(run.record.batchTokens == 196_608)
    #expect(run.record.tokens == 196_608_000)
    #expect(run.record.loss == 3)
    #expect(run.record.lossKind == "validation")
    #expect(run.record.schedule.kind == "cosine")
    #expect(run.record.status == .finished)
    #expect(run.warnings.isEmpty)
  }

  @Test(
    "a line plot of W&B holds a run for each name, without its bounds",
    arguments: ["Step", "train/global_step"])
  func linePlot(axis: String) throws {
    let path = try folder.write(
      """
      "\(axis)","one - train/loss","one - train/loss__MIN","one - train/loss__MAX","b - c - train/loss"
      "1","9","1","20","8"
      "2","5","1","20",""
      "3","","","","4"
      """, to: "plot.csv")
    #expect(try finding(path).importer.kind == "steps")
    let runs = try contents(
      of: path, set: ["params": "1M", "batch_tokens": "10k", "learning_rate": "1e-3"]
    ).runs
    #expect(runs.map { $0.curve.map(\.step) } == [[1, 2], [1, 3]])
    #expect(runs.map { $0.curve.map(\.loss) } == [[9, 5], [8, 4]])
    #expect(runs.map(\.record.loss) == [5, 4])
    #expect(Set(runs.map(\.record.id)).count == 2)
    #expect(try contents(of: path).incomplete.map(\.name) == ["one", "b - c"])
  }

  @Test("JSON lines of steps are read, whatever each of them holds")
  func jsonSteps() throws {
    let path = try folder.write(
      """
      {"step": 1, "loss": 9.5, "lr": 0.001, "config": {"hidden_size": 64}}
      {"step": 2, "loss": NaN, "lr": 0.002}
      {"step": 3, "loss": 5.5, "lr": 0.001}
      {"step": 3, "val_loss": 5.25}
      {"step": 4, "lo
      """, to: "log.jsonl")
    #expect(try finding(path).importer.kind == "steps")
    let run = try #require(
      try contents(of: path, set: ["params": "1M", "batch_tokens": "10k"]).runs.first)
    #expect(run.record.loss == 5.25)
    #expect(run.record.learningRate == 0.002)
    #expect(run.record.width == 64)
    #expect(run.record.tokens == 30_000)
    #expect(run.curve.map(\.step) == [1, 2, 3])
    #expect(run.curve[1].loss?.isNaN == true)
  }

  @Test("a table that grows is read again, a row that is cut is not")
  func growing() throws {
    let text = "step,loss\n1,9\n2,8\n3"
    let path = try folder.write(text, to: "log.csv")
    var choices = ImportChoices()
    for (field, value) in ["params": "1M", "batch_tokens": "10k", "learning_rate": "1e-3"] {
      try choices.set(field, to: value, at: "--set")
    }
    let place = try PlaceImport(try finding(path), choices: choices)
    #expect(place.read() == nil)
    #expect(place.contents.runs.first?.curve.map(\.step) == [1, 2])
    try folder.write(text + ",7\n", to: "log.csv")
    #expect(place.read() == nil)
    #expect(place.contents.runs.first?.curve.map(\.step) == [1, 2, 3])
  }
}
