import Foundation

/// The text that runs train on; paths are as written, relative to the description's folder.
package enum CorpusDescription: Hashable, Sendable {
  /// Any file, or a folder of files, whose tokens are its bytes.
  case bytes(path: String, validation: String)
  /// A file of token ids, or a folder of them, whose number no such file says.
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

  /// The corpus with what `transform` makes of each of its paths.
  func mapPaths(_ transform: (String) -> String) -> CorpusDescription {
    switch self {
    case .bytes(let path, let validation):
      .bytes(path: transform(path), validation: transform(validation))
    case .bin(let path, let validation, let vocabulary):
      .bin(
        path: transform(path), validation: transform(validation), vocabulary: vocabulary)
    case .synthetic: self
    }
  }

  /// The corpus with absolute paths, where relative ones begin at `folder`.
  package func resolvingPaths(in folder: String) -> CorpusDescription {
    let base = URL(fileURLWithPath: folder, isDirectory: true)
    return mapPaths { URL(fileURLWithPath: $0, relativeTo: base).standardizedFileURL.path }
  }
}

extension CorpusDescription {
  enum Kind: String, CaseIterable, Codable {
    case bytes, bin, synthetic
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, path, validation, vocabulary, seed
  }

  /// From the fewest tokens that leave room for topics and letters to more than any proxy needs.
  private static let syntheticVocabularies = 4...4096

  init(_ value: YAMLValue) throws(DescriptionError) {
    let known = CodingKeys.allCases.map(\.rawValue)
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
        seed: try fields["seed"]?.wholeNumber(in: YAMLValue.wholeNumbersFromZero) ?? 0,
        vocabulary: try fields["vocabulary"]?.wholeNumber(in: Self.syntheticVocabularies)
          ?? 64)
    }
  }
}
