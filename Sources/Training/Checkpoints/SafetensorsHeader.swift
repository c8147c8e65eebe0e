import Foundation

/// The header of a safetensors file: the name, shape and place of each tensor.
///
/// The format is described at <https://github.com/huggingface/safetensors>. Of its types only F32
/// is known here.
struct SafetensorsHeader {
  var metadata: [String: String] = [:]
  /// In the order of their data.
  private(set) var tensors: [Tensor] = []

  struct Tensor: Hashable, Sendable {
    let name: String
    let shape: [Int]
    /// Counted in bytes from the end of the header.
    let range: Range<Int>
  }

  /// The most that other readers take, too.
  static let maximumBytes = 100_000_000
  static let lengthBytes = 8
  static let metadataName = "__metadata__"
  private static let scalarBytes = MemoryLayout<Float>.size

  var dataBytes: Int { tensors.last?.range.upperBound ?? 0 }

  /// Puts a tensor after the last one.
  mutating func append(_ name: String, shape: [Int]) {
    let count = shape.reduce(1, *) * Self.scalarBytes
    tensors.append(Tensor(name: name, shape: shape, range: dataBytes..<dataBytes + count))
  }
}

extension SafetensorsHeader {
  /// The length and the header, padded so that the data begin at a multiple of eight bytes.
  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = [UInt8](try encoder.encode(self))
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    precondition(json.count <= Self.maximumBytes, "a header of \(json.count) bytes")
    return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json
  }

  /// - Parameters:
  ///   - json: The header without its length.
  ///   - dataBytes: What follows it in the file.
  ///   - path: Named in errors.
  /// - Throws: When the tensors do not fill the data from the first byte to the last, each with the
  ///   bytes of its shape.
  init(_ json: [UInt8], dataBytes: Int, path: String) throws(SafetensorsError) {
    // A NUL byte would have the decoder take the text for UTF-16.
    guard json.first == UInt8(ascii: "{"), !json.contains(0) else {
      throw .header(path, reason: "it is no JSON object in UTF-8")
    }
    let entries: Entries
    do {
      entries = try JSONDecoder().decode(Entries.self, from: Data(json))
    } catch {
      throw .header(path, reason: DecodingReason.text(of: error))
    }
    metadata = entries.metadata
    for (name, entry) in entries.inOrder {
      tensors.append(try Self.tensor(name, entry, after: self.dataBytes, path: path))
    }
    guard self.dataBytes == dataBytes else {
      throw .dataLength(path, bytes: dataBytes, expected: self.dataBytes)
    }
  }

  private static func tensor(
    _ name: String, _ entry: Entry, after start: Int, path: String
  ) throws(SafetensorsError) -> Tensor {
    guard entry.dtype == Entry.float32 else { throw .type(path, tensor: name, found: entry.dtype) }
    let offsets = entry.data_offsets
    guard offsets.count == 2, offsets[0] == start, offsets[1] >= start else {
      throw .offsets(path, tensor: name, found: offsets, start: start)
    }
    guard bytes(of: entry.shape) == offsets[1] - start else {
      throw .shape(path, tensor: name, shape: entry.shape, bytes: offsets[1] - start)
    }
    return Tensor(name: name, shape: entry.shape, range: start..<offsets[1])
  }

  /// The bytes of a tensor; `nil` for a shape that no tensor can have.
  private static func bytes(of shape: [Int]) -> Int? {
    var bytes = scalarBytes
    for size in shape {
      guard size >= 0 else { return nil }
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      bytes = product
    }
    return bytes
  }
}

extension SafetensorsHeader: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: TextKey.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: .metadata) }
    for tensor in tensors {
      let offsets = [tensor.range.lowerBound, tensor.range.upperBound]
      try container.encode(
        Entry(dtype: Entry.float32, shape: tensor.shape, data_offsets: offsets),
        forKey: TextKey(tensor.name))
    }
  }

  /// What the header says of one tensor, under the format's own names.
  private struct Entry: Codable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]

    static let float32 = "F32"
  }

  private struct Entries: Decodable {
    var metadata: [String: String] = [:]
    private var tensors: [(name: String, entry: Entry)] = []

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: TextKey.self)
      for key in container.allKeys {
        if key == .metadata {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors.append((key.stringValue, try container.decode(Entry.self, forKey: key)))
        }
      }
    }

    /// In the order of their data; tensors without data are in that of their names.
    var inOrder: [(name: String, entry: Entry)] {
      tensors.sorted { left, right in
        if left.entry.data_offsets != right.entry.data_offsets {
          return left.entry.data_offsets.lexicographicallyPrecedes(right.entry.data_offsets)
        }
        return left.name < right.name
      }
    }
  }

  private struct TextKey: CodingKey, Equatable {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let metadata = TextKey(SafetensorsHeader.metadataName)
  }
}
