import Foundation
import Reports
import Runs
import Testing

@Suite struct RunReportTests {
  private func text(_ report: RunReport) throws -> String { try report.page(plotly: nil) }

  @Test("a finished run: its loss with the standard error is the headline")
  func finished() throws {
    let page = try text(
      try SampleRuns.report(SampleRuns.events(100) + [SampleRuns.end(100, .finished)]))
    #expect(page.contains("ended at a loss of <strong>1.918\u{A0}±\u{A0}0.012</strong>"))
    #expect(page.contains("Training 108k parameters on 819k tokens"))
    #expect(page.contains("a peak learning rate of 3.0e-3"))
    #expect(page.contains("nats per byte") && page.contains("2.77 bits"))
    #expect(!page.contains("id=\"standing\""))
  }

  @Test("a run without an end is unfinished, whatever its state says of a process")
  func running() throws {
    let state = RunState(state: .running, step: 42, attempt: 1)
    for state in [state, nil] {
      let report = try SampleRuns.report(SampleRuns.events(42), state: state)
      #expect(report.standing == .running)
      #expect(try text(report).contains("has come to <strong>42\u{A0}%</strong>"))
    }
  }

  @Test("a run that has only just begun is not at 0 %")
  func early() throws {
    let report = try SampleRuns.report(
      SampleRuns.events(3), manifest: try SampleRuns.manifest(steps: 1000))
    #expect(try text(report).contains("<strong>0.3\u{A0}%</strong>"))
  }

  @Test("a diverged run: the step and the reason, and a line there in every figure")
  func diverged() throws {
    let end = SampleRuns.end(56, .diverged, divergedAt: 55, reason: "the loss is inf & <nan>")
    let report = try SampleRuns.report(SampleRuns.events(56, lost: 55...56) + [end])
    let page = try text(report)
    #expect(page.contains("<strong>diverged</strong>"))
    #expect(page.contains("Seen at step 55: the loss is inf &amp; &lt;nan&gt;. "))
    for plot in report.figures.flatMap(\.plots) {
      #expect(try plot.description.json().contains("\"x0\":450560,"), "\(plot.id)")
    }
  }

  @Test("a stopped or failed run says so, and why", arguments: [RunState.State.stopped, .failed])
  func ended(state: RunState.State) throws {
    let report = try SampleRuns.report(
      SampleRuns.events(42),
      state: RunState(state: state, step: 42, attempt: 1, reason: "disk full"))
    let page = try text(report)
    #expect(page.contains("\(state.rawValue) at 42\u{A0}%</strong>"))
    #expect(page.contains("disk full"))
  }

  @Test("an end that says unfinished is a stop")
  func unfinished() throws {
    let report = try SampleRuns.report(
      SampleRuns.events(42) + [SampleRuns.end(42, .unfinished, reason: "interrupted")])
    #expect(report.standing == .stopped(reason: "interrupted"))
  }

  @Test("the log's end counts for more than the state, which is written later")
  func precedence() throws {
    let report = try SampleRuns.report(
      SampleRuns.events(100) + [SampleRuns.end(100, .finished)],
      state: RunState(state: .running, step: 90, attempt: 1))
    guard case .finished = report.standing else {
      Issue.record("\(report.standing)")
      return
    }
  }

  @Test("a run without an event has no figures, and its page does not carry plotly.js")
  func notBegun() throws {
    let report = try SampleRuns.report([])
    #expect(report.standing == .notBegun && report.figures.isEmpty)
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(page.contains("<strong>not begun</strong>"))
    #expect(!page.contains("<script") && !page.contains("plotly"))
    #expect(page.contains("<dt>Width</dt><dd>64</dd>"))
  }

  @Test("passes over the corpus where it ends, and none where it does not")
  func passes() throws {
    let finite = try text(try SampleRuns.report(SampleRuns.events(100)))
    #expect(finite.contains("3.3 passes over its 250k tokens"))
    let endless = try SampleRuns.manifest(corpusTokens: nil)
    let page = try text(try SampleRuns.report(SampleRuns.events(100), manifest: endless))
    #expect(page.contains("nothing is seen twice") && !page.contains("passes"))
  }

  @Test("text of a run file is never markup")
  func escaped() throws {
    let manifest = try SampleRuns.manifest(path: "<img src=x>&\"")
    let page = try text(try SampleRuns.report(SampleRuns.events(5), manifest: manifest))
    #expect(!page.contains("<img"))
    #expect(page.contains("&lt;img src=x&gt;&amp;&quot;"))
  }

  @Test("equal runs give equal bytes, and ask the network for nothing")
  func deterministic() throws {
    let pages = try (0..<2).map { _ in
      try SampleRuns.report(SampleRuns.events(30)).page(plotly: SampleReports.plotly)
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0].contains("default-src 'none'"))
    #expect(pages[0].firstMatch(of: /(?:src|href)\s*=\s*"(?:https?:)?\/\//) == nil)
  }

  @Test("every figure has a caption and a table, every plot its message")
  func accessible() throws {
    let report = try SampleRuns.report(SampleRuns.events(42))
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(report.figures.map(\.id) == ["loss", "learning-rate", "gradient"])
    for figure in report.figures {
      #expect(!figure.table.rows.isEmpty && figure.caption.hasSuffix("."), "\(figure.id)")
      #expect(figure.table.rows.allSatisfy { $0.count == figure.table.columns.count })
      #expect(page.contains("download=\"\(figure.id).csv\""))
      for plot in figure.plots { #expect(plot.alt.hasSuffix("."), "\(plot.id)") }
    }
  }
}
