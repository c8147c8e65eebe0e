import Crypto
import Foundation

/// The SHA-256 digest (FIPS 180-4) of some content: equal content has equal digests everywhere.
package struct Digest: Hashable, Sendable {
  /// 64 lowercase hexadecimal digits.
  package let hex: String

  /// The first 16 digits: 64 bits, enough to name the runs of any study and short enough to type.
  package var shortID: String { String(hex.prefix(16)) }

  package init(of bytes: [UInt8]) {
    self.init(SHA256.hash(data: bytes))
  }

  /// The digest of a file's content, which is read in pieces and may be larger than memory.
  package init(ofFile path: String) throws {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      var hasher = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        hasher.update(data: piece)
      }
      self.init(hasher.finalize())
    } catch {
      throw DigestError.unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// The digest of `value` as JSON: keys in order, no white space, every `Double` written so that
  /// it reads back as the same number.
  ///
  /// Equal values give equal digests in every process as long as what `value` encodes is in a
  /// fixed order. Keyed fields and dictionaries by `String` are put in order here; a `Set`, or a
  /// dictionary by another type that is not `CodingKeyRepresentable`, is encoded in an order that
  /// changes from one process to the next and must not be part of it. `-0.0` is written `-0`, so its
  /// digest is not that of the `0.0` it equals.
  package init(ofJSON value: some Encodable) throws {
    self.init(of: Array(try Self.canonicalJSON(value).utf8))
  }

  /// The text that `init(ofJSON:)` takes the digest of, in UTF-8.
  package static func canonicalJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw DigestError.notEncodable(type: "\(type(of: value))", reason: "\(error)")
    }
  }

  init(_ digest: SHA256.Digest) {
    let digits = Array("0123456789abcdef")
    hex = String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

extension Digest: CustomStringConvertible {
  package var description: String { hex }
}

extension Digest: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    hex = try container.decode(String.self)
    guard hex.utf8.count == 64, hex.allSatisfy({ "0123456789abcdef".contains($0) }) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "a SHA-256 digest has 64 lowercase hexadecimal digits, not \"\(hex)\"")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
