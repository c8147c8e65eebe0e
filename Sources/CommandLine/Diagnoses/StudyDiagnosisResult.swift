import Foundation
import Runs
import ScalingLaws
import Studies

/// The diagnosis of a study for a program.
struct StudyDiagnosisResult: Encodable {
  struct Cell: Encodable {
    var params: Double
    var tokens: Double
    var batchTokens: Double?
    var variant: String
    var isHeldOut: Bool
    var initialLoss: Double?
    var bestLearningRate: Double?
    var optimum: CellDiagnosis.Optimum?
    var twoEtaLambdaSteps: Double?
    var isEquilibrated: Bool?
    var sensitivity: LearningRateSensitivity?
    var rates: [Rate]
  }

  struct Rate: Encodable {
    var learningRate: Double
    var loss: Double?
    var runs: Int
    var diverged: Int
    var spiked: Int
    var twoEtaLambdaSteps: Double?
    var displacement: Double?
    var rateOverNorm: Double?
  }

  struct Run: Encodable {
    var id: String
    var params: Double
    var tokens: Double
    var batchTokens: Double?
    var variant: String
    var learningRate: Double
    var loss: Double?
    var diverged: Bool
    var lossSpikes: Int
    var twoEtaLambdaSteps: Double?
    var displacement: Double?
    var rateOverNorm: Double?
    var findings: [Finding]
  }

  var study: String
  var notBegun: Int
  var findings: [Finding]
  var runFindings: [StudyDiagnosis.Tally]
  var steadiness: RateSteadiness?
  var rateOverNormSteadiness: RateSteadiness?
  var cells: [Cell]
  var runs: [Run]

  init(_ diagnosis: StudyDiagnosis) {
    study = diagnosis.name
    notBegun = diagnosis.notBegun
    findings = diagnosis.findings
    runFindings = diagnosis.tallies
    steadiness = diagnosis.steadiness
    rateOverNormSteadiness = diagnosis.normSteadiness
    cells = diagnosis.cells.map(Cell.init)
    runs = diagnosis.runs.map {
      Run(
        id: $0.id, params: $0.cell.params, tokens: $0.cell.tokens,
        batchTokens: $0.cell.batchTokens, variant: $0.cell.variant,
        learningRate: $0.learningRate, loss: $0.loss, diverged: $0.hasDiverged,
        lossSpikes: $0.spikes, twoEtaLambdaSteps: $0.decaySum, displacement: $0.displacement,
        rateOverNorm: $0.rateOverNorm, findings: $0.findings)
    }
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }
}

extension StudyDiagnosisResult.Cell {
  init(_ cell: CellDiagnosis) {
    params = cell.place.params
    tokens = cell.place.tokens
    batchTokens = cell.place.batchTokens
    variant = cell.place.variant
    isHeldOut = cell.isHeldOut
    initialLoss = cell.tried.initialLoss
    bestLearningRate = cell.best?.learningRate
    optimum = cell.optimum
    twoEtaLambdaSteps = cell.best?.decaySum
    isEquilibrated = cell.best?.decaySum.map { $0 >= UnsettledCells.least }
    sensitivity = cell.tried.sensitivity
    rates = cell.rates.map {
      StudyDiagnosisResult.Rate(
        learningRate: $0.learningRate, loss: $0.loss, runs: $0.runs, diverged: $0.diverged,
        spiked: $0.spiked, twoEtaLambdaSteps: $0.decaySum, displacement: $0.displacement,
        rateOverNorm: $0.rateOverNorm)
    }
  }
}
