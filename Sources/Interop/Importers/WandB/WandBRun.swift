/// What the records of one run say.
struct WandBRun {
  /// What is done with the values of a name.
  private struct Use {
    var kind: Kind
    /// Whether the history has it; the summary then tells nothing new.
    var isInHistory = false

    enum Kind {
      /// No number has come yet.
      case unseen
      case step
      case metric(Int)
      case nothing
    }
  }

  /// Names that the client logs for itself.
  private static let ownNames = ["_runtime", "_timestamp", "_wandb", "wandb_version"]
  private static let stepName = "_step"
  private static let summaryPrefix = "summary."
  /// More numbers in one step are no metrics.
  private static let mostPoints = 1 << 18

  private(set) var log: RunLog

  private let files: [String]
  private var config = NestedSettings()
  private var summary = NestedSettings()
  private var names = NameTable()
  /// For each name by its number.
  private var uses: [Use] = []
  private var nextStep = 0
  private var hasReadFolder = false

  // Kept for their memory.
  private var joinedName: [UInt8] = []
  private var points: [(metric: Int, value: Double)] = []

  init(_ place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool) {
    log = RunLog(name: LogFile(path: place.path, bytes: 0, head: []).name, keeping: keeps)
    files = place.files
  }
}

extension WandBRun {
  /// Field numbers of `Record` in `wandb/proto/wandb_internal.proto`.
  private enum RecordField {
    static let history = 2
    static let summary = 3
    static let config = 5
    static let run = 17
    static let exit = 18
  }

  /// Takes in a record of a file, given by its place among the run's.
  mutating func read(_ record: UnsafeRawBufferPointer, in file: Int) throws(ProtobufError) {
    var fields = ProtobufReader(record)
    while let field = try fields.next() {
      guard case .bytes(let bytes) = field.value else { continue }
      switch field.number {
      case RecordField.history: try readHistory(bytes)
      case RecordField.summary: try readSummary(bytes, in: file)
      case RecordField.config: try readConfig(bytes, in: file)
      case RecordField.run: try readRun(bytes, in: file)
      case RecordField.exit: try readExit(bytes)
      default: break
      }
    }
  }

  private mutating func readHistory(_ bytes: UnsafeRawBufferPointer) throws(ProtobufError) {
    var step: Int?
    points.removeAll(keepingCapacity: true)
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard case .bytes(let bytes) = field.value else { continue }
      if field.number == 1 {
        try readHistory(item: try LoggedItem(bytes), step: &step)
      } else if field.number == 2, step == nil {
        step = 0
        var parts = ProtobufReader(bytes)
        while let part = try parts.next() {
          if part.number == 1, case .varint(let bits) = part.value {
            step = Int(Int64(bitPattern: bits))
          }
        }
      }
    }
    let at = step ?? nextStep
    for point in points { log.append(point.value, at: at, to: point.metric) }
    nextStep = at &+ 1
  }

  private mutating func readHistory(item: LoggedItem, step: inout Int?) throws(ProtobufError) {
    guard points.count < Self.mostPoints, let name = try number(ofName: item) else { return }
    if !uses[name].isInHistory {
      uses[name].isInHistory = true
      summary.remove(Self.summaryPrefix + names.name(name), from: &log)
    }
    if case .nothing = uses[name].kind { return }
    guard let number = item.number else {
      if item.isObject { readHistory(members: item) }
      return
    }
    if case .unseen = uses[name].kind {
      uses[name].kind = log.metric(names.name(name)).map(Use.Kind.metric) ?? .nothing
    }
    switch uses[name].kind {
    case .step: step = Int(exactly: number) ?? step
    case .metric(let metric): points.append((metric, number))
    case .unseen, .nothing: break
    }
  }

  /// Members of an object are metrics, unless it says it is a histogram, a picture or the like.
  private mutating func readHistory(members item: LoggedItem) {
    guard let value = item.value, value["_type"] == nil,
      let name = try? item.withName(
        joinedIn: &joinedName, { String(decoding: $0, as: UTF8.self) })
    else { return }
    value.flatten(under: name) { name, value in
      guard case .number(let number) = value, let metric = log.metric(name) else { return }
      points.append((metric, number))
    }
  }

  /// The number of an item's name; `nil` where it has none or no more names are taken.
  private mutating func number(ofName item: LoggedItem) throws(ProtobufError) -> Int? {
    let number = try item.withName(joinedIn: &joinedName) { names.number(of: $0) }
    if let number, number == uses.count {
      let name = names.name(number)
      uses.append(
        Use(kind: name == Self.stepName ? .step : Self.isOwn(name) ? .nothing : .unseen))
    }
    return number
  }

  /// Whether the client keeps the name for itself.
  private static func isOwn(_ name: String) -> Bool {
    ownNames.contains(String(name.prefix { $0 != "." }))
  }
}

