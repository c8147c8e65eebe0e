import Foundation
import Runs

/// What `checkpoint.json` says, but for the trainer's payload.
///
/// Its last field is the digest of the bytes before it, so that no byte of the file can change
/// unnoticed.
struct CheckpointRecord: Codable {
  var version = Self.formatVersion
  let run: String
  let step: Int
  let tokens: Int
  let model: FileSeal
  let optimizer: FileSeal

  static let formatVersion = 1

  /// The bytes of the file.
  func sealed(with payload: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: Self.infinity, negativeInfinity: "-" + Self.infinity, nan: Self.nan)
    let json = try encoder.encode(Whole(record: self, payload: payload))
    let content = [UInt8](json.dropLast())
    return content + Self.seal(of: content)
  }

  static func payload<Payload: Decodable>(
    _ type: Payload.Type, in bytes: [UInt8]
  ) throws -> Payload {
    try decoder.decode(PayloadOnly<Payload>.self, from: Data(bytes)).payload
  }

  private static func seal(of content: [UInt8]) -> [UInt8] {
    Array(",\"digest\":\"\(Digest(of: content))\"}\n".utf8)
  }

  private static let sealBytes = seal(of: []).count

  private static let infinity = "inf"
  private static let nan = "nan"

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: nan)
    return decoder
  }

  private enum PayloadKey: CodingKey {
    case payload
  }

  private struct Whole<Payload: Encodable>: Encodable {
    let record: CheckpointRecord
    let payload: Payload

    func encode(to encoder: any Encoder) throws {
      try record.encode(to: encoder)
      var container = encoder.container(keyedBy: PayloadKey.self)
      try container.encode(payload, forKey: .payload)
    }
  }

  private struct PayloadOnly<Payload: Decodable>: Decodable {
    let payload: Payload
  }
}

extension CheckpointRecord {
  /// The record in the bytes of the file in `folder`, if they are those that were written.
  init(sealed bytes: [UInt8], folder: String) throws(CheckpointError) {
    let content = [UInt8](bytes.dropLast(Self.sealBytes))
    guard bytes.count > Self.sealBytes,
      bytes.dropFirst(content.count) == Self.seal(of: content)[...]
    else { throw .damaged(folder, reason: "\(Checkpoint.recordFile) was cut or changed") }
    do {
      let version = try Self.decoder.decode(VersionOnly.self, from: Data(bytes)).version
      guard version == Self.formatVersion else {
        throw CheckpointError.otherVersion(folder, found: version, known: Self.formatVersion)
      }
      self = try Self.decoder.decode(Self.self, from: Data(bytes))
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .payload(folder, reason: DecodingReason.text(of: error))
    }
  }

  private struct VersionOnly: Decodable {
    let version: Int
  }
}
