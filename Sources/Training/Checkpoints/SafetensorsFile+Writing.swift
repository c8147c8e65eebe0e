import Runs

extension SafetensorsFile {
  /// Writes tensors in their order to a new file, which is on the disk when this returns.
  ///
  /// Half a file is left where this fails; who wants all or nothing writes into a folder of its own.
  ///
  /// - Precondition: the names differ.
  @discardableResult
  package static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], to path: String
  ) throws -> FileSeal {
    precondition(
      Set(tensors.map(\.name) + [SafetensorsHeader.metadataName]).count == tensors.count + 1,
      "a name comes twice in \(tensors.map(\.name))")
    var header = SafetensorsHeader()
    header.metadata = metadata
    for tensor in tensors { header.append(tensor.name, shape: tensor.shape) }
    var file = try NewFile(path: path)
    try file.write(try header.encoded())
    for tensor in tensors {
      try tensor.withScalars { try file.write(UnsafeRawBufferPointer($0)) }
    }
    return try file.finish()
  }
}

#if _endian(big)
  #error("safetensors files are little-endian; numbers are written as they lie in memory")
#endif
