import Foundation
import Interop
import Runs
import Studies
import Testing

@Suite struct RunDiagnosisTests {
  private func finding(_ kind: Finding.Kind, _ run: SimulatedRun) throws -> Finding? {
    try run.diagnosis().findings.first { $0.kind == kind }
  }

  @Test(
    "norms that follow the closed form follow the theory, and 2ηλS and B/(ηλD) are what they are")
  func theory() throws {
    let diagnosis = try SimulatedRun().diagnosis()
    #expect(abs(try #require(diagnosis.plannedDecaySum) - 4) < 1e-9)
    #expect(abs(try #require(diagnosis.timescale) - 0.5) < 1e-9)
    #expect(Set(diagnosis.roles.map(\.role)) == ["embedding", "hidden", "output"])
    for role in diagnosis.roles {
      #expect(abs(try #require(role.deviation)) < 0.01, "\(role.role)")
      #expect(role.equilibratedAt == 300)
      let last = try #require(role.points.last)
      #expect(abs(last.weightRMS / (last.printedTheory ?? 0) - 1) < 1e-9)
    }
  }

  @Test("a healthy run has nothing but that it equilibrates late")
  func healthy() throws {
    let findings = try SimulatedRun().diagnosis().findings
    #expect(findings.map(\.kind) == [.notEquilibrated])
    #expect(findings.first?.severity == .note)
    #expect(findings.first?.seen.contains("75 % of the run") == true)
    #expect(try SimulatedRun(steps: 1200).diagnosis().findings.isEmpty)
  }

