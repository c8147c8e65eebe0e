extension StudyDescription {
  /// One run of a study's grid.
  package struct ChosenRun: Hashable, Codable, Sendable {
    /// The place of its model among `model.sizes`, from 1.
    package var size: Int
    package var tokens: Int
    package var batchTokens: Int
    package var learningRate: Double

    package init(size: Int, tokens: Int, batchTokens: Int, learningRate: Double) {
      self.size = size
      self.tokens = tokens
      self.batchTokens = batchTokens
      self.learningRate = learningRate
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case size, tokens
      case batchTokens = "batch_tokens"
      case learningRate = "learning_rate"
    }

    /// Learning rates that differ by less are one, however they were written.
    private static let tolerance = 1e-6

    /// Whether `rate` is this run's.
    package func isAt(_ rate: Double) -> Bool {
      abs(rate / learningRate - 1) < Self.tolerance
    }
  }

  /// Every run of the grid, chosen or not.
  package var gridRuns: [ChosenRun] {
    models.indices.flatMap { size in
      batchTokens.flatMap { batch in
        learningRates.values.flatMap { rate in
          tokens.map {
            ChosenRun(size: size + 1, tokens: $0, batchTokens: batch, learningRate: rate)
          }
        }
      }
    }
  }

  /// The horizons wanted of a model at a batch size and learning rate.
  package func horizons(ofSize size: Int, batchTokens: Int, learningRate: Double) -> [Int] {
    guard let chosenRuns else { return tokens }
    let wanted = Set(
      chosenRuns.filter {
        $0.size == size && $0.batchTokens == batchTokens && $0.isAt(learningRate)
      }.map(\.tokens))
    return tokens.filter(wanted.contains)
  }
}

extension StudyDescription.ChosenRun {
  init(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: CodingKeys.allCases.map(\.rawValue))
    size = try fields.required("size").wholeNumber()
    tokens = try fields.required("tokens").wholeNumber()
    batchTokens = try fields.required("batch_tokens").wholeNumber()
    learningRate = try fields.required("learning_rate").positiveNumber()
  }
}
