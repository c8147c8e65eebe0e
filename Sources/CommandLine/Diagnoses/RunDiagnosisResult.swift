import Foundation
import Runs
import Studies

/// The diagnosis of a run for a program.
struct RunDiagnosisResult: Encodable {
  struct Matrix: Encodable {
    struct Point: Encodable {
      var step: Int
      var tokens: Int
      var theoryRms: Double
      var printedTheoryRms: Double?
      var equilibriumRms: Double?
      var measured: Telemetry.Matrix
    }

    var path: String
    var role: String
    var twoEtaLambdaSteps: Double
    var twoEtaLambdaStepsSoFar: Double
    var equilibratedAt: Int?
    var keepsNorm: Bool
    var growth: MatrixDynamics.Growth
    var deviation: Double?
    var points: [Point]
  }

  struct Role: Encodable {
    var role: String
    var matrices: Int
    var twoEtaLambdaSteps: Double
    var equilibratedAt: Int?
    var deviation: Double?
    var meanDisplacement: Double?
    var meanRateOverNorm: Double?
    var points: [RoleDynamics.Point]
  }

  struct Attention: Encodable {
    var block: Int
    var lateLogitTrend: Trend?
    var lateEntropyTrend: Trend?
    var points: [AttentionSeries.Point]
  }

  struct Output: Encodable {
    var step: Int
    var tokens: Int
    var outputLogitRms: Double?
    var outputLogitMaximum: Double?
    var gradientNoiseScale: Double?
  }

  var run: String
  var params: Double
  var tokens: Double
  var batchTokens: Double?
  var learningRate: Double
  var optimizer: String
  var schedule: String
  var status: RunStatus?
  var stepsMade: Int
  var steps: Int
  var twoEtaLambdaSteps: Double?
  var twoEtaLambdaStepsSoFar: Double?
  var transientLeft: Double?
  var timescale: Double?
  var findings: [Finding]
  var missing: [String]
  var lossSpikes: [SpikeSearch.Episode]
  var gradientSpikes: [SpikeSearch.Episode]
  var noiseScale: NoiseScaleReading?
  var roles: [Role]
  var matrices: [Matrix]
  var attention: [Attention]
  var looks: [Output]

  init(_ diagnosis: RunDiagnosis) {
    let evidence = diagnosis.run
    run = evidence.id
    params = evidence.params
    tokens = evidence.tokens
    batchTokens = evidence.batchTokens
    learningRate = evidence.learningRate
    optimizer = evidence.optimizer
    schedule = evidence.schedule
    status = evidence.status
    stepsMade = evidence.stepsMade
    steps = evidence.steps
    twoEtaLambdaSteps = diagnosis.plannedDecaySum
    twoEtaLambdaStepsSoFar = diagnosis.decaySum
    transientLeft = diagnosis.plannedDecaySum.map(NormTheory.remaining)
    timescale = diagnosis.timescale
    findings = diagnosis.findings
    missing = diagnosis.missing
    lossSpikes = diagnosis.lossSpikes
    gradientSpikes = diagnosis.gradientSpikes
    noiseScale = diagnosis.noiseScale
    roles = diagnosis.roles.map {
      Role(
        role: $0.role, matrices: $0.matrices.count, twoEtaLambdaSteps: $0.plannedDecaySum,
        equilibratedAt: $0.equilibratedAt, deviation: $0.deviation,
        meanDisplacement: $0.mean(\.displacement), meanRateOverNorm: $0.mean(\.rateOverNorm),
        points: $0.points)
    }
    matrices = diagnosis.roles.flatMap(\.matrices).map(Matrix.init)
    attention = diagnosis.attention.map {
      Attention(
        block: $0.block, lateLogitTrend: $0.logitTrend, lateEntropyTrend: $0.entropyTrend,
        points: $0.points)
    }
    looks = evidence.looks.map {
      Output(
        step: $0.step, tokens: $0.tokens, outputLogitRms: $0.telemetry.outputLogitRMS,
        outputLogitMaximum: $0.telemetry.outputLogitMaximum,
        gradientNoiseScale: $0.telemetry.gradientNoiseScale)
    }
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }
}

extension RunDiagnosisResult.Matrix {
  init(_ matrix: MatrixDynamics) {
    path = matrix.path
    role = matrix.role
    twoEtaLambdaSteps = matrix.plannedDecaySum
    twoEtaLambdaStepsSoFar = matrix.decaySum
    equilibratedAt = matrix.equilibratedAt
    keepsNorm = matrix.keepsNorm
    growth = matrix.growth
    deviation = matrix.deviation
    points = matrix.points.map {
      Point(
        step: $0.step, tokens: $0.tokens, theoryRms: $0.theory, printedTheoryRms: $0.printedTheory,
        equilibriumRms: $0.equilibrium, measured: $0.measured)
    }
  }
}
