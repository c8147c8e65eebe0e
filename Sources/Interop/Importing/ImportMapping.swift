import Foundation
import Runs

/// A YAML file that says what logs do not: beside them as `vernier.yaml`, or given.
///
/// ```yaml
/// set: {params_total: 124M, corpus: web}
/// map: {learning_rate: optimizer.lr, batch_tokens: "bs*2048"}
/// loss: validation
/// ```
package enum ImportMapping {
  /// The name under which it is found beside logs.
  package static let fileName = "vernier.yaml"

  /// - Throws: What is wrong with the file, by key.
  package static func read(_ path: String) throws(ImportError) -> ImportChoices {
    guard let members = try YAMLFile.value(path).members else {
      throw .incomplete(path, reason: "it holds no keys; write set, map or loss")
    }
    var choices = ImportChoices()
    for member in members {
      switch member.key {
      case "set":
        for (field, value) in try Self.texts(member, path) {
          try choices.set(field, to: value, at: path)
        }
      case "map":
        let pairs = try Self.texts(member, path).map { "\($0)=\($1)" }
        do {
          try choices.map(pairs.joined(separator: ","))
        } catch {
          throw .incomplete(path, reason: error.description)
        }
      case "loss":
        guard let choice = ImportChoices.LossChoice(rawValue: member.value.text ?? "") else {
          throw .incomplete(
            path,
            reason: "loss is no choice; write "
              + ImportChoices.LossChoice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        choices.loss = choice
      default:
        let known = ["set", "map", "loss"]
        throw .incomplete(
          path,
          reason: "there is no key \(member.key)"
            + (member.key.nearest(in: known).map { "; did you mean \($0)?" } ?? "")
            + "; the keys are \(known.joined(separator: ", "))")
      }
    }
    return choices
  }

  private static func texts(
    _ member: JSONMember, _ path: String
  ) throws(ImportError) -> [(String, String)] {
    guard let inner = member.value.members else {
      throw .incomplete(
        path, reason: "\(member.key) holds no fields; write \(member.key): {field: value}")
    }
    return try inner.map { field throws(ImportError) in
      guard let value = field.value.logged, value != .null else {
        throw .incomplete(path, reason: "\(member.key).\(field.key) is no word and no number")
      }
      return (field.key, value.text)
    }
  }
}

extension ImportChoices {
  /// Sets a field for every run.
  ///
  /// - Parameters:
  ///   - field: Its name in tables, or one of `furtherFields`.
  ///   - value: As people write it.
  ///   - place: What says so, for messages: an option or a file.
  /// - Throws: When there is no such field or the value is none of it.
  package mutating func set(
    _ field: String, to value: String, at place: String
  ) throws(ImportError) {
    let field = Self.otherNames[field] ?? field
    guard Self.fields.contains(field) else {
      throw .incomplete(
        place,
        reason: "there is no field \(field)"
          + (field.nearest(in: Self.fields).map { "; did you mean \($0)?" } ?? ""))
    }
    if let known = RunField.optional.first(where: { $0.name == field }) {
      var record = RunRecord(params: 1, tokens: 1, learningRate: 1, loss: nil)
      guard known.set(value, in: &record) else {
        throw .incomplete(place, reason: "\(field) is '\(value)'; write \(known.expected)")
      }
    } else if Quantity.parse(value).map({ $0 > 0 || ($0 == 0 && Self.mayBeZero.contains(field)) })
      != true
    {
      throw .incomplete(
        place, reason: "\(field) is '\(value)'; write a positive number such as 7e9 or 7B")
    }
    values[field] = value
  }

  /// Reads `field=key` pairs separated by commas; a key may carry a factor, as in `bs*2048`.
  package mutating func map(_ text: String) throws(ImportError) {
    let known = Set(Self.fields + CurveField.allCases.map(\.rawValue)).sorted()
    do {
      for (field, column) in try ColumnMap(parsing: text, known: known).columns {
        keys[Self.otherNames[field] ?? field] = SettingName(column.name, factor: column.factor)
      }
    } catch {
      throw .table(error)
    }
  }
}
