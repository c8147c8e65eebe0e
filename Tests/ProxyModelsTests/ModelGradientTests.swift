import Parametrizations
import ProxyModels
import Runs
import Tensors
import Testing

@Suite struct ModelGradientTests {
  @Test("the gradient of a whole model is that of its loss", arguments: 0..<5)
  func wholeModel(index: Int) throws {
    let model = try SampleModels.all()[index]
    let settings = try SampleModels.settings(for: model)
    let recorded = RecordedModel(model, settings, sequences: 2, zWeight: 0.01)
    let engine = try Engine(.double)
    let weights = try Storage(.double, count: recorded.tape.parameterCount)
    let gradients = try Storage(.double, count: recorded.tape.parameterCount)
    recorded.initialize(weights, specs: model.parameters, settings: settings, seed: 5)
    let arena = try Arena(recorded.tape, engine, weights: weights, gradients: gradients)
    let text = SampleModels.text(for: model, sequences: 2)
    func objective() -> Double {
      arena.forward(text)
      let penalty = arena.doubles(recorded.loss.logSums).reduce(0) { $0 + $1 * $1 }
      return arena.doubles(recorded.loss.losses).reduce(0, +) + 0.01 * penalty
    }
    _ = objective()
    arena.backward(scale: 1)
    let size = gradients.whole.sumOfSquares(engine) / Double(gradients.count)
    for (path, tensor) in zip(recorded.weights.paths, recorded.weights.leaves) {
      for position in recorded.tape.range(of: tensor) {
        let middle = weights.whole[position]
        let step = 1e-5
        weights.whole[position] = middle + step
        let above = objective()
        weights.whole[position] = middle - step
        let below = objective()
        weights.whole[position] = middle
        let difference = abs((above - below) / (2 * step) - gradients.whole[position])
        // Rounding of a loss of about 30 over the step, and the curvature of the norms along it.
        #expect(difference < 1e-7 * max(1, size.squareRoot()), "\(path)")
      }
    }
  }

  @Test("float kernels of every instruction set agree with double", arguments: 0..<5)
  func variants(index: Int) throws {
    let model = try SampleModels.all()[index]
    let settings = try SampleModels.settings(for: model)
    let recorded = RecordedModel(model, settings, sequences: 2, zWeight: 0.01)
    let exact = try Evaluation(model, recorded, try Engine(.double))
    for engine in try Engine.variants() {
      let found = try Evaluation(model, recorded, engine)
      // Float's half unit in the last place, and some sixty roundings on the longest way.
      let tolerance = 64 * Double(Float.ulpOfOne) / 2
      #expect(abs(found.loss - exact.loss) < tolerance * exact.loss, "\(engine.instructionSet)")
      let size = exact.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let error = zip(found.gradient, exact.gradient).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot()
      #expect(error < tolerance * size, "\(engine.instructionSet)")
    }
  }

  @Test("sequences are independent of those beside them in a replay")
  func replays() throws {
    let model = try SampleModels.model()
    let settings = try SampleModels.settings(for: model)
    let one = RecordedModel(model, settings, sequences: 1)
    let two = RecordedModel(model, settings, sequences: 2)
    let engine = try Engine(.double)
    let alone = try Evaluation(model, one, engine, sequences: 0..<1)
    let next = try Evaluation(model, one, engine, sequences: 1..<2)
    let both = try Evaluation(model, two, engine)
    #expect(abs(alone.loss + next.loss - both.loss) < 1e-12 * both.loss)
  }

  @Test("a later token changes no earlier loss")
  func causality() throws {
    let model = try SampleModels.model { $0.sequenceLength = 70 }
    let settings = try SampleModels.settings(for: model)
    let recorded = RecordedModel(model, settings, sequences: 1)
    let weights = try Storage(.single, count: recorded.tape.parameterCount)
    let gradients = try Storage(.single, count: recorded.tape.parameterCount)
    recorded.initialize(weights, specs: model.parameters, settings: settings, seed: 5)
    let arena = try Arena(recorded.tape, try Engine(), weights: weights, gradients: gradients)
    var text = SampleModels.text(for: model, sequences: 1)
    arena.forward(text)
    let before = Array(arena.doubles(recorded.loss.losses))
    text[0][66] = (text[0][66] + 1) % 11
    arena.forward(text)
    let after = Array(arena.doubles(recorded.loss.losses))
    #expect(before[..<65] == after[..<65])
    #expect(before[65...] != after[65...])
  }
}

/// The loss and gradient of a sample model from its seed.
struct Evaluation {
  let loss: Double
  let gradient: [Double]

  init(
    _ model: any ProxyModel, _ recorded: RecordedModel, _ engine: Engine,
    sequences: Range<Int> = 0..<2
  ) throws {
    let settings = try SampleModels.settings(for: model)
    let weights = try Storage(engine.precision, count: recorded.tape.parameterCount)
    let gradients = try Storage(engine.precision, count: recorded.tape.parameterCount)
    recorded.initialize(weights, specs: model.parameters, settings: settings, seed: 5)
    // Both precisions begin at weights that floats can hold.
    for index in 0..<weights.count {
      weights.whole[index] = Double(Float(weights.whole[index]))
    }
    let arena = try Arena(recorded.tape, engine, weights: weights, gradients: gradients)
    arena.forward(Array(SampleModels.text(for: model, sequences: 2)[sequences]))
    arena.backward(scale: 1)
    loss = arena.doubles(recorded.loss.losses).reduce(0, +)
    gradient = (0..<gradients.count).map { gradients.whole[$0] }
  }
}
