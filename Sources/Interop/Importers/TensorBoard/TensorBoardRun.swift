/// What the events of one run say.
struct TensorBoardRun {
  /// What is done with the values of a tag.
  private enum Use {
    case metric(Int)
    case text
    case hyperparameters
    case nothing
  }

  private(set) var log: RunLog

  private let files: [String]
  /// For each file, whether its numbers are of the run's curves.
  private let hasCurves: [Bool]
  private var tags = NameTable()
  /// For each tag by its number.
  private var uses: [Use] = []

  init(_ place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool) {
    log = RunLog(name: LogFile(path: place.path, bytes: 0, head: []).name, keeping: keeps)
    files = place.files
    let folders = files.map { LogFile(path: $0, bytes: 0, head: []).folder }
    hasCurves = folders.map { $0 == place.path || $0.isEmpty }
  }

  /// Takes in an event of a file, given by its place among the run's.
  mutating func read(
    _ event: UnsafeRawBufferPointer, in file: Int
  ) throws(ProtobufError) {
    try SummaryValue.values(ofEvent: event) { (step, value) throws(ProtobufError) in
      try read(value, at: step, in: file)
    }
  }

  private mutating func read(
    _ value: SummaryValue, at step: Int, in file: Int
  ) throws(ProtobufError) {
    guard let tag = value.tag, let number = tags.number(of: tag) else { return }
    if number == uses.count {
      // Where the first value is damaged, the tag has a number already.
      uses.append(.nothing)
      uses[number] = try use(of: value, named: tags.name(number))
    }
    switch uses[number] {
    case .metric(let metric):
      guard hasCurves[file] else { return }
      if let simple = value.simple {
        log.append(Double(simple), at: step, to: metric)
      } else if let tensor = value.tensor, let number = try SummaryTensor(tensor).number {
        log.append(number, at: step, to: metric)
      }
    case .text:
      guard let tensor = value.tensor, let text = try SummaryTensor(tensor).text else { return }
      SummarySettings.read(text: text, of: tags.name(number)) {
        log.set($0, $1, at: files[file])
      }
    case .hyperparameters:
      guard let content = value.content else { return }
      try SummarySettings.read(hyperparameters: content) { log.set($0, $1, at: files[file]) }
    case .nothing: break
    }
  }

  /// The use of a tag whose first value is `value`.
  private mutating func use(
    of value: SummaryValue, named name: String
  ) throws(ProtobufError) -> Use {
    switch value.plugin.map({ String(decoding: $0, as: UTF8.self) }) {
    case nil, "", "scalars": break
    case "text": return .text
    case "hparams": return .hyperparameters
    default: return .nothing
    }
    if value.simple == nil {
      // Old histograms have no plugin either.
      guard let tensor = value.tensor, try SummaryTensor(tensor).number != nil else {
        return .nothing
      }
    }
    return log.metric(name).map(Use.metric) ?? .nothing
  }
}
