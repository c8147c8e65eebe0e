/// Values that are objects or lists, each member of which is a setting, replaced together.
struct NestedSettings {
  /// The settings that a key stands for.
  private var members: [String: [String]] = [:]

  var isEmpty: Bool { members.isEmpty }

  /// Sets a key to a value, members of which become settings `key.member`.
  mutating func set(_ key: String, to value: JSONValue, in log: inout RunLog, at place: String) {
    remove(key, from: &log)
    var names: [String] = []
    value.flatten(under: key) { name, value in
      log.set(name, value, at: place)
      names.append(name)
    }
    members[key] = names
  }

  mutating func remove(_ key: String, from log: inout RunLog) {
    for name in members.removeValue(forKey: key) ?? [] { log.removeSetting(name) }
  }
}

extension JSONValue {
  private static let wrapperKeys: Set<String> = ["value", "desc"]

  /// The value inside `{value: ..., desc: ...}`, as W&B writes configurations in files.
  var withoutWrapper: JSONValue {
    guard let members, members.allSatisfy({ Self.wrapperKeys.contains($0.key) }) else {
      return self
    }
    return self["value"] ?? self
  }
}
