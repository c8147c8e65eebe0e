import Foundation
import Interop
import Runs
import Support

/// Whole logs at one place, of which damaged ones are made.
struct FuzzSeed {
  /// The importer that knows it.
  let kind: String
  /// By path in the place's folder.
  let files: [(path: String, bytes: [UInt8])]

  /// One of the files with damage of a kind that `random` decides.
  func damaged(_ random: inout KeyedRandom) -> (path: String, bytes: [UInt8]) {
    let (path, bytes) = files[random.index(below: files.count)]
    let isAware = random.index(below: 2) == 0
    if isAware, let form = RecordForm(path) {
      var records = form.records(bytes)
      let place = random.index(below: records.count)
      records[place] =
        random.index(below: 2) == 0
        ? DamagedBytes.damaged(records[place], &random)
        : Mutation.withOtherNumbers(in: records[place], keepsLength: true, &random)
      return (path, form.file(records))
    }
    if isAware, !path.hasSuffix(".db") {
      return (path, Mutation.withOtherNumbers(in: bytes, &random))
    }
    return (path, Mutation.mutated(bytes, Self.words, &random))
  }

  /// A form of file whose checksums no random damage gets right.
  private enum RecordForm {
    case events, transactions

    init?(_ path: String) {
      if path.contains("tfevents") {
        self = .events
      } else if path.hasSuffix(".wandb") {
        self = .transactions
      } else {
        return nil
      }
    }

    func records(_ file: [UInt8]) -> [[UInt8]] {
      switch self {
      case .events: FramedRecords.records(ofEventFile: file)
      case .transactions: FramedRecords.records(ofWandBFile: file)
      }
    }

    func file(_ records: [[UInt8]]) -> [UInt8] {
      switch self {
      case .events: FramedRecords.eventFile(records)
      case .transactions: FramedRecords.wandBFile(records)
      }
    }
  }

  private static let words: [[UInt8]] =
    [
      "[", "{", "\"", "\\u", "e", "-", "\u{FEFF}", "1e999", ",", "NaN", "\"step\":", ": ", "&a",
      "*a",
      "- ", "\n", "\t", "\r", "\0", "|", "(", "\u{1b}[", "\u{1b}]", "9223372036854775808 ",
      "iteration 9223372036854775807/ 9223372036854775807 |", "{'a':", "a=b(", "../", "s:0 tel:",
    ].map { Array($0.utf8) } + [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0x7F, 0xFF], [0xFF]]
}

extension FuzzSeed {
  /// Of an importer, as the real tool wrote it or as its documentation has it.
  static func all(of kind: String) throws -> [FuzzSeed] {
    let text = samples[kind].map {
      FuzzSeed(kind: kind, files: [("run.log", Array(($0 + $0).utf8))])
    }
    return try [text].compactMap(\.self) + written(kind)
  }

  private static func written(_ kind: String) throws -> [FuzzSeed] {
    if let text = tables[kind] {
      return [
        FuzzSeed(
          kind: kind, files: [(kind == "steps" ? "log.jsonl" : "table.csv", Array(text.utf8))])
      ] + (kind == "steps" ? [try fixture(kind, "lightning/version_0")] : [])
    }
    switch kind {
    case "wandb":
      let one = "wandb-sweep/offline-run-20240102_030405-w32s800r0"
      return [
        try fixture(kind, "wandb/offline-run-20240102_030405-finished01"),
        try fixture(kind, "wandb/offline-run-20240102_030405-diverged01"), try fixture(kind, one),
      ]
    case "huggingface":
      return [
        try fixture(kind, "huggingface/run"), try fixture(kind, "huggingface/diverged"),
      ]
    case "mlflow": return [try mlflowDatabase(), try mlflowFolder()]
    case "tensorboard":
      return try ["scalars", "tensors", "resumed", "repeated"].map {
        try fixture(kind, "tensorboard/\($0)")
      }
    case "megatron":
      return try ["current", "older", "moe"].map { try fixture(kind, "megatron", ["\($0).log"]) }
    case "torchtitan":
      return try ["plain", "coloured"].map { try fixture(kind, "torchtitan", ["\($0).log"]) }
    case "nanogpt":
      return try ["train", "resumed"].map { try fixture(kind, "nanogpt", ["\($0).log"]) }
    case "llmc":
      return try ["stdout", "main"].map { try fixture(kind, "llmc", ["\($0).log"]) }
    case "nanochat":
      return [FuzzSeed(kind: kind, files: [("train.log", Array(nanochat.utf8))])]
    default: return []
    }
  }

