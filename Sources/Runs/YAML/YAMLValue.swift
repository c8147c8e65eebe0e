import Foundation
import Yams

/// A value in a YAML file, which knows what it is called and where it stands.
///
/// Yams' own decoder forgets lines and lets unknown keys pass, so files are read through this.
struct YAMLValue {
  /// The path from the top of the file, such as `model.sizes[1].width`; empty for the top.
  let name: String
  let place: SourcePlace
  private let node: Node

  /// The top of a file's text; `file` is what errors call it.
  init(parsing text: String, file: String) throws(DescriptionError) {
    let byteOrderMark = Character("\u{feff}")
    let yaml = text.first == byteOrderMark ? String(text.dropFirst()) : text
    let top: Node?
    do {
      top = try Yams.compose(yaml: yaml, .basic, .default, .utf8)
    } catch {
      throw DescriptionError(error, file: file)
    }
    guard let top else {
      throw .notYAML(SourcePlace(file: file, line: 1, column: 1), problem: "the file is empty")
    }
    self.init(top, name: "", file: file)
  }

  private init(_ node: Node, name: String, file: String) {
    self.node = node
    self.name = name
    place = SourcePlace(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  static func text(ofFile path: String) throws(DescriptionError) -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw .unreadable(file: path, reason: error.localizedDescription)
    }
  }

  /// The error that this value is not what it must be.
  func wrong(expected: String) -> DescriptionError {
    let value =
      switch node {
      case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "`\(scalar.string)`"
      case .sequence(let list): list.isEmpty ? "an empty list" : "a list"
      case .mapping: "a mapping"
      case .alias: "an alias"
      }
    return .wrongValue(
      place, key: name.isEmpty ? "the file" : name, value: value, expected: expected)
  }

  /// The keys of a mapping with what they stand for, in the file's order.
  func entries() throws(DescriptionError) -> [(key: YAMLValue, value: YAMLValue)] {
    guard let mapping = node.mapping else { throw wrong(expected: "a mapping, `{key: value}`") }
    var entries: [(key: YAMLValue, value: YAMLValue)] = []
    for (keyNode, valueNode) in mapping {
      let key = YAMLValue(keyNode, name: name.isEmpty ? "key" : "key of \(name)", file: place.file)
      let path = name.isEmpty ? try key.text() : "\(name).\(try key.text())"
      entries.append((key, YAMLValue(valueNode, name: path, file: place.file)))
    }
    return entries
  }

  /// The values of a list, of which there is at least one.
  func list() throws(DescriptionError) -> [YAMLValue] {
    guard let sequence = node.sequence, !sequence.isEmpty else {
      throw wrong(expected: "a list of at least one value, `[value, ...]`")
    }
    return sequence.enumerated().map { index, node in
      YAMLValue(node, name: "\(name)[\(index)]", file: place.file)
    }
  }

  var isList: Bool { node.sequence != nil }

  func isText(_ text: String) -> Bool { node.scalar?.string == text }

  /// Any text but the empty one.
  func text() throws(DescriptionError) -> String {
    guard let text = node.scalar?.string, !text.isEmpty else { throw wrong(expected: "a text") }
    return text
  }
}

extension DescriptionError {
  /// What Yams reports, at the place it reports it for.
  fileprivate init(_ error: any Error, file: String) {
    func place(_ mark: Mark) -> SourcePlace {
      SourcePlace(file: file, line: mark.line, column: mark.column)
    }
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self = .notYAML(place(mark), problem: problem)
    case .duplicatedKeysInMapping(let keys, let context):
      self = .duplicatedKey(place(context.mark), key: keys.first ?? "")
    case .reader(let problem, let offset, _, let text):
      let line = text.prefix(offset ?? 0).count { $0.isNewline } + 1
      self = .notYAML(SourcePlace(file: file, line: line, column: 1), problem: problem)
    default:
      self = .notYAML(SourcePlace(file: file, line: 1, column: 1), problem: "\(error)")
    }
  }
}
