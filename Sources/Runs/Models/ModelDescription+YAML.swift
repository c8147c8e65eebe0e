extension ModelDescription {
  /// Reads a model file's text; `file` is what errors call it.
  package init(yaml text: String, file: String) throws(DescriptionError) {
    let value = try YAMLValue(parsing: text, file: file)
    let fields = try YAMLFields(value, known: ModelFields.keys)
    try self.init(try ModelFields(fields), at: value.place)
  }

  package init(contentsOfFile path: String) throws(DescriptionError) {
    try self.init(yaml: try YAMLValue.text(ofFile: path), file: path)
  }

  init(_ fields: ModelFields, at place: SourcePlace) throws(DescriptionError) {
    do {
      try self.init(fields)
    } catch {
      throw .model(place, error)
    }
  }
}

extension ModelFields {
  static let keys = CodingKeys.allCases.map(\.rawValue)

  init(_ fields: YAMLFields) throws(DescriptionError) {
    func value(_ key: CodingKeys) -> YAMLValue? { fields[key.rawValue] }
    func size(_ key: CodingKeys) throws(DescriptionError) -> Int? {
      try value(key)?.wholeNumber(in: ModelDescription.sizes)
    }
    func count(_ key: CodingKeys) throws(DescriptionError) -> Int? {
      try value(key)?.wholeNumber(in: 0...ModelDescription.sizes.upperBound)
    }
    func softcap(_ key: CodingKeys) throws(DescriptionError) -> Double? {
      let caps = ModelDescription.softcaps
      return try value(key)?.number(ModelError.softcapWords) { caps.contains($0) }
    }
    family = try value(.family)?.choice(of: ModelFamily.self)
    width = try size(.width)
    layers = try size(.layers)
    heads = try size(.heads)
    kvHeads = try size(.kvHeads)
    headWidth = try size(.headWidth)
    ffnWidth = try size(.ffnWidth)
    vocabulary = try size(.vocabulary)
    sequenceLength = try size(.sequenceLength)
    tied = try value(.tied)?.flag()
    qkNorm = try value(.qkNorm)?.flag()
    attentionSoftcap = try softcap(.attentionSoftcap)
    outputSoftcap = try softcap(.outputSoftcap)
    experts = try count(.experts)
    expertsActive = try count(.expertsActive)
    sharedExperts = try count(.sharedExperts)
  }
}
