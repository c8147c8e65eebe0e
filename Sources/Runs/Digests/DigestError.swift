/// Why the digest of some content cannot be told.
package enum DigestError: Error, Hashable {
  case unreadable(path: String, reason: String)
  case notEncodable(type: String, reason: String)
}

extension DigestError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): cannot be read for its digest (\(reason)); check that it is a file you may read"
    case .notEncodable(let type, let reason):
      "\(type): cannot be written as JSON for its digest (\(reason)); its numbers must be finite"
    }
  }
}
