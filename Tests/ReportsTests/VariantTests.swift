import Foundation
import Reports
import Runs
import ScalingLaws
import Testing

@Suite struct VariantTests {
  @Test("without a target the page answers for ten times the largest compute, and says so")
  func assumedTarget() throws {
    let report = try SampleReports.report(target: nil)
    #expect(report.targetIsAssumed)
    #expect(abs(report.target.paramsTimesTokens / (2e8 * 4e9) - 10) < 1e-9)
    #expect(try report.page(plotly: nil).contains("No target was given"))
  }

  @Test("too few cells: no test, and why in words")
  func noHoldOut() throws {
    let report = try SampleReports.report(SampleReports.records(params: [1e8]))
    let page = try report.page(plotly: nil)
    #expect(report.law.holdOut == nil)
    #expect(!report.figures.contains { $0.id == "hold-out" })
    #expect(page.contains("nothing here tests how the law extrapolates"))
    #expect(page.contains("<h2 id=\"hold-out\">"))
    #expect(page.contains("these runs have 2\u{A0}cells"))
    #expect(page.contains("the usable cells have one model size"))
  }

  @Test("one cell is spoken of in the singular")
  func oneCell() throws {
    let report = try SampleReports.report(SampleReports.records(params: [1e8], tokens: [1e9]))
    let page = try report.page(plotly: nil)
    #expect(page.contains("in 1\u{A0}cell (a cell is"))
    #expect(page.contains("one model size, 100M parameters; its optimum is bracketed."))
  }

  @Test("no batch size in the runs: none is recommended")
  func noBatch() throws {
    let report = try SampleReports.report()
    let page = try report.page(plotly: nil)
    #expect(!report.figures.contains { $0.id == "batch" })
    #expect(page.contains("the runs give no batch size"))
    #expect(page.contains("the runs do not give it"))
    #expect(!page.contains("batch_tokens"))
  }

  @Test("the only batch size tried is named as such")
  func oneBatch() throws {
    let page = try SampleReports.report(SampleReports.records(batches: [262_144])).page(plotly: nil)
    #expect(page.contains("262k tokens") && page.contains("the only one tried"))
  }

  @Test("several batch sizes: the law's best one, its figure, and a legend shared by all panels")
  func batches() throws {
    let report = try SampleReports.report(SampleReports.records(batches: [1.3e5, 2.6e5, 5.2e5]))
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(page.contains("a step, the best by the law"))
    #expect(report.figures[0].legend.map(\.label).contains("520k"))
    #expect(report.figures[0].plots.allSatisfy { $0.legend.isEmpty })
    #expect(report.figures.suffix(2).map(\.id) == ["batch", "published"])
  }

  @Test("a cell whose best run is at the edge is marked in words")
  func edge() throws {
    let low = SampleReports.records(
      params: [4e8], tokens: [1e9], rates: [1e-4, 1.6e-4, 2.5e-4, 4e-4])
    let report = try SampleReports.report(SampleReports.records() + low)
    let panel = try #require(
      report.figures[0].plots.first { $0.heading == "400M params, 1B tokens" })
    #expect(panel.note == "Best at the highest rate tried: not bracketed")
    #expect(panel.alt.contains("not bracketed"))
    #expect(report.figures[0].caption.hasPrefix("In 6 of 7\u{A0}cells"))
    let use = "in 1 it is not bracketed, and the law takes only on which side it lies"
    #expect(report.figures[0].caption.contains(use))
    #expect(try report.page(plotly: nil).contains("bracketed in 6 of them; \(use)"))
  }

  @Test("diverged runs are marked at the top of their panel, by name in the table")
  func diverged() throws {
    let report = try SampleReports.report()
    #expect(report.law.source.divergedRuns > 0)
    let table = report.figures[0].table
    let outcomes = table.rows.compactMap(\.last?.shown)
    #expect(outcomes.filter { $0 == "diverged" }.count == report.law.source.divergedRuns)
    let json = try report.figures[0].plots.map { try $0.description.json() }.joined()
    #expect(json.matches(of: /x-thin-open/).count > 0)
  }

  @Test("the page tells the target's distance as the answer does: from cells that are used")
  func distance() throws {
    let scales = [5e7, 1e8, 2e8, 4e8].flatMap { params in
      [1e9, 4e9].map { RunScale(params: params, tokens: $0) }
    }
    var runs = PlantedLaw().runs(
      at: scales, learningRates: (0..<8).map { 1.25e-4 * Double(1 << $0) }, seed: 1)
    // The optimum of the largest size is cut off, so nothing is known of it.
    runs.removeAll { $0.params == 4e8 && $0.learningRate > 6e-4 }
    let law = try LearningRateLaw(
      fitting: runs, from: LawSource(file: "runs.csv", digest: nil))
    let report = Report(
      law, target: RunScale(params: 4e8, tokens: 2e9), confidence: 0.9, program: "test")
    #expect(report.recommendation.extrapolationDecades.params > 0)
    #expect(try report.page(plotly: nil).contains("beyond the runs in parameters"))
  }
}
