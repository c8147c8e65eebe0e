import Foundation
import Reports
import Runs
import ScalingLaws
import Testing

@Suite struct PageTests {
  @Test("the page asks the network for nothing")
  func selfContained() throws {
    let page = try SampleReports.report().page(plotly: SampleReports.plotly)
    let pattern = /(?:src|href|url|action)\s*[=(]\s*["']?\s*(?:https?:)?\/\//
    #expect(page.firstMatch(of: pattern) == nil)
    #expect(!page.contains("<link") && !page.contains("@import") && !page.contains("<img"))
    #expect(page.contains("default-src 'none'"))
  }

  @Test("equal laws and targets give equal bytes")
  func deterministic() throws {
    let pages = try (0..<2).map { _ in
      try SampleReports.report().page(plotly: SampleReports.plotly)
    }
    #expect(pages[0] == pages[1])
  }

  @Test("text from the runs is never markup")
  func escaped() throws {
    let page = try SampleReports.report(
      file: "<script>alert('x')</script>&\".csv"
    ).page(plotly: SampleReports.plotly)
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;.csv"))
  }

  @Test("every script element ends where the page ends it")
  func scriptsClosed() throws {
    let report = try SampleReports.report()
    let page = try report.page(plotly: SampleReports.plotly)
    let plots = report.figures.reduce(0) { $0 + $1.plots.count }
    // One script for each plot, plotly.js and the page's own.
    #expect(page.matches(of: /<script/).count == plots + 2)
    #expect(page.matches(of: /<\/script/).count == plots + 2)
    #expect(!page.contains("<!--"))
  }

  @Test("every plot has its message for a screen reader, every figure a caption and a table")
  func accessible() throws {
    let report = try SampleReports.report(SampleReports.records(batches: [1.3e5, 2.6e5, 5.2e5]))
    let page = try report.page(plotly: SampleReports.plotly)
    let figures = report.figures
    #expect(
      figures.map(\.id) == [
        "basins", "rates", "penalty", "hold-out", "forms", "batch", "published",
      ])
    for figure in figures {
      #expect(!figure.table.rows.isEmpty, "\(figure.id)")
      #expect(figure.table.rows.allSatisfy { $0.count == figure.table.columns.count })
      #expect(page.contains("download=\"\(figure.id).csv\""), "\(figure.id)")
      for plot in figure.plots {
        #expect(plot.alt.hasSuffix("."), "\(plot.id)")
        #expect(page.contains("data-plot=\"\(plot.id)\""))
      }
    }
    let plots = figures.reduce(0) { $0 + $1.plots.count }
    #expect(page.matches(of: /class="plot"[^>]* role="img" aria-label="[^"]{20,}"/).count == plots)
    #expect(
      page.matches(of: /class="caption">[^<]{40,}<\/figcaption>/).count == figures.count)
    #expect(page.matches(of: /<table><caption>/).count == page.matches(of: /<table>/).count)
  }

  @Test("without plotly.js every table is there, open, and how to get the figures")
  func withoutPlotly() throws {
    let report = try SampleReports.report()
    let page = try report.page(plotly: nil)
    #expect(page.contains("pip install plotly") && page.contains("--plotly"))
    #expect(page.matches(of: /<details class="behind" open>/).count == report.figures.count)
    #expect(!page.contains("data-plot") && !page.contains("<script"))
  }

  @Test("the head names the target, the rate and the interval")
  func head() throws {
    let report = try SampleReports.report()
    let page = try report.page(plotly: nil)
    #expect(page.contains("Train 1B parameters on 100B tokens"))
    let rate = String(format: "%.1e", report.recommendation.learningRate)
      .replacing("e-0", with: "e-")
    #expect(page.contains("<strong>\(rate)</strong>"))
    #expect(!page.contains("No target was given"))
    for warning in report.recommendation.warnings {
      #expect(page.contains("<code>\(warning.code.rawValue)</code>"))
    }
  }
}
