/// Why a description of a run, a study or a model cannot be used.
package enum DescriptionError: Error, Hashable {
  case unreadable(file: String, reason: String)
  case notYAML(SourcePlace, problem: String)
  case unsupportedVersion(SourcePlace, found: String, read: Int)
  case unknownKey(SourcePlace, key: String, nearest: String?, known: [String])
  /// A key that this kind of thing does not have, such as `path` for a synthetic corpus.
  case keyOfAnotherKind(SourcePlace, key: String, kind: String)
  case duplicatedKey(SourcePlace, key: String)
  case missingKey(SourcePlace, key: String)
  case wrongValue(SourcePlace, key: String, value: String, expected: String)
  case repeatedValue(SourcePlace, key: String, value: String)
  case model(SourcePlace, ModelError)
  case conflict(SourcePlace, DescriptionConflict)
}

extension DescriptionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): cannot be read (\(reason)); check that it is a text file in UTF-8 you may read"
    case .notYAML(let place, let problem):
      "\(place): this is not YAML: \(problem); mend the file there"
    case .unsupportedVersion(let place, let found, let read):
      "\(place): `version` is \(found), and this program reads version \(read); "
        + "use the program that wrote the file, or a newer one"
    case .unknownKey(let place, let key, let nearest?, _):
      "\(place): unknown key `\(key)`; did you mean `\(nearest)`?"
    case .unknownKey(let place, let key, nil, let known):
      "\(place): unknown key `\(key)`; remove it, or use one of \(known.joined(separator: ", "))"
    case .keyOfAnotherKind(let place, let key, let kind):
      "\(place): `\(key)` means nothing for \(kind); remove it, or choose another kind"
    case .duplicatedKey(let place, let key):
      "\(place): key `\(key)` is given more than once; keep one"
    case .missingKey(let place, let key):
      "\(place): required key `\(key)` is missing; add it"
    case .wrongValue(let place, let key, let value, let expected):
      "\(place): `\(key)` is \(value), and must be \(expected)"
    case .repeatedValue(let place, let key, let value):
      "\(place): `\(key)` repeats \(value); keep one"
    case .model(let place, let error):
      "\(place): \(error)"
    case .conflict(let place, let conflict):
      "\(place): \(conflict)"
    }
  }
}

extension DescriptionError {
  /// A conflict between parts of a file, at the first of them that it gives.
  static func conflict(_ conflict: DescriptionConflict, in fields: YAMLFields) -> Self {
    let place = conflict.keys.lazy.compactMap { fields[$0]?.place }.first ?? fields.owner.place
    return .conflict(place, conflict)
  }
}
