import Runs

/// Tensors in a file of the safetensors format, which other programs read and write as well.
///
/// Opening reads and checks the header only; the tensors are read when they are asked for.
package struct SafetensorsFile: Sendable {
  package let metadata: [String: String]
  private let file: OpenedFile
  private let header: SafetensorsHeader
  private let dataStart: Int
  private let indices: [String: Int]

  package init(path: String) throws {
    try self.init(OpenedFile(path: path))
  }

  init(_ file: OpenedFile) throws {
    self.file = file
    let lengthBytes = SafetensorsHeader.lengthBytes
    guard file.bytes >= lengthBytes else {
      throw SafetensorsError.noHeader(file.path, bytes: file.bytes)
    }
    let length = try file.read(0..<lengthBytes).reversed().reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    let limit = min(SafetensorsHeader.maximumBytes, file.bytes - lengthBytes)
    guard length <= UInt64(limit) else {
      throw SafetensorsError.headerLength(file.path, bytes: length, limit: limit)
    }
    dataStart = lengthBytes + Int(length)
    header = try SafetensorsHeader(
      file.read(lengthBytes..<dataStart), dataBytes: file.bytes - dataStart, path: file.path)
    metadata = header.metadata
    indices = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) })
  }

  package var path: String { file.path }

  /// The tensors' names in the order of their data.
  package var names: [String] { header.tensors.map(\.name) }

  /// The shape of a tensor, if there is one of that name.
  package func shape(of name: String) -> [Int]? { indices[name].map { header.tensors[$0].shape } }

  /// Fills `memory` with a tensor's numbers, to the bit as they were written.
  ///
  /// - Throws: When there is no such tensor, it has another shape, or it cannot be read.
  package func read(
    _ name: String, shape: [Int], into memory: UnsafeMutableBufferPointer<Float>
  ) throws {
    let tensor = try tensor(name)
    guard tensor.shape == shape else {
      throw SafetensorsError.otherShape(path, tensor: name, found: tensor.shape, expected: shape)
    }
    precondition(
      memory.count * MemoryLayout<Float>.size == tensor.range.count,
      "\(name) of shape \(shape) into memory for \(memory.count) numbers")
    try file.read(
      from: dataStart + tensor.range.lowerBound, into: UnsafeMutableRawBufferPointer(memory))
  }

  /// A tensor's numbers, to the bit as they were written.
  package func scalars(of name: String) throws -> [Float] {
    let shape = try tensor(name).shape
    let count = shape.reduce(1, *)
    // Filling an empty array writes to one that all threads share.
    guard count > 0 else { return [] }
    return try [Float](unsafeUninitializedCapacity: count) { memory, filled in
      try read(name, shape: shape, into: UnsafeMutableBufferPointer(rebasing: memory[..<count]))
      filled = count
    }
  }

  private func tensor(_ name: String) throws -> SafetensorsHeader.Tensor {
    guard let index = indices[name] else {
      throw SafetensorsError.noTensor(path, tensor: name, nearest: name.nearest(in: names))
    }
    return header.tensors[index]
  }
}
