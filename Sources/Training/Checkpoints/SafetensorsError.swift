/// What can be wrong with a safetensors file: the file, the tensor, the value, and what to do.
package enum SafetensorsError: Error, Hashable {
  case noHeader(String, bytes: Int)
  case headerLength(String, bytes: UInt64, limit: Int)
  case header(String, reason: String)
  case type(String, tensor: String, found: String)
  case shape(String, tensor: String, shape: [Int], bytes: Int)
  case offsets(String, tensor: String, found: [Int], start: Int)
  case dataLength(String, bytes: Int, expected: Int)
  case noTensor(String, tensor: String, nearest: String?)
  case otherShape(String, tensor: String, found: [Int], expected: [Int])
}

extension SafetensorsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noHeader(let path, let bytes):
      "\(path) has \(bytes) bytes, too few for a safetensors file; check that it is one, and whole"
    case .headerLength(let path, let bytes, let limit):
      "\(path): a header of \(bytes) bytes is announced where at most \(limit) can be; "
        + "check that it is a safetensors file, and whole"
    case .header(let path, let reason):
      "\(path): the header is not that of a safetensors file (\(reason)); write the file again"
    case .type(let path, let tensor, let found):
      "\(path): tensor \(tensor) has dtype \(found), but only F32 is read; convert it"
    case .shape(let path, let tensor, let shape, let bytes):
      "\(path): tensor \(tensor) of shape \(shape) cannot have \(bytes) bytes; write the file again"
    case .offsets(let path, let tensor, let found, let start):
      "\(path): tensor \(tensor) has data_offsets \(found), but the data before it end at \(start); "
        + "write the file again, without holes or overlaps"
    case .dataLength(let path, let bytes, let expected):
      "\(path) has \(bytes) bytes of data, but its tensors have \(expected); "
        + "it was cut or added to: write it again"
    case .noTensor(let path, let tensor, let nearest):
      "\(path) has no tensor \(tensor)" + (nearest.map { "; did you mean \($0)?" } ?? "")
        + "; it must come from the same model"
    case .otherShape(let path, let tensor, let found, let expected):
      "\(path): tensor \(tensor) has shape \(found), not \(expected); "
        + "it must come from the same model"
    }
  }
}
