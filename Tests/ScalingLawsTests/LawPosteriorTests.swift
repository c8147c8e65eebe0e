import Numerics
import ScalingLaws
import Testing

/// The posterior of a law against another implementation of it, in numpy, with dense matrices.
@Suite struct LawPosteriorTests {
  private static let values = [-6.00, -6.15, -6.18, -6.40, -6.52, -6.45, -6.75, -6.80]
  private static let errors = [0.05, 0.08, 0.1, 0.06, 0.12, 0.05, 0.07, 0.2]
  private static let params = [1e8, 1e8, 1e8, 2e8, 2e8, 4e8, 4e8, 4e8]
  private static let tokens = [1e9, 2e9, 4e9, 2e9, 8e9, 1e9, 4e9, 8e9]
  private static let branches = [0, 1, 2, 0, 1, 0, 1, 2]
  private static let targets = [
    RunScale(params: 2e8, tokens: 4e9), RunScale(params: 1.6e9, tokens: 3.2e10),
  ]

  /// Observations of which each rests on one run of its size's only trunk.
  private static let observations = values.indices.map { index in
    LawObservation(
      scale: RunScale(params: params[index], tokens: tokens[index]), value: values[index],
      standardError: errors[index],
      errorShares: [
        ErrorShare(
          trunk: Int(params[index] / 1e8), branch: branches[index], share: 1, residual: 0)
      ])
  }

  struct Case: CustomTestStringConvertible {
    var form: LawForm
    var correlation: Double
    var means: [Double]
    var variances: [Double]

    var testDescription: String { "\(form.rawValue), correlation \(correlation)" }
  }

  @Test(
    "predictions agree with numpy's",
    arguments: [
      Case(
        form: .paramsAndTokens, correlation: 0, means: [-6.46988155, -7.50491556],
        variances: [0.00995532, 0.07459801]),
      Case(
        form: .curved, correlation: 0, means: [-6.47331291, -7.45301702],
        variances: [0.01046696, 0.23027603]),
      Case(
        form: .compute, correlation: 0, means: [-6.49637825, -7.35180794],
        variances: [0.0120595, 0.09085176]),
      Case(
        form: .paramsAndTokens, correlation: 0.8, means: [-6.47758067, -7.50300844],
        variances: [0.01140706, 0.0833254]),
      Case(
        form: .compute, correlation: 0.8, means: [-6.5052989, -7.27578301],
        variances: [0.01313953, 0.08148338]),
    ])
  func oracle(expected: Case) throws {
    let posterior = try LawPosterior(
      LawSystem(
        Self.observations, basis: expected.form.basis(of: .learningRate, sharesVary: false),
        cellsShareOffsets: false,
        correlation: TrunkCorrelation(ofNeighbours: expected.correlation)))
    for (place, target) in Self.targets.enumerated() {
      let moments = try posterior.moments(at: target)
      // Spreads of next to no weight are left out here and not there.
      #expect(abs(moments.mean - expected.means[place]) < 1e-5)
      #expect(abs(moments.variance / expected.variances[place] - 1) < 1e-4)
    }
  }

  @Test("slices of a cell have a common offset, as in numpy")
  func cells() throws {
    let observations = Self.values.indices.map { index in
      LawObservation(
        scale: RunScale(
          params: index < 4 ? 1e8 : 2e8, tokens: index % 4 < 2 ? 1e9 : 2e9,
          batchTokens: index % 2 == 0 ? 1e5 : 2e5), value: Self.values[index],
        standardError: Self.errors[index])
    }
    let posterior = try LawPosterior(
      LawSystem(
        observations,
        basis: LawBasis([.constant, .params, .tokens, .batch], of: .learningRate),
        cellsShareOffsets: true, correlation: TrunkCorrelation(ofNeighbours: 0)))
    let expected = [(-6.88748172, 0.05487386, 1e5), (-8.6102404, 0.5745508, 3e5)]
    for (target, (mean, variance, batch)) in zip(Self.targets, expected) {
      let moments = try posterior.moments(
        at: RunScale(params: target.params, tokens: target.tokens, batchTokens: batch))
      #expect(abs(moments.mean - mean) < 1e-5)
      #expect(abs(moments.variance / variance - 1) < 1e-4)
    }
  }

  @Test("observations that are not finite are an error")
  func notFinite() {
    let observation = LawObservation(
      scale: Self.targets[0], value: .nan, standardError: .nan)
    #expect(throws: FitError.singular) {
      try LawPosterior(
        LawSystem(
          [observation], basis: LawBasis([.constant], of: .learningRate),
          cellsShareOffsets: false, correlation: TrunkCorrelation(ofNeighbours: 0)))
    }
  }
}
