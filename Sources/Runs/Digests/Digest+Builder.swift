import Crypto

extension Digest {
  /// Takes in content piece by piece, for the digest of what is nowhere in memory as a whole.
  package struct Builder: Sendable {
    private var hasher = SHA256()

    package init() {}

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
      hasher.update(bufferPointer: bytes)
    }

    package mutating func append(_ text: String) {
      hasher.update(data: Array(text.utf8))
    }

    /// The digest of all that was appended so far.
    package var digest: Digest { Digest(hasher.finalize()) }
  }
}
