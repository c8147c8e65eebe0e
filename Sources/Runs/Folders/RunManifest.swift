/// What a run is and where it is trained: `run.json`.
package struct RunManifest: Hashable, Codable, Sendable {
  /// The version of the folder's layout.
  package static let version = 1

  package var version = Self.version
  package var id: String
  package var description: RunDescription
  package var paramsTotal: Int
  package var paramsNonEmbedding: Int
  package var engineVersion: String
  package var machine: Machine
  package var corpus: CorpusFacts
  /// What the run takes, in bytes.
  package var memoryBytes: Double
  /// Set for a trunk alone.
  private var isTrunk: Bool?
  /// The run that this one branches from, and after how many of its steps.
  package private(set) var trunk: String?
  package private(set) var branchStep: Int?

  /// How much of a training a run does itself.
  package enum Part: Hashable, Codable, Sendable {
    /// From the start to the horizon.
    case whole
    /// The peak, which several horizons share; how long it lasts is no part of what it is.
    case trunk
    /// From a step of a trunk to the horizon.
    case branch(trunk: String, step: Int)
  }

  package var part: Part {
    if let trunk, let branchStep { return .branch(trunk: trunk, step: branchStep) }
    return isTrunk == true ? .trunk : .whole
  }

  /// What, besides the run itself, decides the last bits of its results.
  package struct Machine: Hashable, Codable, Sendable {
    package var instructionSet: String
    package var matrixLibrary: String

    enum CodingKeys: String, CodingKey {
      case instructionSet = "instruction_set"
      case matrixLibrary = "matrix_library"
    }

    package init(instructionSet: String, matrixLibrary: String) {
      self.instructionSet = instructionSet
      self.matrixLibrary = matrixLibrary
    }
  }

  /// What was found in the corpus.
  package struct CorpusFacts: Hashable, Codable, Sendable {
    /// Of the content that is trained on, and of the held-out content.
    package var digest: String
    package var validationDigest: String
    /// The tokens to train on; `nil` where they never end.
    package var tokens: Int?
    /// The loss of the best possible predictor on the held-out text, in nats per token, if known.
    package var lossFloor: Double?

    enum CodingKeys: String, CodingKey {
      case digest, tokens
      case validationDigest = "validation_digest"
      case lossFloor = "loss_floor"
    }

    package init(
      digest: String, validationDigest: String, tokens: Int? = nil, lossFloor: Double? = nil
    ) {
      self.digest = digest
      self.validationDigest = validationDigest
      self.tokens = tokens
      self.lossFloor = lossFloor
    }
  }

  enum CodingKeys: String, CodingKey {
    case version, id, description, machine, corpus, trunk
    case isTrunk = "is_trunk"
    case branchStep = "branch_step"
    case paramsTotal = "params_total"
    case paramsNonEmbedding = "params_non_embedding"
    case engineVersion = "engine_version"
    case memoryBytes = "memory_bytes"
  }

  package init(
    id: String, description: RunDescription, paramsTotal: Int, paramsNonEmbedding: Int,
    engineVersion: String, machine: Machine, corpus: CorpusFacts, memoryBytes: Double,
    part: Part = .whole
  ) {
    self.id = id
    self.description = description
    self.paramsTotal = paramsTotal
    self.paramsNonEmbedding = paramsNonEmbedding
    self.engineVersion = engineVersion
    self.machine = machine
    self.corpus = corpus
    self.memoryBytes = memoryBytes
    switch part {
    case .whole: break
    case .trunk: isTrunk = true
    case .branch(let trunk, let step): (self.trunk, branchStep) = (trunk, step)
    }
  }
}

extension RunManifest {
  /// The name of a run: a digest of all that decides its result, and of nothing else.
  ///
  /// Where the corpus lies and how often the run is saved or looked at decide nothing, and neither does how long
  /// a trunk lasts: a longer one goes on where a shorter one ended.
  package static func id(
    of description: RunDescription, part: Part = .whole, corpus: CorpusFacts,
    engineVersion: String
  ) throws -> String {
    struct Decisive: Encodable {
      var description: RunDescription
      var part: Part?
      var digests: [String]
      var engineVersion: String
    }
    var description = description
    if part == .trunk { description.tokens = description.batchTokens }
    description.checkpoint.every = 1
    description.telemetry = RunDescription.usualTelemetry(tokens: description.tokens)
    description.corpus = description.corpus.mapPaths { _ in "" }
    return try Digest(
      ofJSON: Decisive(
        description: description, part: part == .whole ? nil : part,
        digests: [corpus.digest, corpus.validationDigest],
        engineVersion: engineVersion)
    ).shortID
  }
}