  private static func fixture(
    _ kind: String, _ folder: String, _ names: [String]? = nil
  ) throws -> FuzzSeed {
    let path = Fixtures.path(folder)
    let paths =
      names ?? ImporterFixtures.files(path).map { String($0.path.dropFirst(path.count + 1)) }
    return FuzzSeed(
      kind: kind,
      files: try paths.map { ($0, shortened(try Fixtures.bytes("\(folder)/\($0)"), $0)) })
  }

  /// The start and the end of a file, so that thousands are read in a second.
  private static func shortened(_ bytes: [UInt8], _ path: String) -> [UInt8] {
    if path.contains("tfevents") {
      let records = FramedRecords.records(ofEventFile: bytes)
      return FramedRecords.eventFile(Array(records.prefix(16) + records.dropFirst(16).suffix(4)))
    }
    if path.hasSuffix(".wandb") {
      let records = FramedRecords.records(ofWandBFile: bytes)
      return FramedRecords.wandBFile(Array(records.prefix(16) + records.dropFirst(16).suffix(4)))
    }
    guard path.hasSuffix(".log"), bytes.count > 8192 else { return bytes }
    let start = bytes[..<4096].lastIndex(of: 10) ?? 0
    return Array(bytes[...start] + bytes.suffix(4096).drop { $0 != 10 }.dropFirst())
  }

  private static func mlflowDatabase() throws -> FuzzSeed {
    let folder = try TemporaryFolder()
    let path = folder.file("mlflow.db")
    let sql = try String(contentsOfFile: Fixtures.path("mlflow/mlflow.sql"), encoding: .utf8)
    try ImporterFixtures.run(sql, on: path)
    let bytes = FileManager.default.contents(atPath: path) ?? Data()
    return FuzzSeed(kind: "mlflow", files: [("mlflow.db", Array(bytes))])
  }

  /// One run of the store of files.
  private static func mlflowFolder() throws -> FuzzSeed {
    let run = "mlruns/683674119392571893/77e5aa24d32642398dce33f5e8e4d285"
    let whole = try fixture("mlflow", "mlflow/\(run)")
    return FuzzSeed(kind: "mlflow", files: whole.files.map { ("\(run)/\($0.path)", $0.bytes) })
  }

  private static let nanochat = """
      "n_layer": 20,
    total                   : 560,988,160
    Total batch size 524,288 => gradient accumulation steps: 1
    Step 00000 | Validation bpb: 3.312345

    """
    + (0..<20).map {
      "step 000\($0 + 10)/21400 (0.00%) | loss: 9.\($0 + 10) | lrm: 1.00 | dt: 300.00ms | "
        + "tok/sec: 1,012,345\n"
    }.joined()

  /// A table for each importer of tables.
  private static let tables: [String: String] = [
    "steplaw": "numh,numl,h,ffnh,lr,bs,ti,smooth loss,D,N\n"
      + (1..<9).map { "8,12,1024,4096,0.00\($0),6\($0),1\($0)00,2.\($0),1e9,214663680\n" }.joined(),
    "openeurollm": "N,D,lr,gbsz,beta2,seed,loss,loss_se\n"
      + (1..<9).map { "5\($0)000000,1e9,0.00\($0),64,0.95,\($0),3.\($0),0.01\n" }.joined(),
    "wandb-table": "Name,State,ID,params,tokens,lr,loss,batch_tokens,seed,note\n"
      + (1..<9).map { "r\($0),finished,a\($0),124M,2B,0.00\($0),3.\($0),512k,\($0),\"a,\"\"b\"\n" }
      .joined(),
    "runs": "id,params,tokens,learning_rate,loss,batch_tokens,steps,schedule.kind,schedule.warmup,"
      + "schedule.decay,diverged_at,width,tied,learning_rate_by_role,status,source.line\n"
      + (1..<9).map {
        "a\($0),124M,2B,0.00\($0),3.\($0),512k,4000,wsd,1e6,0.2,10,768,true,head=0.01,finished,3\n"
      }.joined(),
    "steps": (0..<24).map {
      "{\"step\":\($0 * 10),\"train_loss_step\":\(9 - Double($0) / 9),\"val_loss\":\(9 - $0 / 4),"
        + "\"lr\":\(1 - Double($0) / 24),\"lr-b\":0.5,\"batch-size\":8,"
        + "\"seq_len\":64,\"max_steps\":240,\"warmup_steps\":20,\"params\":125000,\"max_lr\":0.9}\n"
    }.joined(),
  ]
}
