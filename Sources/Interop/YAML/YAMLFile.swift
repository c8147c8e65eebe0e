import Foundation
import Yams

/// A YAML file of settings, as the value that JSON would have for it.
package enum YAMLFile {
  /// No file of settings comes near.
  private static let mostBytes = 1 << 20

  package static func value(_ path: String) throws(ImportError) -> JSONValue {
    let stream = try FileStream(path)
    let length = stream.length
    guard length <= mostBytes else {
      throw .tooLarge(path, what: "settings in bytes", limit: mostBytes)
    }
    _ = try stream.fill(length)
    guard let text = String(validating: stream.unread.prefix(length), as: UTF8.self) else {
      throw .incomplete(path, reason: "no YAML: it is not in UTF-8")
    }
    return try value(of: text, path)
  }

  /// Reads one document, without anchors: aliases of aliases make a small file endless.
  package static func value(of text: String, _ path: String) throws(ImportError) -> JSONValue {
    guard text.utf8.count <= mostBytes else {
      throw .tooLarge(path, what: "settings in bytes", limit: mostBytes)
    }
    if hasAnchors(text) {
      throw .incomplete(path, reason: "no file of settings: it has anchors (`&name`)")
    }
    if hasDeepBrackets(text) {
      throw .incomplete(
        path, reason: "no file of settings: its lists stand too deep in one another")
    }
    do {
      guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else { return .null }
      if let value = value(node, JSONParser.usualDepth) { return value }
    } catch {
      throw .incomplete(path, reason: "no YAML: \(error)".replacing("\n", with: " "))
    }
    throw .incomplete(path, reason: "no file of settings: its lists stand too deep in one another")
  }

  private static func hasAnchors(_ text: String) -> Bool {
    let before = Array(" \t\r\n[{,:-?!".utf8)
    var last = UInt8(ascii: "\n")
    var isAnchor = false
    for byte in text.utf8 {
      if isAnchor, byte > 0x20 { return true }
      isAnchor = byte == UInt8(ascii: "&") && before.contains(last)
      last = byte
    }
    return false
  }

  /// Whether more brackets open than any settings have, quoted or not.
  private static func hasDeepBrackets(_ text: String) -> Bool {
    var depth = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(depth - 1, 0)
      default: continue
      }
      if depth > 4 * JSONParser.usualDepth { return true }
    }
    return false
  }

  /// - Returns: `nil` for lists and mappings that stand deeper in one another than `depth`.
  private static func value(_ node: Node, _ depth: Int) -> JSONValue? {
    guard depth > 0 else { return nil }
    switch node {
    case .scalar(let scalar): return value(scalar)
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence {
        guard let element = value(element, depth - 1) else { return nil }
        elements.append(element)
      }
      return .list(elements)
    case .mapping(let mapping):
      var members: [JSONMember] = []
      for (key, inner) in mapping {
        guard let inner = value(inner, depth - 1) else { return nil }
        members.append(JSONMember(key.scalar?.string ?? "?", inner))
      }
      return .object(members)
    case .alias: return .null
    }
  }

  private static func value(_ scalar: Node.Scalar) -> JSONValue {
    guard scalar.style == .plain else { return .text(scalar.string) }
    switch scalar.string {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .flag(true)
    case "false", "False", "FALSE": return .flag(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    case let text: return number(text).map { .number($0) } ?? .text(text)
    }
  }

  /// A decimal number; words such as `nan` and hexadecimal digits are texts.
  private static func number(_ text: String) -> Double? {
    let allowed = Set("0123456789+-.eE".utf8)
    guard text.utf8.allSatisfy({ allowed.contains($0) }) else { return nil }
    return Double(text)
  }
}
