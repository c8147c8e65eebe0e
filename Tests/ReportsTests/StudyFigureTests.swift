import Foundation
import Reports
import Runs
import ScalingLaws
import Studies
import Testing

@Suite struct StudyFigureTests {
  private func figure(_ id: String, _ report: StudyReport) throws -> Figure {
    try #require(report.figures.first { $0.id == id })
  }

  private func curves(_ sample: SampleStudies = SampleStudies()) throws -> Figure {
    try figure("training-curves", try sample.report(hasLaw: false))
  }

  private func exact(_ table: DataTable, where name: String, is value: String, _ column: String)
    throws -> [Double]
  {
    let names = try table.column(name)
    return zip(names, try table.column(column)).compactMap { $0.0 == value ? Double($0.1) : nil }
  }

  @Test("every annealed loss is a dot of its size's panel and the last row of its run")
  func ends() throws {
    let sample = SampleStudies()
    let curves = try curves(sample)
    #expect(curves.plots.map(\.heading) == ["100k params", "200k params", "400k params"])
    for (plot, params) in zip(curves.plots, sample.params) {
      let dots = DrawnPlot.points(try DrawnPlot(plot).marks("circle"))
      let above = DrawnPlot.points(try DrawnPlot(plot).marks("triangle-up-open"))
      let ended = sample.runs.filter { $0.params == params && $0.role == .branch && $0.loss != nil }
      #expect(dots.count + above.count == ended.count && above.count <= 1)
      for run in ended {
        let loss = try #require(run.loss)
        let isAbove = above.contains { $0.x == Double(run.tokens) }
        #expect(isAbove || DrawnPlot.has(dots, x: Double(run.tokens), y: loss), "\(run.id)")
        #expect(try exact(curves.table, where: "run", is: run.id, "loss").last == loss)
      }
    }
  }

