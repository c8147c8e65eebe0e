import Foundation
import Reports
import Runs
import Testing

@Suite struct RunFigureTests {
  private func figure(_ id: String, _ report: RunReport) throws -> Figure {
    try #require(report.figures.first { $0.id == id })
  }

  /// The plot as Plotly gets it.
  private func object(_ plot: Figure.Plot) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(plot.description.json().utf8)) as? [String: Any])
  }

  private func trace(_ plot: Figure.Plot, _ index: Int) throws -> [String: Any] {
    let data = try #require(try object(plot)["data"] as? [[String: Any]])
    return try #require(data.indices.contains(index) ? data[index] : nil)
  }

  private func numbers(_ plot: Figure.Plot, _ index: Int, _ key: String) throws -> [Double?] {
    try #require(try trace(plot, index)[key] as? [Any]).map { $0 as? Double }
  }

  private func axis(_ plot: Figure.Plot, _ name: String) throws -> [String: Any] {
    let layout = try #require(try object(plot)["layout"] as? [String: Any])
    return try #require(layout[name] as? [String: Any])
  }

  @Test("a short run is shown step by step")
  func steps() throws {
    let loss = try figure("loss", try SampleRuns.report(SampleRuns.events(42)))
    for plot in loss.plots {
      #expect(try numbers(plot, 0, "x").count == 42)
      #expect(try trace(plot, 0)["mode"] as? String == "lines")
    }
    #expect(loss.caption.contains("a point for every step"))
  }

  @Test("a long run is averaged over equal windows, a thousand at the most, and says so")
  func averaged() throws {
    let manifest = try SampleRuns.manifest(steps: 2501)
    let loss = try figure(
      "loss", try SampleRuns.report(SampleRuns.events(2501), manifest: manifest))
    let heights = try numbers(loss.plots[1], 0, "y").compactMap(\.self)
    #expect(heights.count == 834)
    let mean = (SampleRuns.loss(4) + SampleRuns.loss(5) + SampleRuns.loss(6)) / 3
    // Figures keep six digits.
    #expect(abs(heights[1] / mean - 1) < 1e-5)
    #expect(try numbers(loss.plots[1], 0, "x")[1] == 5 * 8192)
    #expect(loss.caption.contains("windows of 3 steps"))
  }

  @Test("on the logarithmic axis the first steps stand alone and none is left out")
  func widening() throws {
    let count = 20_000
    let manifest = try SampleRuns.manifest(steps: count)
    let loss = try figure(
      "loss", try SampleRuns.report(SampleRuns.events(count), manifest: manifest))
    let places = try numbers(loss.plots[0], 0, "x").compactMap(\.self)
    #expect(places.count <= 1000)
    #expect(places.prefix(20) == (1...20).map { Double($0 * 8192) }[...])
    let words = try #require(try trace(loss.plots[0], 0)["text"] as? [String])
    #expect(words.first?.hasPrefix("step 1<br>") == true)
    #expect(words.last?.contains("to 20,000<br>") == true)
    #expect(try axis(loss.plots[0], "xaxis")["type"] as? String == "log")
  }

  @Test("losses on held-out text have bars of one standard error")
  func errorBars() throws {
    let loss = try figure("loss", try SampleRuns.report(SampleRuns.events(42)))
    for (plot, count) in zip(loss.plots, [4, 5]) {
      let bars = try #require(try trace(plot, 1)["error_y"] as? [String: Any])
      #expect(bars["array"] as? [Double] == Array(repeating: 0.0123, count: count))
      #expect(bars["arrayminus"] as? [Double] == Array(repeating: 0.0123, count: count))
    }
    #expect(loss.table.rows.count == 5)
    #expect(loss.table.csv.hasPrefix("step,tokens,loss,standard_error,sequences\n0,0,5.52,0.0123,"))
  }

  @Test("the floor of the corpus is a line and in view")
  func floor() throws {
    let report = try SampleRuns.report(
      SampleRuns.events(42), manifest: try SampleRuns.manifest(lossFloor: 1.25))
    let loss = try figure("loss", report)
    for plot in loss.plots {
      let layout = try #require(try object(plot)["layout"] as? [String: Any])
      let shape = try #require((layout["shapes"] as? [[String: Any]])?.first)
      #expect(shape["y0"] as? Double == 1.25 && shape["yref"] as? String == "y")
      #expect(shape["xref"] as? String == "paper")
      let range = try #require(try axis(plot, "yaxis")["range"] as? [Double])
      #expect(range[0] < 1.25)
    }
    #expect(loss.legend.map(\.label).contains("floor of the corpus, 1.25"))
    #expect(try report.page(plotly: nil).contains("above the floor of the corpus"))
  }

  @Test("the linear axis leaves out the first fall, and says so")
  func zoomed() throws {
    let plot = try figure("loss", try SampleRuns.report(SampleRuns.events(100))).plots[1]
    let range = try #require(try axis(plot, "yaxis")["range"] as? [Double])
    #expect(range[1] > SampleRuns.loss(10) && range[1] < SampleRuns.loss(8) + 0.1)
    #expect(plot.note?.contains("cut off") == true)
  }

  @Test("a loss that goes up without end does not hide the rest")
  func capped() throws {
    var events = SampleRuns.events(60)
    let wild = TrainingEvent.Train(loss: 1e9, learningRate: 3e-3, gradientNorm: 1e6)
    events.append(TrainingEvent(step: 61, tokens: 61 * 8192, .train(wild)))
    for plot in try figure("loss", try SampleRuns.report(events)).plots {
      let range = try #require(try axis(plot, "yaxis")["range"] as? [Double])
      #expect(range[1] < 1.5 * SampleRuns.loss(0))
    }
  }

  @Test("steps without a loss leave a gap, and none at all no figure")
  func lost() throws {
    let loss = try figure("loss", try SampleRuns.report(SampleRuns.events(42, lost: 20...22)))
    let heights = try numbers(loss.plots[0], 0, "y")
    #expect(heights.indices.filter { heights[$0] == nil } == [19, 20, 21])
    let none = try SampleRuns.report(Array(SampleRuns.events(5, lost: 1...5).dropFirst()))
    #expect(none.figures.map(\.id) == ["learning-rate"])
    _ = try none.page(plotly: nil)
  }

  @Test("the share of clipped steps is told")
  func clipped() throws {
    let gradient = try figure("gradient", try SampleRuns.report(SampleRuns.events(100)))
    #expect(gradient.caption.contains("In 25\u{A0}% of the steps the norm was above 1"))
    #expect(try axis(gradient.plots[0], "yaxis")["type"] as? String == "log")
  }

  @Test("an averaged gradient norm keeps its spikes, as a band")
  func band() throws {
    let manifest = try SampleRuns.manifest(steps: 4000)
    let gradient = try figure(
      "gradient", try SampleRuns.report(SampleRuns.events(4000), manifest: manifest))
    let band = try numbers(gradient.plots[0], 0, "y").compactMap(\.self)
    #expect(Set(band) == [0.5, 2])
    #expect(gradient.caption.contains("the mean of each 4 steps"))
  }

  @Test(
    "tables keep a round share of the steps, and the last",
    arguments: [(42, 42, "every step"), (200, 41, "every 5th step"), (2501, 51, "every 50th step")])
  func thinned(steps: Int, rows: Int, words: String) throws {
    let manifest = try SampleRuns.manifest(steps: steps)
    let table = try figure(
      "learning-rate", try SampleRuns.report(SampleRuns.events(steps), manifest: manifest)
    ).table
    #expect(table.caption.contains(words))
    #expect(table.rows.count == rows)
    #expect(table.rows.first?[0].exact == "1" && table.rows.last?[0].exact == "\(steps)")
  }

  @Test("without a loss on held-out text the table is that of training")
  func noValidation() throws {
    let events = SampleRuns.events(5).filter {
      if case .validation = $0.content { false } else { true }
    }
    let table = try figure("loss", try SampleRuns.report(events)).table
    #expect(table.caption == "Training loss, every step")
    #expect(table.rows.count == 5)
  }
}
