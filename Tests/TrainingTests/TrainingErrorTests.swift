import Foundation
import Optimizers
import ProxyModels
import Runs
import Support
import Testing
import Training

@Suite struct TrainingErrorTests {
  @Test("a model that is too large is refused with its estimate, before anything is written")
  func memory() throws {
    let run = try SmallRun {
      var fields = ModelFields()
      (fields.family, fields.width, fields.layers) = (.llama, 1 << 16, 1000)
      fields.vocabulary = 256
      fields.sequenceLength = 32
      $0.model = (try? ModelDescription(fields)) ?? $0.model
    }
    #expect {
      try run.train()
    } throws: { error in
      guard case .outOfMemory(let needed, let available) = error as? TrainingError else {
        return false
      }
      return needed > available && "\(error)".contains("bytes of memory")
    }
    #expect(!FileManager.default.fileExists(atPath: run.folder.file("run")))
  }

  /// Sizes whose products no integer holds.
  @Test("the largest model that can be written down is refused, not computed")
  func absurd() throws {
    var fields = ModelFields()
    let most = ModelDescription.sizes.upperBound
    (fields.family, fields.width, fields.layers) = (.llama, most, most)
    (fields.heads, fields.headWidth, fields.ffnWidth) = (most, most - 1, most)
    (fields.vocabulary, fields.sequenceLength) = (most, 32)
    let model = try ModelDescription(fields)
    let run = try SmallRun { $0.model = model }
    #expect(throws: TrainingError.self) { try run.prepared() }
  }

  @Test("the estimate is what a run takes")
  func estimate() throws {
    let run = try SmallRun().prepared()
    let count = Double(run.manifest.paramsTotal)
    // Weights, gradients and two moments, and activations besides.
    #expect(run.manifest.memoryBytes > 16 * count)
    let bound = MemoryEstimate(atLeastFor: run.manifest.description.model)
    #expect(bound.bytes < run.manifest.memoryBytes)
  }

  @Test("what the trainer has not is named")
  func unknown() throws {
    #expect(throws: OptimizerError.unknownRule("lyon", nearest: "lion")) {
      try SmallRun { $0.optimizer.name = "lyon" }.prepared()
    }
    #expect(throws: TrainingError.epsilon(1e-50)) {
      try SmallRun { $0.optimizer.epsilon = 1e-50 }.prepared()
    }
    #expect(throws: OptimizerError.self) {
      try SmallRun {
        $0.optimizer.name = "lion"
        $0.optimizer.decayConvention = .coupled
      }.prepared()
    }
    #expect(throws: TrainingError.unknownCorpus("bin")) {
      try SmallRun { $0.corpus = .bin(path: "a", validation: "b", vocabulary: 7) }.prepared()
    }
    var fields = ModelFields()
    (fields.family, fields.width, fields.layers, fields.vocabulary) = (.gpt2, 16, 2, 256)
    let gpt2 = try ModelDescription(fields)
    #expect(throws: ProxyModelError.family(.gpt2)) { try SmallRun { $0.model = gpt2 }.prepared() }
  }

  @Test("a corpus that is missing is named before anything is written")
  func corpus() throws {
    let run = try SmallRun { $0.corpus = .bytes(path: "gone.txt", validation: "valid.txt") }
    #expect {
      try run.train()
    } throws: {
      $0 is CorpusError && "\($0)".contains("gone.txt")
    }
    #expect(!FileManager.default.fileExists(atPath: run.folder.file("run")))
  }

  @Test("a rule that takes the loss with its gradient is refused where one of them is changed")
  func plainLoss() throws {
    for name in ["momo", "momo-adam"] {
      let clipped = try SmallRun { $0.optimizer.name = name }
      #expect(throws: OptimizerError.self) { _ = try clipped.prepared() }
      let weighted = try SmallRun {
        $0.optimizer.name = name
        ($0.optimizer.clip, $0.zLoss) = (nil, 1e-4)
      }
      #expect(throws: TrainingError.needsPlainLoss(optimizer: name)) {
        _ = try weighted.prepared()
      }
    }
  }

  @Test("a rate with which a rule cannot work is refused, with the parameter it is of")
  func rates() throws {
    let sphere = try SmallRun {
      $0.optimizer.name = "adamh"
      $0.optimizer.weightDecay = 0
      $0.learningRate = 0.5
      $0.learningRateByRole = ["query": 2]
    }
    let error = #expect(throws: OptimizerError.self) { _ = try sphere.prepared() }
    #expect("\(try #require(error))".contains("blocks.0.attention.query"))
  }
}
