import Foundation

/// Why a file or folder cannot be read or written: the path, the system's reason, and what to do.
package enum FileError: Error, Hashable {
  case missing(String)
  case notAFile(String)
  case unreadable(String, reason: String)
  case shortened(String, bytes: Int)
  case full(String)
  case notWritten(String, reason: String)

  static func reading(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: .missing(path)
    default: .unreadable(path, reason: String(cString: strerror(code)))
    }
  }

  static func writing(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case ENOSPC, EDQUOT: .full(path)
    default: .notWritten(path, reason: String(cString: strerror(code)))
    }
  }
}

extension FileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path): "\(path): no such file; check the path"
    case .notAFile(let path): "\(path) is not a file; check the path"
    case .unreadable(let path, let reason):
      "\(path): cannot be read (\(reason)); check its permissions and the disk"
    case .shortened(let path, let bytes):
      "\(path) ends after \(bytes) bytes, earlier than when it was opened; "
        + "let no other program write to it"
    case .full(let path): "\(path): no space is left there; free some, or raise the quota"
    case .notWritten(let path, let reason):
      "\(path): cannot be written (\(reason)); check the permissions of its folder and the disk"
    }
  }
}
