package import Foundation
package import Runs

/// The text of a run, opened: what is trained on, and what the loss is measured on.
package struct TrainingCorpus: Sendable {
  package let training: any TokenSource
  package let validation: any TokenSource
  /// How many sequences of the validation source are read each time.
  package let validationSequences: Int
  package let facts: RunManifest.CorpusFacts
  private let files: [ByteCorpus]

  /// - Parameters:
  ///   - description: The run.
  ///   - folder: What relative paths are relative to.
  /// - Throws: When there is no such text, or it is no text, or too short, or not held out.
  package init(_ description: RunDescription, relativeTo folder: URL) throws {
    let length = description.model.sequenceLength
    let wanted = description.validation.tokens / length
    let seed = UInt64(description.seed)
    switch description.corpus {
    case .bytes(let path, let validationPath):
      func open(_ path: String) throws -> ByteCorpus {
        try ByteCorpus(path: URL(fileURLWithPath: path, relativeTo: folder).path)
      }
      let (text, heldOut) = (try open(path), try open(validationPath))
      files = [text, heldOut]
      training = try ByteSource(text, sequenceLength: length, seed: seed)
      let validation = try ByteValidationSource(
        heldOut, heldOutFrom: text, sequenceLength: length, atMost: wanted)
      self.validation = validation
      validationSequences = validation.sequencesPerEpoch ?? wanted
      facts = RunManifest.CorpusFacts(
        digest: try text.digest().hex, validationDigest: try heldOut.digest().hex,
        tokens: text.count)
    case .bin: throw TrainingError.unknownCorpus("bin")
    case .synthetic(let languageSeed, let vocabulary):
      files = []
      let language = SyntheticLanguage(seed: UInt64(languageSeed), vocabulary: vocabulary)
      training = SyntheticSource(
        language: language, stream: .training(seed: seed), sequenceLength: length)
      validation = SyntheticSource(
        language: language, stream: .validation, sequenceLength: length)
      validationSequences = wanted
      facts = RunManifest.CorpusFacts(
        language, training: training, validation, sequences: wanted)
    }
  }
}

extension TrainingCorpus {
  /// Throws if a file is no longer as it was when it was opened: what is trained on then is not what
  /// the run's id says.
  func requireUnchanged() throws(CorpusError) {
    for file in files { try file.requireUnchanged() }
  }
}

extension RunManifest.CorpusFacts {
  /// What there is to know of a synthetic language, of which there is no end.
  fileprivate init(
    _ language: SyntheticLanguage, training: any TokenSource, _ validation: any TokenSource,
    sequences: Int
  ) {
    // A few texts tell one version of the language from another.
    func digest(_ source: any TokenSource) -> String {
      var builder = Digest.Builder()
      for index in 0..<16 {
        builder.append(source.sequence(at: index).map(String.init).joined(separator: " ") + "\n")
      }
      return builder.digest.hex
    }
    var sum = 0.0
    for index in 0..<sequences {
      let ideal = language.idealLosses(of: validation.sequence(at: index))
      sum += ideal.reduce(0, +) / Double(ideal.count)
    }
    self.init(
      digest: digest(training), validationDigest: digest(validation),
      lossFloor: sum / Double(sequences))
  }
}
