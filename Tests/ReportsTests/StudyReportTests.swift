import Foundation
import Reports
import Runs
import ScalingLaws
import Studies
import Testing

@Suite struct StudyReportTests {
  private static let own = ["held-out", "training-curves", "trunk-and-branches", "horizon-law"]

  @Test("with a law the page is the law's, with its answer, and the study's figures before it")
  func withLaw() throws {
    let sample = SampleStudies()
    let report = try sample.report()
    let page = try report.page(plotly: SampleReports.plotly)
    let rate = Quantity.learningRate(try #require(report.law).recommendation.learningRate)
    #expect(page.contains("<strong>\(rate)</strong>"))
    #expect(page.contains("Train 1M parameters on 64M tokens"))
    #expect(
      report.figures.map(\.id) == Self.own + [
        "basins", "rates", "penalty", "hold-out", "forms", "published",
      ])
    #expect(page.contains("<h2 id=\"evidence\">") && page.contains("<h2 id=\"law\">"))
    #expect(page.contains("<h2 id=\"study\">The study peps</h2>"))
    #expect(!page.contains("<h2 id=\"missing\">"))
  }

  @Test("without a law the page says how far the sweep is and what is missing")
  func withoutLaw() throws {
    let report = try SampleStudies(ended: 12).report(hasLaw: false, whyNoLaw: "too few <rates>")
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(
      page.contains(
        "Too few runs of the study peps are trained to fit a law: "
          + "<strong>12 of 90\u{A0}runs</strong>"))
    #expect(page.contains("<p>Too few &lt;rates&gt;.</p>"))
    #expect(page.contains("78\u{A0}runs of the sweep are not done"))
    #expect(page.contains("<th scope=\"row\">100k params</th><td>3 of 6</td><td>2 of 6</td>"))
    #expect(page.contains("1 running, 77 to go"))
    #expect(report.figures.map(\.id) == ["training-curves", "trunk-and-branches"])
    #expect(page.contains("Not trained yet: 0 of 5\u{A0}runs done"))
    #expect(page.contains("width 160, 4\u{A0}layers, and 64M tokens"))
  }

  @Test("a study that has not begun has no figures, and does not carry plotly.js")
  func notBegun() throws {
    var sample = SampleStudies(ended: -1)
    sample.name = "<b>&"
    let report = try sample.report(hasLaw: false)
    #expect(report.figures.isEmpty)
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(page.contains("No run of the study &lt;b&gt;&amp; has begun: trained are"))
    #expect(page.contains("<strong>0 of 90\u{A0}runs</strong>"))
    #expect(!page.contains("<script") && !page.contains("<b>&"))
  }

  @Test("a study without runs has a page")
  func empty() throws {
    var findings = try SampleStudies(holdOut: false).findings()
    findings.runs = []
    findings.horizons = nil
    let page = try StudyReport(findings, law: nil, program: "test").page(plotly: nil)
    #expect(page.contains("The study peps plans no runs"))
  }

  @Test("when all diverged it says so, and the trunk's figures have nothing to show")
  func allDiverged() throws {
    let report = try SampleStudies(divergesAbove: 0).report(hasLaw: false)
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(page.contains("All runs of the study peps are trained, and they give no law"))
    #expect(report.figures.map(\.id) == ["held-out", "training-curves"])
    #expect(page.contains("18 diverged, 72 lost with a trunk"))
    #expect(report.figures[1].caption.hasPrefix("No run has ended with a loss yet."))
  }

  @Test("one size, one rate, no trunks, many rates: every page has its figures and tables")
  func variants() throws {
    let samples = [
      (SampleStudies(params: [1e5]), Self.own),
      (SampleStudies(params: [1e5], rates: [2e-3]), Self.own),
      (SampleStudies(annealed: 6, hasTest: false), Self.own),
      (SampleStudies(annealed: 1), Self.own),
      (SampleStudies(sharesTrunk: false), ["held-out", "training-curves"]),
      (
        SampleStudies(
          rates: (0..<20).map { 3e-4 * pow(1.25, Double($0)) }, batches: [8192, 16384],
          holdOut: false), Array(Self.own.dropFirst())
      ),
    ]
    for (sample, figures) in samples {
      let report = try sample.report(hasLaw: false)
      #expect(report.figures.map(\.id) == figures)
      try check(report)
    }
  }

  @Test("rivals head the page: who is ahead, by how much and how surely, and each has its panels")
  func rivals() throws {
    let report = try SampleStudies(holdOut: false).rivalReport()
    try check(report)
    #expect(report.figures.map(\.id) == ["rivals", "training-curves", "trunk-and-branches"])
    let page = try report.page(plotly: nil)
    #expect(page.contains("The least loss at every scale: <strong>adamw</strong>"))
    #expect(page.contains("lion &lt;&amp;&gt;") && !page.contains("lion <&>"))
    #expect(page.contains("--where variant=1"))
    let table = report.figures[0].table
    #expect(table.rows.count == 2 * 3 * 4)
    #expect(table.rows[0].last?.shown == "best, surely, 1 of 6 diverged")
    let behind = try #require(table.columns.firstIndex { $0.name == "difference_percent" })
    #expect(table.rows[1][behind].shown == "1")
    #expect(report.figures[1].plots.compactMap(\.heading).contains { $0.hasSuffix("variant 2") })
    #expect(page.contains("<th scope=\"col\">Variant</th>"))
  }

