/// How many parameters the processes hold:
/// ` > number of parameters on (tensor, pipeline) model parallel rank (0, 0): 1204838912`.
struct MegatronParameters {
  static let total = "parameters"
  static let firstRank = "parameters on the first rank"
  /// More ranks than this no model is spread over.
  private static let mostRanks = 1 << 16
  /// Nor does one hold more than this, so that the sum of all cannot overflow.
  private static let mostOnRank = 1 << 44

  private var counts: [String: Int] = [:]
  private var sum = 0

  /// - Returns: Whether `line` says so.
  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) -> Bool {
    guard line.has("> number of parameters on "), let middle = line.place(of: " rank (") else {
      return false
    }
    guard let close = line.place(of: UInt8(ascii: ")"), from: middle) else { return true }
    let ranks = line.part(middle + " rank (".utf8.count..<close)
    var start = close + 1
    if start < line.count, line[start] == UInt8(ascii: ":") { start += 1 }
    NumberText.skipBlanks(in: line, at: &start)
    guard ranks.count < 100, let count = NumberText.whole(in: line, at: &start),
      (1...Self.mostOnRank).contains(count), counts.count < Self.mostRanks
    else { return true }
    let name = ranks.text
    sum += count - (counts[name] ?? 0)
    counts[name] = count
    if name.allSatisfy({ "0, ".contains($0) }) { log.set(Self.firstRank, Double(count), at: place) }
    setTotal(at: place, in: &log)
    return true
  }

  /// The total is that of all ranks, once each has told.
  ///
  /// With tensor parallelism, norms are counted in each rank, which is next to nothing; experts that
  /// are spread are told by one rank alone, so that there is no total.
  private func setTotal(at place: LinePlace, in log: inout RunLog) {
    func size(_ name: String) -> Double? {
      guard case .number(let size)? = log.settings[name]?.value else { return nil }
      return size
    }
    let stages = size("pipeline_model_parallel_size") ?? 1
    let ranks = (size("tensor_model_parallel_size") ?? 1) * stages
    let isTied = log.settings["untie_embeddings_and_output_weights"]?.value == .flag(false)
    // The last stage of several holds a copy of the embeddings that it shares with the first.
    let copied =
      stages > 1 && isTied
      ? Self.product(
        size(MegatronLines.paddedVocabulary) ?? size("padded_vocab_size"), size("hidden_size")) : 0
    guard (size("expert_model_parallel_size") ?? 1) == 1, Double(counts.count) == ranks,
      let copied, Double(sum) > copied
    else { return log.removeSetting(Self.total) }
    log.set(Self.total, Double(sum) - copied, at: place)
  }

  private static func product(_ a: Double?, _ b: Double?) -> Double? {
    if let a, let b { a * b } else { nil }
  }
}
