import Foundation
import Numerics
import Runs
import ScalingLaws
import Testing

/// Predicted cells beside measured ones in the fit of the learning rate.
@Suite struct HorizonRecordTests {
  private static let horizons = [1e9, 2e9, 4e9, 8e9]
  private static let wanted = [1.6e10, 3.2e10]

  /// The runs of a planted law at four horizons, and what they predict of two more.
  private func sweep(seed: UInt64) throws -> (measured: [RunRecord], predicted: [RunRecord]) {
    let measured = PlantedLaw().runs(
      at: PlantedSweeps.scales(tokens: Self.horizons), learningRates: PlantedSweeps.rates(),
      seed: seed)
    let search = try #require(
      HorizonSearch(fitting: measured, predicting: Self.wanted, confidence: 0.9))
    return (measured, search.predictedRecords(beside: measured))
  }

  @Test("a predicted record is a sibling of its trunk that says it is predicted")
  func siblings() throws {
    let sweep = try sweep(seed: 1)
    #expect(!sweep.predicted.isEmpty)
    for record in sweep.predicted {
      #expect(record.isPredicted && record.status == .finished)
      #expect(Self.wanted.contains(record.tokens))
      #expect(try #require(record.lossStandardError) > 0)
      let sibling = try #require(sweep.measured.first { $0.trunk == record.trunk })
      #expect(sibling.params == record.params && sibling.learningRate == record.learningRate)
      #expect(sibling.corpus == record.corpus && sibling.batchTokens == record.batchTokens)
      #expect(try #require(record.loss) < (try #require(sibling.loss)))
    }
  }

  @Test("a law with predicted cells finds the same exponents, counts them apart, holds none out")
  func fit() throws {
    for seed in 1...5 {
      let (measured, predicted) = try sweep(seed: UInt64(seed))
      let alone = try PlantedSweeps.fit(measured)
      let both = try PlantedSweeps.fit(measured + predicted)
      #expect(both.source.runs == measured.count)
      #expect(both.source.predictedRuns == predicted.count)
      #expect(both.holdOut == alone.holdOut)
      #expect(both.ranges == alone.ranges)
      let added = both.cells.filter(\.isPredicted)
      #expect(added.count == 8)
      #expect(added.flatMap(\.slices).allSatisfy { $0.predicted.allSatisfy { $0 } })
      for term in [LawTerm.params, .tokens] {
        let estimate = try #require(both.rate.coefficient(of: term))
        let truth = term == .params ? PlantedLaw().paramsExponent : PlantedLaw().tokensExponent
        #expect((estimate.lower...estimate.upper).contains(truth), "seed \(seed), \(term)")
        let before = try #require(alone.rate.coefficient(of: term))
        #expect(estimate.upper - estimate.lower < 1.25 * (before.upper - before.lower))
      }
      let answers = [alone, both].map {
        Recommendation($0, at: PlantedSweeps.target, confidence: 0.9).optimum
      }
      #expect(answers[1].isApproximatelyEqual(to: answers[0], relativeTolerance: 0.2))
    }
  }

  @Test("the common error of γ is no error between learning rates")
  func differences() throws {
    let search = try #require(
      HorizonSearch(fitting: HorizonWorld().runs(), predicting: [3.2e10], confidence: 0.9))
    for prediction in search.laws.flatMap(\.curves).flatMap(\.predicted) {
      #expect(prediction.differenceError < prediction.standardError)
    }
    // Beside a rate that was annealed there, nothing is common.
    let measured = HorizonWorld().measure(1e8, 5e-4, 3.2e10, seed: 0)
    let mixed = try #require(
      HorizonSearch(
        fitting: HorizonWorld().runs() + [measured], predicting: [3.2e10], confidence: 0.9))
    for prediction in mixed.laws[1].curves.flatMap(\.predicted) {
      #expect(prediction.differenceError >= prediction.standardError)
    }
  }

  @Test("a predicted loss that may as well be the least one brackets no optimum")
  func brackets() throws {
    func slice(error: Double, predicted: Bool) throws -> SweepSlice {
      let losses = [(5e-4, 3.1), (1e-3, 3.02), (2e-3, 3.0), (4e-3, 3.01)]
      let records = losses.map { rate, loss in
        var record = RunRecord(params: 1e8, tokens: 1e9, learningRate: rate, loss: loss)
        record.isPredicted = predicted && rate == 4e-3
        record.lossStandardError = record.isPredicted ? error : nil
        return record
      }
      return try #require(LearningRateSweep(records).slices.first)
    }
    #expect(try slice(error: 0, predicted: false).edge == nil)
    #expect(try slice(error: 0.001, predicted: true).edge == nil)
    #expect(try slice(error: 0.01, predicted: true).edge == .highest)
  }

  @Test("the error of a text that all runs share is no noise between them")
  func evaluation() throws {
    func errors(_ digests: [String?]) -> [Double?] {
      let records = digests.enumerated().map { index, digest in
        var record = RunRecord(
          params: 1e8, tokens: 1e9, learningRate: 1e-3 * Double(index + 1), loss: 3)
        record.lossStandardError = 0.02
        record.evaluationDigest = digest
        record.isPredicted = index == 2
        return record
      }
      return LearningRateSweep(records).slices[0].points.map(\.lossStandardError)
    }
    #expect(errors(["a", "a", nil]) == [nil, nil, 0.02])
    #expect(errors(["a", "b", "a"]) == [0.02, 0.02, 0.02])
    #expect(errors([nil, nil, nil]) == [0.02, 0.02, 0.02])
  }

  @Test("a measured record is written as before there were predictions, and old ones read")
  func coding() throws {
    var record = RunRecord(params: 1e8, tokens: 1e9, learningRate: 1e-3, loss: 3)
    let before = try JSONEncoder().encode(record)
    #expect(!String(decoding: before, as: UTF8.self).contains("redicted"))
    #expect(try JSONDecoder().decode(RunRecord.self, from: before) == record)
    record.isPredicted = true
    let after = try JSONEncoder().encode(record)
    #expect(try JSONDecoder().decode(RunRecord.self, from: after).isPredicted)
    record.isPredicted = false
    #expect(try JSONDecoder().decode(RunRecord.self, from: before) == record)
  }
}