  @Test("the page asks the network for nothing, and has all that readers need of each figure")
  func wellFormed() throws {
    try check(try SampleStudies().report())
  }

  private func check(_ report: StudyReport) throws {
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(page.contains("default-src 'none'"))
    #expect(page.firstMatch(of: /(?:src|href)\s*=\s*"(?:https?:)?\/\//) == nil)
    let plots = report.figures.flatMap(\.plots)
    #expect(page.matches(of: /<script/).count == plots.count + 2)
    #expect(page.matches(of: /<\/script/).count == plots.count + 2)
    #expect(Set(plots.map(\.id)).count == plots.count)
    let ids = page.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
    for figure in report.figures {
      #expect(!figure.table.rows.isEmpty && figure.caption.hasSuffix("."), "\(figure.id)")
      #expect(figure.table.rows.allSatisfy { $0.count == figure.table.columns.count })
      #expect(!figure.caption.contains("nan") && !figure.caption.contains("inf "))
      for plot in figure.plots {
        #expect(plot.alt.hasSuffix(".") && plot.alt.count > 20, "\(plot.id)")
        let drawn = try DrawnPlot(plot)
        #expect(!drawn.data.isEmpty, "\(plot.id)")
        #expect(drawn.data.allSatisfy { $0["type"] as? String == "scatter" })
        for axis in ["xaxis", "yaxis"] {
          let range = try drawn.range(axis)
          #expect(range[0] < range[1], "\(plot.id)")
        }
      }
    }
  }

  @Test("without plotly.js every table is there and open")
  func withoutPlotly() throws {
    let report = try SampleStudies().report()
    let page = try report.page(plotly: nil)
    #expect(page.matches(of: /<details class="behind" open>/).count == report.figures.count)
    #expect(!page.contains("<script"))
  }

  @Test("equal studies give equal bytes")
  func deterministic() throws {
    let pages = try (0..<2).map { _ in
      try SampleStudies().report(hasLaw: false).page(plotly: SampleReports.plotly)
    }
    #expect(pages[0] == pages[1])
  }

  @Test("the cost is told as a share of the full grid's, and why it is less")
  func cost() throws {
    let page = try SampleStudies().report(hasLaw: false).page(plotly: nil)
    #expect(
      page.contains(
        "<b>1.3e15\u{A0}FLOPs</b> <span>of the 5.1e15\u{A0}FLOPs that the full grid would have taken, "
          + "25\u{A0}%; horizons share trunks, and 30 of 108\u{A0}cells are predicted; "
          + "and 4.0e14\u{A0}FLOPs for the held-out test</span>"))
    let begun = try SampleStudies(ended: 12).report(hasLaw: false).page(plotly: nil)
    #expect(
      begun.contains(
        "<b>2.0e14\u{A0}FLOPs</b> <span>of 1.3e15\u{A0}FLOPs planned; the full grid would take "
          + "5.1e15\u{A0}FLOPs, the plan takes 25\u{A0}% of it; horizons share trunks</span>"))
    var findings = try SampleStudies(sharesTrunk: false).findings()
    findings.cost.fullGrid = findings.cost.planned
    let whole = try StudyReport(findings, law: nil, program: "test").page(plotly: nil)
    #expect(whole.contains("the plan trains every cell of the grid from its start"))
  }

  @Test("the facts tell the error of predicted horizons and the gap at scale")
  func facts() throws {
    let page = try SampleStudies().report(hasLaw: false).page(plotly: nil)
    #expect(page.contains("<dt>Error of predicted horizons</dt><dd><b>0.4\u{A0}%</b>"))
    #expect(page.contains("<dt>Tried out at scale</dt><dd><b>0.00\u{A0}±\u{A0}0.11\u{A0}%</b>"))
    let none = try SampleStudies(hasTest: false, holdOut: false).report(hasLaw: false)
    let without = try none.page(plotly: nil)
    #expect(!without.contains("Error of predicted") && !without.contains("Tried out at scale"))
  }

  @Test("every run is in the table with its state; branches of a lost trunk are lost with it")
  func runs() throws {
    let page = try SampleStudies().report(hasLaw: false).page(plotly: nil)
    #expect(page.contains("<h2 id=\"runs\">Every run</h2>"))
    #expect(page.contains("Table of 95\u{A0}runs"))
    #expect(page.contains("<th scope=\"col\">Lost with a trunk</th>"))
    let loss = SampleStudies.loss(params: 1e5, tokens: 1e6, rate: 5e-4)
    #expect(
      page.contains(
        "<th scope=\"row\">trunk-100000-8192-0.0005-1000000</th><td>branch</td>"
          + "<td>trunk-100000-8192-0.0005</td><td class=\"n\">100k</td><td class=\"n\">5.00e-4</td>"
          + "<td class=\"n\">1M</td><td class=\"n\">8.19k</td><td class=\"n\">0</td>"
          + "<td>finished</td><td class=\"n\">\(String(format: "%.3f", loss))</td>"))
    #expect(
      page.contains(
        "<th scope=\"row\">Trunks</th><td class=\"n\">18</td><td class=\"n\">15</td>"
          + "<td class=\"n\">3</td><td class=\"n\">0</td>"))
    #expect(
      page.contains(
        "<th scope=\"row\">Branches</th><td class=\"n\">72</td><td class=\"n\">60</td>"
          + "<td class=\"n\">0</td><td class=\"n\">12</td>"))
    #expect(page.contains("<th scope=\"row\">Held-out runs</th><td class=\"n\">5</td>"))
  }
}
