import Foundation
import Runs
import ScalingLaws
import Testing

/// Mixtures of experts: the share of the model that is active, as a term of the law.
@Suite struct ActiveShareTests {
  private static let shares = [1, 0.25, 0.0625]

  private static func scales(_ shares: [Double?] = shares) -> [RunScale] {
    PlantedSweeps.scales(tokens: [1e9, 4e9]).flatMap { scale in
      shares.map { share in
        var scale = scale
        scale.activeShare = share
        return scale
      }
    }
  }

  private static func planted() -> PlantedLaw {
    var planted = PlantedLaw()
    planted.activeShareExponent = 0.14
    return planted
  }

  private static func runs(_ shares: [Double?] = shares, seed: UInt64 = 41) -> [RunRecord] {
    planted().runs(at: scales(shares), learningRates: PlantedSweeps.rates(), seed: seed)
  }

  private func message(_ runs: [RunRecord]) throws -> String {
    var message: String?
    do { _ = try PlantedSweeps.fit(runs) } catch let error as FitError {
      message = error.description
    }
    return try #require(message)
  }

  @Test("the exponent of the active share comes back, and the answer at a share not seen")
  func recovery() throws {
    let law = try PlantedSweeps.fit(Self.runs())
    let exponent = try #require(law.rate.coefficient(of: .activeShare))
    #expect((exponent.lower...exponent.upper).contains(0.14))
    // The prior is 0.3 wide about 0.
    #expect(exponent.lower > 0.02 && exponent.upper < 0.26)
    #expect(law.cells.count == 24)
    #expect(law.activeShareKind == .params)
    #expect(law.ranges.activeShare?.lower == 0.0625)
    #expect(law.holdOut?.cells.allSatisfy { $0.activeShare != nil } == true)

    let target = RunScale(params: 1.6e9, tokens: 3.2e10, activeShare: 1.0 / 32)
    let answer = Recommendation(law, at: target, confidence: 0.9)
    let truth = Self.planted().optimum(
      at: RunScale(
        params: 1.6e9, tokens: 3.2e10, batchTokens: PlantedSweeps.batch, activeShare: 1.0 / 32))
    #expect((answer.lower...answer.upper).contains(truth))
    #expect(try #require(answer.extrapolationDecades.activeShare) < -0.29)
    #expect(answer.law.contains("(A/0.25)^0.1"))
    #expect(
      answer.warnings.contains {
        $0.code == .extrapolation && $0.message.contains("in active share")
      })
  }

  @Test("equal runs but for their share are trunks of their own")
  func trunks() throws {
    let unnamed = Self.runs().map { record in
      var record = record
      record.trunk = nil
      return record
    }
    let law = try PlantedSweeps.fit(unnamed)
    #expect(
      law.source.trunks
        == PlantedSweeps.params.count * Self.shares.count * PlantedSweeps.rates().count)
  }

  @Test("experts count before parameters, and runs that give neither are dense")
  func experts() throws {
    let runs = Self.runs().map { record in
      var record = record
      // As if attention and embeddings, which are always active, were a third of the model.
      if let active = record.paramsActive, active < record.params {
        record.experts = 64
        record.expertsActive = Int(64 * active / record.params)
        record.paramsActive = active * 2 / 3 + record.params / 3
      } else {
        record.paramsActive = nil
      }
      return record
    }
    let law = try PlantedSweeps.fit(runs)
    #expect(law.activeShareKind == .experts)
    #expect(Set(law.cells.map(\.activeShare)) == [1, 0.25, 0.0625])
  }

  @Test("runs of one share are fitted as if they gave none, to the bit")
  func unchanged() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let plain = try PlantedSweeps.fit(Self.runs([nil]))
    #expect(plain.activeShareKind == nil)
    let dense = Self.runs([nil]).map { record in
      var record = record
      record.paramsTotal = record.params
      record.paramsActive = record.params
      return record
    }
    #expect(try encoder.encode(PlantedSweeps.fit(dense)) == encoder.encode(plain))
    let sparse = try PlantedSweeps.fit(
      dense.map { record in
        var record = record
        record.paramsActive = record.params / 8
        return record
      })
    #expect(sparse.rate == plain.rate)
    #expect(sparse.cells == plain.cells)
    func warns(at share: Double?) -> Bool {
      let target = RunScale(params: 1e8, tokens: 2e9, activeShare: share)
      return Recommendation(sparse, at: target, confidence: 0.9).warnings
        .contains { $0.code == .activeShareNotIdentified }
    }
    #expect(!warns(at: nil) && !warns(at: 0.125) && warns(at: 0.25))
  }

  @Test("shares that differ by rounding are one")
  func rounded() throws {
    let runs = Self.runs([nil]).enumerated().map { index, record in
      var record = record
      record.paramsTotal = record.params
      record.paramsActive = record.params * (index.isMultiple(of: 2) ? 0.25 : 0.251)
      return record
    }
    #expect(try !PlantedSweeps.fit(runs).needsActiveShare)
  }

  @Test("where located cells have one share only, its exponent is said to be a guess")
  func notIdentified() throws {
    let runs = Self.runs().filter { $0.paramsActive == $0.params || $0.learningRate < 5e-4 }
    let law = try PlantedSweeps.fit(runs)
    #expect(law.needsActiveShare)
    #expect(law.warns(of: .activeShareNotIdentified))
  }

  @Test("shares that are none, or cannot be told, are refused with the line")
  func refused() throws {
    var runs = Self.runs()
    runs[3].source = RunSource(file: "runs.csv", line: 5)
    var above = runs
    above[3].paramsActive = above[3].params * 2
    #expect(try message(above).contains("params_active is above params_total on line 5"))
    for index in runs.indices {
      runs[index].experts = 16
      runs[index].expertsActive = 4
    }
    runs[3].expertsActive = nil
    #expect(try message(runs).contains("and not both for 1 run"))
    #expect(try message(runs).contains("the first on line 5; fill them in"))
  }

  @Test("a target without a share, or with one of another kind, is refused with what to give")
  func targets() throws {
    let law = try PlantedSweeps.fit(Self.runs())
    let target = RunScale(params: 1e9, tokens: 1e10)
    var refusal: String?
    do { try law.validate(target) } catch { refusal = error.description }
    #expect(try #require(refusal).contains("give --active-share"))
    #expect(try #require(refusal).contains("1 for a dense model"))
    var sparse = target
    sparse.activeShare = 0.125
    try law.validate(sparse)
    #expect(throws: TargetError.activeShareOfExperts(.params)) {
      try law.validate(sparse, isOfExperts: true)
    }
  }
}
