/// The arguments that Megatron-LM prints when it begins: `  hidden_size ........ 4096`, sorted.
struct MegatronArguments {
  /// Whether the lines are between the rules above and below the arguments.
  var isWithin = false
  private(set) var starts = 0

  /// - Returns: Whether `line` is one of the arguments, or a rule.
  mutating func read(
    _ line: UnsafeRawBufferPointer, at place: LinePlace, into log: inout RunLog
  ) -> Bool {
    if line.contains("- arguments -") {
      isWithin = true
      starts += 1
      if starts == 2 {
        log.remarks.append(
          "\(place): the log has a second start; its settings count, and repeated steps")
      }
      return true
    }
    guard isWithin else { return false }
    if line.contains("- end of arguments -") {
      isWithin = false
      removeUnused(from: &log)
      return true
    }
    let line = line.trimmed
    guard let nameEnd = line.place(of: UInt8(ascii: " ")) else { return false }
    var end = nameEnd + 1
    while end < line.count, line[end] == UInt8(ascii: ".") { end += 1 }
    guard end > nameEnd + 1, end == line.count || line[end].isBlank else { return false }
    log.set(line.part(0..<nameEnd).text, printed: line.part(end..<line.count), at: place)
    return true
  }

  /// Removes numbers that mean nothing, as an option that is off has its default.
  private func removeUnused(from log: inout RunLog) {
    if log.settings["group_query_attention"]?.value == .flag(false) {
      log.removeSetting("num_query_groups")
    }
    if log.settings["num_experts"]?.value == .null { log.removeSetting("moe_router_topk") }
  }
}
