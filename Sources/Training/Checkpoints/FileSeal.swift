package import Runs

/// What a file must be to be the one that was written.
package struct FileSeal: Hashable, Codable, Sendable {
  package let bytes: Int
  package let digest: Digest
}
