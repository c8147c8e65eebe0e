import Foundation
import Reports
import Runs
import Studies
import Testing

@Suite struct DiagnosisReportTests {
  /// A run of which every look is alike, but for the step.
  private func diagnosis(looks: Bool = true, spike: Bool = false) throws -> RunDiagnosis {
    let manifest = try SampleRuns.manifest(steps: 100)
    let bare = try RunEvidence(
      manifest, SampleRuns.events(1), in: RunFolder(URL(fileURLWithPath: "/nowhere")))
    var events: [TrainingEvent] = []
    for event in SampleRuns.events(100) {
      var event = event
      if spike, event.step == 60, case .train(var train) = event.content {
        train.loss = 9
        event.content = .train(train)
      }
      events.append(event)
      guard looks, case .train = event.content, event.step % 4 == 1 else { continue }
      let telemetry = Telemetry(
        matrices: bare.matrices.map { matrix in
          Telemetry.Matrix(
            path: matrix.path, role: matrix.role, rows: 1, columns: matrix.count,
            learningRate: bare.rates[event.step - 1], weightDecay: 0.1, weightNorm: 2,
            weightRMS: 0.1, updateRMS: 0.001, directionRMS: 0.23, displacement: 0.01,
            rateOverNorm: 0.002, cosine: 0.01, topSingularValue: 1, gradientNorm: 1,
            gradientNoiseScale: nil)
        },
        attention: (0..<2).map {
          Telemetry.Attention(logitMaximum: 3 + Double($0), entropy: 2)
        }, outputLogitRMS: 1.5, outputLogitMaximum: 6, gradientNoiseScale: 3000)
      events.append(TrainingEvent(step: event.step, tokens: event.tokens, .telemetry(telemetry)))
    }
    return RunDiagnosis(
      try RunEvidence(manifest, events, in: RunFolder(URL(fileURLWithPath: "/nowhere"))))
  }

  private func report(_ diagnosis: RunDiagnosis) -> RunDiagnosisReport {
    RunDiagnosisReport(diagnosis, program: "vernier test")
  }

  @Test("every figure of a run has a caption, a table and a message")
  func figures() throws {
    let report = report(try diagnosis())
    #expect(
      report.figures.map(\.id)
        == ["norm", "effective-rate", "movement", "logits", "noise-scale", "spikes"])
    let page = try report.page(plotly: SampleReports.plotly)
    for figure in report.figures {
      #expect(figure.caption.hasSuffix("."), "\(figure.id)")
      #expect(figure.table.rows.allSatisfy { $0.count == figure.table.columns.count })
      #expect(page.contains("download=\"\(figure.id).csv\""))
      for plot in figure.plots { #expect(plot.alt.hasSuffix("."), "\(plot.id)") }
    }
    #expect(try report.page(plotly: SampleReports.plotly) == page)
  }

  @Test("the norm is drawn beside the theory curve, which says what u it has")
  func norm() throws {
    let report = report(try diagnosis())
    let figure = try #require(report.figures.first { $0.id == "norm" })
    #expect(figure.caption.contains("u of a step is measured"))
    #expect(figure.caption.contains("u = 1, as the law is printed"))
    let plot = try DrawnPlot(try #require(figure.plots.first { $0.id == "norm-hidden" }))
    let dots = DrawnPlot.points(plot.marks("circle"))
    #expect(dots.count == 25 && dots.allSatisfy { abs($0.y - 0.1) < 1e-9 })
    #expect(plot.data.count == 4)
  }

  @Test("a spike is marked where it is, with the time that it takes")
  func spikes() throws {
    let report = report(try diagnosis(spike: true))
    let figure = try #require(report.figures.first { $0.id == "spikes" })
    let plot = try DrawnPlot(try #require(figure.plots.first))
    let marks = DrawnPlot.points(plot.marks("triangle-up-open"))
    #expect(marks.map(\.x) == [Double(60 * SampleRuns.batchTokens)])
    #expect(plot.shapes.count == 1)
    #expect(try report.page(plotly: nil).contains("loss_spikes"))
  }

  @Test("a run without telemetry has its losses drawn and says what is missing")
  func without() throws {
    let report = report(try diagnosis(looks: false))
    #expect(report.figures.map(\.id) == ["spikes"])
    let page = try report.page(plotly: nil)
    #expect(page.contains("What is missing") && page.contains("telemetry: {every: "))
  }

  @Test("a study: sensitivity, equilibrium and the rates at the optimum of each cell")
  func study() throws {
    let runs = [1e6, 2e6, 4e6, 8e6].flatMap { tokens in
      [2e-3, 4e-3, 8e-3, 1.6e-2].map { rate in
        let distance = log2(rate / 5e-3)
        return StudiedRun(
          id: "\(tokens) \(rate)",
          cell: CellPlace(params: 1e6, tokens: tokens, batchTokens: 8192, variant: "adamw, wsd"),
          learningRate: rate, seed: "0", isHeldOut: false, hasEnded: true, hasDiverged: false,
          loss: 2 + 0.1 * distance * distance, initialLoss: 5, spikes: 0, decaySum: 300 * rate,
          displacement: rate.squareRoot(), rateOverNorm: rate, findings: [])
      }
    }
    let report = StudyDiagnosisReport(
      StudyDiagnosis(name: "<study>", runs: runs), program: "vernier test")
    #expect(report.figures.map(\.id) == ["stability", "sensitivity", "equilibrium", "optimum"])
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(!page.contains("<study>") && page.contains("unsettled_cells"))
    for figure in report.figures {
      #expect(figure.caption.hasSuffix("."), "\(figure.id)")
      #expect(figure.table.rows.count == 4)
    }
    let optimum = try #require(report.figures.last)
    let rates = try optimum.table.column("learning_rate").compactMap(Double.init)
    #expect(rates.allSatisfy { abs($0 / 5e-3 - 1) < 1e-6 })
  }
}
