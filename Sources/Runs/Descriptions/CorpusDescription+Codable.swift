/// As JSON a corpus has the keys of a description file.
extension CorpusDescription: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func text(_ key: CodingKeys) throws -> String {
      try container.decode(String.self, forKey: key)
    }
    func number(_ key: CodingKeys) throws -> Int { try container.decode(Int.self, forKey: key) }
    switch try container.decode(Kind.self, forKey: .kind) {
    case .bytes: self = .bytes(path: try text(.path), validation: try text(.validation))
    case .bin:
      self = .bin(
        path: try text(.path), validation: try text(.validation),
        vocabulary: try number(.vocabulary))
    case .synthetic:
      self = .synthetic(seed: try number(.seed), vocabulary: try number(.vocabulary))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .bytes(let path, let validation):
      try container.encode(Kind.bytes, forKey: .kind)
      try container.encode(path, forKey: .path)
      try container.encode(validation, forKey: .validation)
    case .bin(let path, let validation, let vocabulary):
      try container.encode(Kind.bin, forKey: .kind)
      try container.encode(path, forKey: .path)
      try container.encode(validation, forKey: .validation)
      try container.encode(vocabulary, forKey: .vocabulary)
    case .synthetic(let seed, let vocabulary):
      try container.encode(Kind.synthetic, forKey: .kind)
      try container.encode(seed, forKey: .seed)
      try container.encode(vocabulary, forKey: .vocabulary)
    }
  }
}
