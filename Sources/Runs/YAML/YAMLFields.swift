/// The values of a mapping, all of whose keys are known.
struct YAMLFields {
  let owner: YAMLValue
  private let known: [String]
  private let values: [String: YAMLValue]

  /// Refuses a key that is not `known`, before anything else that may be wrong.
  init(_ owner: YAMLValue, known: [String]) throws(DescriptionError) {
    var values: [String: YAMLValue] = [:]
    for (key, value) in try owner.entries() {
      let name = try key.text()
      guard known.contains(name) else {
        throw .unknownKey(
          key.place, key: name, nearest: name.nearest(in: known), known: known)
      }
      values[name] = value
    }
    self.owner = owner
    self.known = known
    self.values = values
  }

  /// The value of `key`, unless it is left out.
  ///
  /// - Precondition: `key` is known.
  subscript(key: String) -> YAMLValue? {
    precondition(known.contains(key), "`\(key)` is read and not among \(known)")
    return values[key]
  }

  func required(_ key: String) throws(DescriptionError) -> YAMLValue {
    guard let value = self[key] else {
      let path = owner.name.isEmpty ? key : "\(owner.name).\(key)"
      throw .missingKey(owner.place, key: path)
    }
    return value
  }

  /// Refuses keys that mean nothing for `kind`, whose own are `keys`.
  func allow(only keys: [String], for kind: String) throws(DescriptionError) {
    for key in known where !keys.contains(key) {
      guard let value = values[key] else { continue }
      throw .keyOfAnotherKind(value.place, key: value.name, kind: kind)
    }
  }
}
