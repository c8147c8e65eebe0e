import Runs

/// Why a log cannot be read: the file, the place in it, and what to do.
package enum ImportError: Error, Hashable {
  case noFile(String)
  case notAFile(String)
  case unreadable(String, reason: String)
  /// What is written there is no record of its format.
  case damaged(LogDamage)
  /// More than any log of its kind holds, such as a length that must be a lie.
  case tooLarge(String, what: String, limit: Int)
  /// A file of the format that lacks what makes it a run's.
  case incomplete(String, reason: String)
  case unknownKind(String, nearest: String?)
  /// Nothing under the path is a log that anybody knows.
  case nothingFound(String, files: Int)
  /// A file that is not of the kind that was asked for.
  case otherKind(String, kind: String)
  indirect case table(TableError)
}

extension ImportError {
  /// Whether nothing is known of the log itself: it is not there, or may not be read.
  var isOfAccess: Bool {
    switch self {
    case .noFile, .unreadable, .table(.noFile), .table(.unreadable): true
    default: false
    }
  }

  /// Where the log is damaged, if that is what is wrong.
  package var damage: LogDamage? {
    switch self {
    case .damaged(let damage): damage
    case .table(.log(let error)): error.damage
    default: nil
    }
  }
}

extension ImportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noFile(let path): "\(path): no such file or folder; check the path"
    case .notAFile(let path): "\(path) is no plain file; give the log itself, or its folder"
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason); check its permissions"
    case .damaged(let damage): damage.description
    case .tooLarge(let path, let what, let limit):
      "\(path) has \(what) of more than \(limit); no log has that, so it is damaged or of another kind"
    case .incomplete(let path, let reason): "\(path): \(reason)"
    case .unknownKind(let kind, let nearest):
      "--from \(kind): there is no such kind" + (nearest.map { "; did you mean \($0)?" } ?? "")
        + "; the kinds are \(RunImporters.all.map(\.kind).joined(separator: ", "))"
    case .nothingFound(let path, let files):
      "\(path): none of \(files.counted("file")) is a log of a known kind "
        + "(\(RunImporters.all.map(\.kind).joined(separator: ", "))); say which with --from, or give a table"
    case .otherKind(let path, let kind):
      "\(path) holds no log of the kind \(kind); leave out --from"
    case .table(.missingFields(let path, let fields, let found)):
      TableError.missingFields(path, fields: fields, found: found).description
        + ", or give --set " + fields.map { "\($0)=VALUE" }.joined(separator: " --set ")
    case .table(let error): error.description
    }
  }
}

/// A place in a log where something else stands than its format allows.
package struct LogDamage: Hashable, Sendable, CustomStringConvertible {
  package var file: String
  /// Bytes before the record that is damaged.
  package var offset: Int
  package var reason: String

  package init(file: String, offset: Int, reason: String) {
    self.file = file
    self.offset = offset
    self.reason = reason
  }

  package var description: String { "\(file), byte \(offset): \(reason)" }
}
