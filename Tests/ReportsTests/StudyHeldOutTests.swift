import Foundation
import Reports
import Runs
import ScalingLaws
import Studies
import Testing

@Suite struct StudyHeldOutTests {
  private func figure(_ change: (inout HeldOutTest) -> Void = { _ in }) throws -> Figure {
    var findings = try SampleStudies().findings()
    var test = try #require(findings.heldOut)
    change(&test)
    findings.heldOut = test
    let report = StudyReport(findings, law: nil, program: "test")
    return try #require(report.figures.first { $0.id == "held-out" })
  }

  @Test("the gap is the finding, with its error and where the least loss is")
  func gap() throws {
    let figure = try figure {
      $0.gapPercent = 0.314
      $0.runs[1].loss = 1.5
    }
    #expect(
      figure.caption.hasPrefix(
        "At 1M parameters on 64M tokens, the recommended learning rate of 2.2e-3 ends with a gap of "
          + "0.31\u{A0}±\u{A0}0.11\u{A0}% to the least loss measured there; the least, 1.5, is at 1.1e-3."
      ))
    #expect(try self.figure().caption.contains("no other rate tried does better"))
  }

  @Test("the recommended rate is a line, the law's interval a band, the measured optimum a mark")
  func marks() throws {
    let figure = try figure()
    let plot = try DrawnPlot(figure.plots[0])
    #expect(plot.shapes.map { $0["x0"] as? Double } == [1.4e-3, 2.2e-3])
    #expect(plot.shapes.map { $0["x1"] as? Double } == [3.2e-3, 2.2e-3])
    let diamonds = DrawnPlot.points(plot.marks("diamond"))
    #expect(diamonds.map(\.x) == [2.2e-3, 2e-3])
    let bar = try #require(plot.marks("diamond").last?["error_x"] as? [String: Any])
    #expect(bar["array"] as? [Double] == [0.0004] && bar["arrayminus"] as? [Double] == [0.0003])
    #expect(figure.caption.contains("lies inside the law's 90\u{A0}% interval"))
    let outside = try self.figure { $0.optimum.lower = 2.1e-3 }
    #expect(outside.caption.contains("lies outside the law's"))
  }

  @Test("every run's loss is in the plot with its standard error, and in the table with its rise")
  func losses() throws {
    let figure = try figure()
    let plot = try DrawnPlot(figure.plots[0])
    let places = DrawnPlot.points(
      plot.marks("circle") + plot.marks("diamond") + plot.marks("triangle-up-open"))
    #expect(places.count == 6)
    let error = try #require(plot.marks("circle").first?["error_y"] as? [String: Any])
    #expect(error["array"] as? [Double] == [0.004, 0.004, 0.004])
    let rises = try figure.table.column("rise_percent").compactMap(Double.init)
    #expect(rises.count == 5 && rises.min() == 0)
    #expect(
      try figure.table.column("what") == [
        "run", "run", "run, recommended rate", "run", "run", "optimum by the law",
        "optimum as measured",
      ])
  }

  @Test("a diverged run is a cross, and a diverged recommendation is said to be one")
  func diverged() throws {
    let figure = try figure {
      $0.runs[2].loss = nil
      $0.gapPercent = nil
      $0.gapStandardError = nil
    }
    #expect(DrawnPlot.points(try DrawnPlot(figure.plots[0]).marks("x-thin-open")).count == 1)
    #expect(figure.caption.hasPrefix("With the recommended learning rate of 2.2e-3, the run of 1M"))
    #expect(figure.caption.contains("diverged"))
    let none = try self.figure { test in
      for index in test.runs.indices { test.runs[index].loss = nil }
      test.gapPercent = nil
      test.measuredOptimum = nil
    }
    #expect(none.caption.hasPrefix("No run of 1M parameters on 64M tokens has a loss"))
    #expect(none.caption.contains("do not bracket the optimum"))
    let range = try DrawnPlot(none.plots[0]).range("yaxis")
    let crosses = DrawnPlot.points(try DrawnPlot(none.plots[0]).marks("x-thin-open"))
    #expect(crosses.count == 5 && crosses.allSatisfy { (range[0]...range[1]).contains($0.y) })
  }

  @Test("it is told apart from the law's own test within the sweep")
  func titles() throws {
    let report = try SampleStudies().report()
    let titles = report.figures.filter { ["held-out", "hold-out"].contains($0.id) }.map(\.title)
    #expect(titles.count == 2 && Set(titles.map { $0.prefix(12) }).count == 2)
    #expect(try figure().caption.contains("this is not the test within the sweep"))
  }
}
