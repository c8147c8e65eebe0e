import ProxyModels
import Runs
import Testing

@Suite struct ProxyModelCountTests {
  @Test("counts from sizes are those of the model's own parameters")
  func counts() throws {
    for model in try SampleModels.all() {
      let counts = ModelCounts(ModelDimensions(model.description))
      #expect(counts.total == Double(model.parameterCount))
      #expect(counts.nonEmbedding == Double(model.nonEmbeddingParameterCount))
      let readOut = 6 * Double(model.description.vocabulary * model.description.width)
      #expect(counts.operationsPerToken + readOut == model.trainingOperationsPerToken)
    }
  }
}