  @Test("a branch is drawn from where it leaves its trunk, at the trunk's loss there")
  func branchPoint() throws {
    let sample = SampleStudies(params: [1e5])
    let curves = try curves(sample)
    let lines = DrawnPlot.points(
      try DrawnPlot(curves.plots[0]).data.filter { $0["mode"] as? String == "lines" })
    let branch = try #require(sample.runs.first { $0.role == .branch && $0.tokens == 4_000_000 })
    let trunk = try #require(sample.runs.first { $0.id == branch.trunk })
    let start = try #require(branch.branchTokens)
    let loss = try #require(trunk.validation.first { $0.tokens == start }).loss
    #expect(branch.validation.allSatisfy { $0.tokens > start })
    // Once as a part of the trunk, once as the start of the branch.
    let there = lines.filter { $0.x == Double(start) && abs($0.y / loss - 1) < 1e-5 }
    #expect(there.count == 2)
    // Nobody measured it for the branch, so the table does not have it.
    #expect(
      try exact(curves.table, where: "run", is: branch.id, "tokens").first
        == branch.validation.first.map { Double($0.tokens) })
  }

  @Test("between two losses of the trunk a branch starts between them")
  func interpolatedBranchPoint() throws {
    var findings = try SampleStudies(params: [1e5]).findings()
    for index in findings.runs.indices where findings.runs[index].role == .trunk {
      findings.runs[index].validation.removeAll { $0.tokens == 3_200_000 }
    }
    let report = StudyReport(findings, law: nil, program: "test")
    let branch = try #require(findings.runs.first { $0.branchTokens == 3_200_000 })
    let trunk = try #require(findings.runs.first { $0.id == branch.trunk })
    let around = trunk.validation.filter { [3_000_000, 3_400_000].contains($0.tokens) }.map(\.loss)
    let figure = try figure("training-curves", report)
    let starts = DrawnPlot.points(
      try DrawnPlot(figure.plots[0]).data.filter { $0["mode"] as? String == "lines" }
    ).filter { $0.x == 3_200_000 }
    #expect(around.count == 2)
    #expect(starts.contains { $0.y < around[0] && $0.y > around[1] })
    #expect(try exact(figure.table, where: "run", is: branch.id, "tokens").first != 3_200_000)
  }

  @Test("a learning rate has one colour in all panels and figures")
  func colors() throws {
    let report = try SampleStudies().report(hasLaw: false)
    let labels = try ["training-curves", "horizon-law"].map { id in
      try figure(id, report).legend.first { $0.label == "4e-3" }?.color
    }
    #expect(labels[0] != nil && labels[0] == labels[1])
    let colors = Set(try curves().legend.filter { $0.label.contains("e-") }.map(\.color))
    #expect(colors.count == 6)
  }

  @Test("diverged runs are crosses where they were last seen, and counted")
  func diverged() throws {
    let curves = try curves()
    let crosses = try curves.plots.map { DrawnPlot.points(try DrawnPlot($0).marks("x-thin-open")) }
    #expect(crosses.allSatisfy { $0.count == 1 })
    #expect(curves.caption.contains("3\u{A0}runs diverged"))
    #expect(curves.legend.map(\.label).contains("diverged"))
    #expect(
      try !SampleStudies(divergesAbove: 1).report(hasLaw: false).figures[1].legend.map(\.label)
        .contains("diverged"))
  }

  @Test(
    "losses far above the least do not squash it, and are pinned at the top and told",
    arguments: [(7e-3, 4), (1.5e-3, 12)])
  func farAbove(rate: Double, count: Int) throws {
    var findings = try SampleStudies(params: [1e5]).findings()
    for index in findings.runs.indices where findings.runs[index].learningRate > rate {
      findings.runs[index].loss = findings.runs[index].loss.map { 20 * $0 }
    }
    let report = StudyReport(findings, law: nil, program: "test")
    let curves = try figure("training-curves", report)
    let plot = try DrawnPlot(curves.plots[0])
    let range = try plot.range("yaxis")
    #expect(range[1] < 4)
    let pinned = DrawnPlot.points(plot.marks("triangle-up-open"))
    #expect(pinned.count == count && pinned.allSatisfy { $0.y < range[1] && $0.y > range[0] })
    #expect(curves.caption.contains("\(count)\u{A0}runs end above their panel"))
  }

  @Test(
    "before any run has ended, the end of the curves fills the panel, and only their rates are named"
  )
  func begun() throws {
    let curves = try curves(SampleStudies(ended: 0))
    let range = try DrawnPlot(try #require(curves.plots.first)).range("yaxis")
    #expect(range[1] / range[0] > 1.1 && range[1] / range[0] < 1.25)
    #expect(curves.legend.map(\.label) == ["Learning rate:", "5e-4"])
    #expect(curves.caption.contains("2\u{A0}further panels have no loss yet"))
  }

  @Test("the caption names the best final loss of each size")
  func best() throws {
    let sample = SampleStudies()
    let caption = try curves(sample).caption
    for params in sample.params {
      let best = try #require(
        sample.runs.filter { $0.params == params && $0.role == .branch }
          .min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) })
      let loss = try #require(best.loss)
      #expect(
        caption.contains(
          "\(Quantity.format(params)) params \(String(format: "%.3f", loss)) at a learning rate of "
            + Quantity.learningRate(best.learningRate)))
    }
  }

  @Test("a curve with many points is thinned, its ends kept, and the table says so")
  func thinned() throws {
    let sample = SampleStudies(
      params: [1e5], tokens: [64_000_000, 128_000_000], annealed: 2, rates: [1e-3, 2e-3, 4e-3])
    let curves = try curves(sample)
    let trunk = try #require(sample.runs.first { $0.role == .trunk })
    let tokens = try exact(curves.table, where: "run", is: trunk.id, "tokens")
    #expect(trunk.validation.count > 400 && tokens.count <= 32 && tokens.count > 15)
    #expect(tokens.first == 200_000 && tokens.last == Double(trunk.tokens / 200_000 * 200_000))
    #expect(curves.table.caption.contains("at 32 places at most"))
  }

  @Test("batch sizes have panels of their own")
  func batches() throws {
    let curves = try curves(SampleStudies(params: [1e5], batches: [8192, 16384]))
    #expect(
      curves.plots.map(\.heading) == ["100k params, batch 8.19k", "100k params, batch 16.4k"])
    #expect(Set(try curves.table.column("batch_tokens")) == ["8192", "16384"])
  }

  @Test("the trunk drawn large is that of the best rate of the largest size, with its branches")
  func trunk() throws {
    let sample = SampleStudies()
    let figure = try figure("trunk-and-branches", try sample.report(hasLaw: false))
    #expect(figure.caption.contains("The trunk of 400k params whose learning rate, 2.0e-3,"))
    #expect(figure.caption.contains("4\u{A0}branches leave this trunk"))
    // 6.4M of the trunk, and a fifth of 1M, 2M, 4M and 8M.
    #expect(figure.caption.contains("took 9.4M tokens of training"))
    #expect(figure.caption.contains("would have taken 15M"))
    let dots = DrawnPlot.points(try DrawnPlot(figure.plots[0]).marks("circle"))
    for tokens in [1e6, 2e6, 4e6, 8e6] {
      let loss = SampleStudies.loss(params: 4e5, tokens: tokens, rate: 2e-3)
      #expect(DrawnPlot.has(dots, x: tokens, y: loss))
    }
    #expect(try figure.table.column("what").filter { $0 == "end" }.count == 4)
    #expect(try figure.table.column("what").contains("training"))
  }

  @Test("a law without names of trunks is found by scale and rate")
  func unnamedTrunks() throws {
    var findings = try SampleStudies(batches: [8192, 16384]).findings()
    for law in findings.horizons?.laws.indices ?? 0..<0 {
      for curve in findings.horizons?.laws[law].curves.indices ?? 0..<0 {
        findings.horizons?.laws[law].curves[curve].trunk = nil
      }
    }
    let report = StudyReport(findings, law: nil, program: "test")
    let table = try figure("trunk-and-branches", report).table
    #expect(try table.column("what").filter { $0 == "predicted" }.count == 2)
  }

  @Test("horizons that were not annealed are hollow, with their interval, and in the table")
  func predicted() throws {
    let report = try SampleStudies().report(hasLaw: false)
    for id in ["trunk-and-branches", "horizon-law"] {
      let figure = try figure(id, report)
      let plot = try DrawnPlot(try #require(figure.plots.last))
      let hollow = plot.marks("circle-open")
      let loss = SampleStudies.loss(params: 4e5, tokens: 32e6, rate: 2e-3)
      #expect(DrawnPlot.has(DrawnPlot.points(hollow), x: 32e6, y: loss), "\(id)")
      let bars = try #require(hollow.first?["error_y"] as? [String: Any])
      #expect(bars["array"] as? [Double] == [0.01968, 0.01968], "\(id)")
      let lower = try exact(figure.table, where: "what", is: "predicted", "lower")
      #expect(lower.contains { abs($0 - (loss - 0.01968)) < 1e-9 }, "\(id)")
    }
  }

  @Test("the horizon law names its exponents, how much of the grid was run, and its measured error")
  func horizonWords() throws {
    let figure = try figure("horizon-law", try SampleStudies().report(hasLaw: false))
    #expect(figure.plots.map(\.note) == Array(repeating: "γ = 0.35 (0.29 to 0.42)", count: 3))
    #expect(
      figure.caption.hasPrefix(
        "60 of 108\u{A0}cells of the 3 × 6 × 6 grid were trained, 30 are predicted."))
    #expect(
      figure.caption.contains(
        "15\u{A0}losses with an error of 0.4\u{A0}% (root mean square; on average 0.4\u{A0}% too high), "
          + "15 of 15 inside their 90\u{A0}% interval"))
    #expect(try figure.table.column("what").filter { $0 == "test" }.count == 15)
    let untested = try SampleStudies(hasTest: false).report(hasLaw: false)
    #expect(try !self.figure("horizon-law", untested).caption.contains("Fitted without"))
  }

  @Test("the law's line passes through what its numbers say")
  func horizonLine() throws {
    let sample = SampleStudies(params: [1e5])
    let findings = try sample.findings()
    let curve = try #require(findings.horizons?.laws.first?.curves.first)
    let plot = try DrawnPlot(
      try figure("horizon-law", try sample.report(hasLaw: false)).plots[0])
    let line = DrawnPlot.points(
      Array(plot.data.filter { $0["mode"] as? String == "lines" }.prefix(1)))
    let end = curve.floor + curve.excess * pow(32e6 / curve.reference, -0.35)
    #expect(DrawnPlot.has(line, x: 32e6, y: end))
    #expect(DrawnPlot.has(line, x: 1e6, y: curve.floor + curve.excess))
  }
}