  @Test("a run that is too short to equilibrate is told of, unless it began there")
  func equilibrium() throws {
    let short = try #require(try finding(.notEquilibrated, SimulatedRun(steps: 100)))
    #expect(short.severity == .caution && short.seen.contains("2ηλS = 1.0"))
    let near = try #require(
      try finding(.notEquilibrated, SimulatedRun(steps: 100, firstRMS: 0.101)))
    #expect(near.severity == .note)
  }

  @Test("without decay the weights grow, and that is told; under decay it is not")
  func growth() throws {
    let run = SimulatedRun(steps: 1000, weightDecay: 0, firstRMS: 0.1)
    let found = try #require(try finding(.unboundedNorm, run))
    #expect(found.severity == .caution && found.place == "embedding")
    #expect(try finding(.notEquilibrated, run) == nil)
    #expect(try finding(.unboundedNorm, SimulatedRun(firstRMS: 0.01)) == nil)
    // Large weights hardly grow.
    #expect(try finding(.unboundedNorm, SimulatedRun(weightDecay: 0, firstRMS: 2)) == nil)
  }

  @Test("a norm off the theory curve is told of from 15 % on")
  func offTheory() throws {
    let bent = SimulatedRun(bend: { 1 + 0.3 * Double($0) / 400 })
    #expect(try finding(.normOffTheory, bent)?.seen.contains("above") == true)
    let slight = SimulatedRun(bend: { 1 + 0.1 * Double($0) / 400 })
    #expect(try finding(.normOffTheory, slight) == nil)
  }

  @Test("attention logits: growing high ones are a danger, noise and low ones nothing")
  func attention() throws {
    let grown = SimulatedRun(attentionLogit: { 0.2 * Double($0) + SimulatedRun.noise($0, 1) })
    let found = try #require(try finding(.attentionLogits, grown))
    #expect(found.severity == .danger && found.meaning.contains("qk_norm: true"))
    let high = SimulatedRun(attentionLogit: { 30 + SimulatedRun.noise($0, 5) })
    #expect(try finding(.attentionLogits, high) == nil)
    let low = SimulatedRun(attentionLogit: { 1 + 0.03 * Double($0) })
    #expect(try finding(.attentionLogits, low) == nil)
  }

  @Test("attention that collapses, and not attention that is narrow and steady")
  func entropy() throws {
    let falling = SimulatedRun(entropy: { 2 * exp(-0.02 * Double($0)) })
    #expect(try finding(.attentionCollapse, falling)?.severity == .caution)
    let narrow = SimulatedRun(entropy: { 0.1 + SimulatedRun.noise($0, 0.01) })
    #expect(try finding(.attentionCollapse, narrow) == nil)
  }

  @Test("output logits that drift ask for z_loss")
  func outputs() throws {
    let found = try #require(
      try finding(.outputLogits, SimulatedRun(outputLogit: { 1 + 0.02 * Double($0) })))
    #expect(found.severity == .caution && found.meaning.contains("z_loss: 1e-4"))
    #expect(
      try finding(.outputLogits, SimulatedRun(outputLogit: { 9 + SimulatedRun.noise($0, 1) }))
        == nil)
  }

  @Test("loss spikes: one that comes back is a caution, one that does not a danger")
  func spikes() throws {
    let back = SimulatedRun(loss: { $0 == 200 ? 4 : 2 + SimulatedRun.noise($0, 0.01) })
    #expect(try finding(.lossSpikes, back)?.severity == .caution)
    let lost = SimulatedRun(loss: { ($0 >= 200 ? 4 : 2) + SimulatedRun.noise($0, 0.01) })
    #expect(try finding(.lossSpikes, lost)?.severity == .danger)
    #expect(try finding(.lossSpikes, SimulatedRun()) == nil)
  }

  @Test("gradient spikes, divergence, large steps and a large batch")
  func others() throws {
    let spiked = SimulatedRun(gradientNorm: { $0 == 200 ? 50 : 1 + SimulatedRun.noise($0, 0.05) })
    #expect(try finding(.gradientSpikes, spiked)?.severity == .note)
    let diverged = SimulatedRun(status: .diverged, stepsMade: 222)
    #expect(try finding(.diverged, diverged)?.seen.contains("step 222 of 400") == true)
    #expect(try finding(.largeSteps, SimulatedRun(updateShare: 0.2))?.severity == .caution)
    let quiet = SimulatedRun(noiseScale: { 20 * exp(SimulatedRun.noise($0, 0.3)) })
    #expect(try finding(.largeBatch, quiet)?.severity == .note)
    let uncertain = SimulatedRun(noiseScale: { 40 * exp(SimulatedRun.noise($0, 4)) })
    #expect(try finding(.largeBatch, uncertain) == nil)
    // In most looks noise hides the mean, so that the scale is above any that was told.
    let hidden = SimulatedRun(noiseScale: { $0.isMultiple(of: 3) ? 20 : nil })
    #expect(try finding(.largeBatch, hidden) == nil)
  }

  @Test("of rules that step by other rates than they are given, nothing is said of equilibrium")
  func scaledRates() throws {
    for name in ["prodigy", "d-adaptation", "adafactor"] {
      let diagnosis = try SimulatedRun(optimizer: "name: \(name), ").diagnosis()
      #expect(diagnosis.plannedDecaySum == nil && diagnosis.timescale == nil)
      #expect(diagnosis.missing.contains { $0.contains("nothing is said of equilibrium") })
      let equilibrium: Set<Finding.Kind> = [.notEquilibrated, .normOffTheory, .unboundedNorm]
      #expect(!diagnosis.findings.contains { equilibrium.contains($0.kind) })
    }
  }

  @Test("adamh keeps its matrices, so nothing of them is to equilibrate")
  func keptNorms() throws {
    let run = SimulatedRun(
      firstRMS: 0.1, optimizer: "name: adamh, decay_convention: decoupled, ",
      bend: { 0.1 / SimulatedRun(firstRMS: 0.1).rootMeanSquare($0) })
    let diagnosis = try run.diagnosis()
    let hidden = try #require(diagnosis.roles.first { $0.role == "hidden" })
    #expect(hidden.matrices.allSatisfy { $0.keepsNorm })
    #expect(abs(try #require(hidden.deviation)) < 1e-9)
    #expect(diagnosis.plannedDecaySum == 0 && diagnosis.timescale == nil)
    #expect(!diagnosis.findings.contains { $0.place == "hidden" })
  }

  @Test("a run without telemetry says what is missing, and what can be said without")
  func without() throws {
    let diagnosis = try SimulatedRun(steps: 100, hasTelemetry: false).diagnosis()
    #expect(diagnosis.missing.contains { $0.contains("telemetry: {every: 320}") })
    #expect(diagnosis.findings.map(\.kind) == [.notEquilibrated])
    #expect(diagnosis.roles.allSatisfy { $0.points.isEmpty && $0.decaySum > 0 })
  }

  @Test("a run without a step is an error that says so")
  func notBegun() throws {
    let manifest = try SimulatedRun().manifest()
    #expect(throws: DiagnosisError.self) {
      try RunEvidence(manifest, [], in: SimulatedRun.folder)
    }
  }

  @Test("an imported run: rates between logged steps, and what is not known of it")
  func imported() throws {
    var record = RunRecord(params: 1e6, tokens: 4e5, learningRate: 0.01, loss: 2)
    record.steps = 100
    record.weightDecay = RecordedWeightDecay(value: 0.5)
    let rates = RunDiagnosis(
      RunEvidence(
        record,
        curve: [
          .init(step: 1, loss: 3, learningRate: 0.01),
          .init(step: 100, loss: 2, learningRate: 0),
        ]))
    #expect(abs(try #require(rates.plannedDecaySum) - 0.5) < 1e-3)
    #expect(rates.missing.contains { $0.contains("imported") })
    let bare = RunDiagnosis(RunEvidence(record, curve: []))
    #expect(abs(try #require(bare.plannedDecaySum) - 1) < 1e-9)
    #expect(bare.missing.contains { $0.contains("upper bound") })
  }
}
