extension StudyDescription {
  /// The text that a study trains on; paths are as written, relative to the study's folder.
  package enum Corpus: Hashable, Codable, Sendable {
    /// Any files, whose tokens are their bytes.
    case bytes(path: String, validation: String)
    /// Files of token ids, whose number no such file says.
    case bin(path: String, validation: String, vocabulary: Int)
    /// A made-up language, endless and the same for equal values.
    case synthetic(seed: Int, vocabulary: Int)

    /// The token ids that occur are all below this.
    package var vocabulary: Int {
      switch self {
      case .bytes: 256
      case .bin(_, _, let vocabulary), .synthetic(_, let vocabulary): vocabulary
      }
    }
  }
}

extension StudyDescription.Corpus {
  private enum Kind: String, CaseIterable {
    case bytes, bin, synthetic
  }

  init(_ value: YAMLValue) throws(DescriptionError) {
    let known = ["kind", "path", "validation", "vocabulary", "seed"]
    let fields = try YAMLFields(value, known: known)
    let kind = try fields.required("kind").choice(of: Kind.self)
    let own =
      switch kind {
      case .bytes: ["kind", "path", "validation"]
      case .bin: ["kind", "path", "validation", "vocabulary"]
      case .synthetic: ["kind", "vocabulary", "seed"]
      }
    try fields.allow(only: own, for: "a \(kind.rawValue) corpus")
    switch kind {
    case .bytes:
      self = .bytes(
        path: try fields.required("path").text(),
        validation: try fields.required("validation").text())
    case .bin:
      self = .bin(
        path: try fields.required("path").text(),
        validation: try fields.required("validation").text(),
        vocabulary: try fields.required("vocabulary").wholeNumber(in: ModelDescription.sizes))
    case .synthetic:
      // 64 symbols, as the languages that were measured before this was written.
      self = .synthetic(
        seed: try fields["seed"]?.wholeNumber(in: 0...YAMLValue.wholeNumbers.upperBound) ?? 0,
        vocabulary: try fields["vocabulary"]?.wholeNumber(in: 2...ModelDescription.sizes.upperBound)
          ?? 64)
    }
  }
}