extension WandBRun {
  private mutating func readSummary(_ bytes: UnsafeRawBufferPointer, in file: Int)
    throws(ProtobufError)
  {
    try readItems(of: bytes) { (item, isRemoval) throws(ProtobufError) in
      guard let number = try number(ofName: item), !uses[number].isInHistory else { return }
      let name = try item.withName(joinedIn: &joinedName) { String(decoding: $0, as: UTF8.self) }
      guard let name, name != Self.stepName, !Self.isOwn(name) else { return }
      if isRemoval {
        summary.remove(Self.summaryPrefix + name, from: &log)
      } else if let value = item.value {
        summary.set(Self.summaryPrefix + name, to: value, in: &log, at: files[file])
      }
    }
  }

  private mutating func readConfig(_ bytes: UnsafeRawBufferPointer, in file: Int)
    throws(ProtobufError)
  {
    try readItems(of: bytes) { (item, isRemoval) throws(ProtobufError) in
      let name = try item.withName(joinedIn: &joinedName) { String(decoding: $0, as: UTF8.self) }
      guard let name, !Self.isOwn(name) else { return }
      if isRemoval {
        config.remove(name, from: &log)
      } else if let value = item.value {
        config.set(name, to: value.withoutWrapper, in: &log, at: files[file])
      }
    }
  }

  /// Hands the items of a summary or a configuration to `take`, and whether they are removed.
  private func readItems(
    of bytes: UnsafeRawBufferPointer,
    _ take: (LoggedItem, _ isRemoval: Bool) throws(ProtobufError) -> Void
  ) throws(ProtobufError) {
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard field.number == 1 || field.number == 2, case .bytes(let bytes) = field.value else {
        continue
      }
      try take(try LoggedItem(bytes), field.number == 2)
    }
  }

  private mutating func readRun(_ bytes: UnsafeRawBufferPointer, in file: Int) throws(ProtobufError)
  {
    var texts: [Int: String] = [:]
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard case .bytes(let bytes) = field.value else { continue }
      switch field.number {
      case 4: try readConfig(bytes, in: file)
      case 5: try readSummary(bytes, in: file)
      case 1, 3, 6, 7, 8, 12: texts[field.number] = String(decoding: bytes, as: UTF8.self)
      default: break
      }
    }
    let known = texts.filter { !$0.value.isEmpty }
    if let id = known[1] {
      log.identity = "wandb \(known[3] ?? "uncategorized")/\(id)"
      log.name = known[8] ?? id
    }
    for (number, key) in [(6, "wandb.group"), (7, "wandb.job_type"), (12, "wandb.sweep_id")] {
      if let text = known[number] { log.set(key, .text(text), at: files[file]) }
    }
    // The client tells of every end but one by force.
    log.end = .running
  }

  private mutating func readExit(_ bytes: UnsafeRawBufferPointer) throws(ProtobufError) {
    var code: Int32 = 0
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      if field.number == 1, case .varint(let bits) = field.value {
        code = Int32(truncatingIfNeeded: bits)
      }
    }
    log.end = code == 0 ? .finished : .failed("exit code \(code)")
  }
}

extension WandBRun {
  /// Takes in a line of a history in JSON.
  mutating func read(history line: JSONValue) {
    let step = line[Self.stepName]?.number.flatMap(Int.init(exactly:)) ?? nextStep
    for member in line.members ?? [] where member.key != Self.stepName {
      guard !Self.isOwn(member.key), member.value["_type"] == nil else { continue }
      member.value.flatten(under: member.key) { name, value in
        if case .number(let number) = value { log.append(number, at: step, to: name) }
      }
    }
    nextStep = step &+ 1
  }

  /// Takes in the configuration and the summary from the files beside the log, where it has none.
  mutating func readFolderOnce(_ folder: String) {
    guard !hasReadFolder, config.isEmpty else { return }
    hasReadFolder = true
    do throws(ImportError) {
      try WandBFolder.readConfig(in: folder) { key, value, path in
        guard !Self.isOwn(key) else { return }
        config.set(key, to: value, in: &log, at: path)
      }
      guard summary.isEmpty else { return }
      try WandBFolder.readSummary(in: folder) { key, value, path in
        guard !Self.isOwn(key), key != Self.stepName, log.series(key) == nil else { return }
        summary.set(Self.summaryPrefix + key, to: value, in: &log, at: path)
      }
    } catch {
      log.remarks.append(error.description)
    }
  }
}
