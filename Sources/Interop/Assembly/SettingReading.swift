import Runs

/// Finds the fields of a record among what the user says and the settings of a log.
struct SettingReading {
  struct Found {
    var text: String
    var origin: FieldOrigin
  }

  private let log: RunLog
  private let names: FieldNames
  private let choices: ImportChoices
  /// Keys by the last part of their names, for settings that somebody nested.
  private let keysByEnd: [Substring: [String]]

  init(_ log: RunLog, names: FieldNames, choices: ImportChoices) {
    self.log = log
    self.names = names
    self.choices = choices
    keysByEnd = Dictionary(grouping: log.settings.keys.sorted()) { Self.lastPart(of: $0) }
  }

  /// The text of `field`: given, else the setting that the user names, else the first that is known.
  func text(_ field: String) -> Found? {
    guard var found = written(field) else { return nil }
    found.text = FieldNames.words[field]?[found.text.lowercased()] ?? found.text
    return found
  }

  private func written(_ field: String) -> Found? {
    if let given = choices.values[field] {
      return Found(text: given, origin: FieldOrigin("given"))
    }
    if let key = choices.keys[field] { return setting(key) }
    for name in names.settings[field] ?? [] {
      if let found = setting(name) { return found }
    }
    for name in names.settings[field] ?? []
    where !name.key.contains(".") && !Self.commonEnds.contains(name.key) {
      if let found = nested(name) { return found }
    }
    return setting(SettingName(field))
  }

  /// The number of `field`, if it is one.
  func number(_ field: String) -> (value: Double, origin: FieldOrigin)? {
    guard let found = text(field), let value = Quantity.parse(found.text) else { return nil }
    return (value, found.origin)
  }

  /// Keys whose last part is a known name of `field`, where several hold different values.
  func rivals(of field: String) -> [String] {
    guard choices.values[field] == nil, choices.keys[field] == nil, text(field) == nil else {
      return []
    }
    return (names.settings[field] ?? []).lazy.filter { !Self.commonEnds.contains($0.key) }
      .map { candidates($0) }.first { $0.count > 1 } ?? []
  }

  /// Words that end keys of other things too: `model.norm.eps`, `eval.steps`, `data.depth`.
  private static let commonEnds: Set<String> = [
    "eps", "epsilon", "steps", "tokens", "depth", "dim", "width", "wd", "opt", "name", "schedule",
    "scheduler", "optimizer", "iterations", "params", "seed", "devices", "corpus", "dataset",
    "tokenizer", "layers", "heads", "clip", "trunk",
  ]

  private func setting(_ name: SettingName) -> Found? {
    guard let setting = log.settings[name.key], setting.value != .null else { return nil }
    var text = setting.value.text
    if text.isEmpty || text.lowercased() == "none" { return nil }
    if let factor = name.factor {
      guard let number = Quantity.parse(text) else { return nil }
      text = (number * factor).plain
    }
    return Found(
      text: name.words[text] ?? text, origin: FieldOrigin(name.key, at: setting.place))
  }

  /// The setting whose key ends in `name` behind a dot, if all such keys agree.
  private func nested(_ name: SettingName) -> Found? {
    let candidates = candidates(name)
    guard let first = candidates.first,
      candidates.allSatisfy({ log.settings[$0]?.value == log.settings[first]?.value })
    else { return nil }
    return setting(SettingName(first, factor: name.factor, words: name.words))
  }

  private func candidates(_ name: SettingName) -> [String] {
    (keysByEnd[name.key[...]] ?? []).filter { $0 != name.key && log.settings[$0]?.value != .null }
  }

  private static func lastPart(of key: String) -> Substring {
    key[...].split { $0 == "." || $0 == "/" }.last ?? key[...]
  }
}
