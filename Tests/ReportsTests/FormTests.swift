import Foundation
import Reports
import Runs
import ScalingLaws
import Testing

@Suite struct FormTests {
  /// A law with enough cells to try forms on, and what a test changes in it.
  private func report(
    _ change: (inout LearningRateLaw) throws -> Void = { _ in }
  ) throws -> Report {
    var law = try SampleReports.law(SampleReports.records())
    try change(&law)
    return Report(law, target: SampleReports.target, confidence: 0.9, program: "vernier test")
  }

  private func figure(_ report: Report) throws -> Figure {
    try #require(report.figures.first { $0.id == "forms" })
  }

  private func remarks(_ change: (inout LearningRateLaw) throws -> Void) throws -> String {
    try figure(report(change)).remarks.joined(separator: " ")
  }

  private func estimate(_ value: Double, _ lower: Double, _ upper: Double) throws -> Estimate {
    try JSONDecoder().decode(
      Estimate.self,
      from: Data(#"{"value":\#(value),"lower":\#(lower),"upper":\#(upper),"confidence":0.9}"#.utf8))
  }

  @Test("each form has its dot at its miss, null models hollow, and its share in its name")
  func dots() throws {
    let report = try report()
    let figure = try figure(report)
    let plot = try DrawnPlot(figure.plots[0])
    let axis = try #require(plot.layout["yaxis"] as? [String: Any])
    let names = try #require(axis["ticktext"] as? [String])
    let rows = try #require(axis["tickvals"] as? [Double])
    #expect(names.count == report.law.forms.trials.count)
    for trial in report.law.forms.trials {
      let factor = exp(try #require(trial.error))
      let place = try #require(
        names.firstIndex {
          $0.replacing("<br>", with: " ").hasPrefix(trial.form.name + " counts ")
        })
      let marks = DrawnPlot.points(
        plot.marks("circle").filter {
          let color = ($0["marker"] as? [String: Any])?["color"] as? String
          return color == (trial.form.isNull ? "@paper" : "@data")
        })
      #expect(DrawnPlot.has(marks, x: factor, y: rows[place]), "\(trial.form.name)")
      #expect(try plot.range("xaxis")[1] > factor)
    }
  }

  @Test("the table has every form with its share, its factor and its cost")
  func table() throws {
    let report = try report()
    let table = try figure(report).table
    let names = try table.column("form")
    for trial in report.law.forms.trials {
      let place = try #require(names.firstIndex(of: trial.form.name))
      let share = try #require(Double(try table.column("share_percent")[place]))
      let factor = try #require(Double(try table.column("miss_factor")[place]))
      let cost = try #require(Double(try table.column("penalty_percent")[place]))
      let before = try #require(Double(try table.column("prior_share_percent")[place]))
      #expect(abs(share - 100 * trial.share) < 1e-9)
      #expect(abs(before - 100 * trial.form.priorShare) < 1e-9)
      #expect(abs(factor - exp(try #require(trial.error))) < 1e-9)
      #expect(abs(cost - (try #require(trial.penaltyPercent))) < 1e-9)
      #expect(
        try table.column("kind")[place] == (trial.form.isNull ? "null model" : "full"))
    }
  }

  @Test("the form that counts most is named, and the one that missed least where it is another")
  func leading() throws {
    func law(curvedError: Double, curvedShare: Double) throws -> String {
      try remarks { law in
        for place in law.forms.trials.indices {
          law.forms.trials[place].error = 0.5
          law.forms.trials[place].share = 0.05
          if law.forms.trials[place].form == .paramsAndTokens {
            law.forms.trials[place].error = 0.2
            law.forms.trials[place].penaltyPercent = 0.5
            law.forms.trials[place].share = 0.5
          }
          if law.forms.trials[place].form == .curved {
            law.forms.trials[place].error = curvedError
            law.forms.trials[place].share = curvedShare
          }
        }
      }
    }
    let straight = try law(curvedError: 0.3, curvedShare: 0.3)
    #expect(straight.hasPrefix("The straight law of params and tokens counts most, for 50\u{A0}%"))
    #expect(straight.contains("missed by a factor 1.22"))
    #expect(straight.contains("cost 0.5\u{A0}% of loss on average, the least of all."))
    let other = try law(curvedError: 0.1, curvedShare: 0.3)
    #expect(
      other.contains(
        "The curved law of params and tokens missed by less, 1.11, and counts 30\u{A0}%"))
    #expect(try law(curvedError: 0.1, curvedShare: 0.7).hasPrefix("The curved law"))
  }

  @Test("a null model that predicts better is said to, as is that none does")
  func nullModels() throws {
    func law(tokensError: Double) throws -> String {
      try remarks { law in
        for place in law.forms.trials.indices {
          let form = law.forms.trials[place].form
          law.forms.trials[place].error = form == .tokens ? tokensError : form.isNull ? 0.6 : 0.2
        }
      }
    }
    #expect(
      try law(tokensError: 0.1).contains(
        "A null model, a law of tokens alone, missed by 1.11, less than every form"))
    #expect(
      try law(tokensError: 0.3).contains(
        "The best null model, a law of tokens alone, missed by 1.35, not clearly less"))
  }

  @Test("the law bends only where the curved form predicts better and an interval leaves out 0")
  func curvature() throws {
    func law(curvedError: Double, _ lower: Double) throws -> String {
      try remarks { law in
        for place in law.forms.trials.indices where !law.forms.trials[place].form.isNull {
          law.forms.trials[place].error =
            law.forms.trials[place].form == .curved ? curvedError : 0.2
        }
        for place in law.forms.curvature.indices {
          law.forms.curvature[place].estimate = try estimate(0.03, place == 0 ? lower : -0.02, 0.05)
        }
      }
    }
    let bent = try law(curvedError: 0.1, 0.01)
    #expect(bent.contains("The runs show that the law bends"))
    #expect(bent.contains("n² 0.030 (0.010 to 0.050) lies on one side of 0"))
    #expect(!bent.contains("nd 0.030"))
    for (text, why) in [
      (try law(curvedError: 0.1, -0.01), "missed by less than the straight one, but"),
      (try law(curvedError: 0.3, -0.01), "no better than the straight one, and"),
      (try law(curvedError: 0.3, 0.01), "no better than the straight one, though"),
    ] {
      #expect(text.contains("The runs do not show that the law bends") && text.contains(why))
      #expect(text.contains("nd 0.030 (\u{2212}0.020 to 0.050)"))
    }
  }

  @Test("which axis extrapolates better is told with its caveat, or that nothing tells it")
  func axes() throws {
    func law(_ tokens: Double, _ params: Double) throws -> String {
      try remarks {
        $0.forms.axes = try JSONDecoder().decode(
          AxisComparison.self,
          from: Data(
            #"{"tokensError":\#(tokens),"paramsError":\#(params),"targets":3,"predictions":4}"#.utf8
          ))
      }
    }
    let tokens = try law(0.1, 0.4)
    #expect(tokens.contains("a factor 1.11, smaller models trained as long within 1.49"))
    #expect(tokens.contains("tokens extrapolate better, in 4\u{A0}predictions of 3\u{A0}cells."))
    #expect(tokens.contains("share its luck, which favours tokens"))
    #expect(try law(0.4, 0.1).contains("here params extrapolate better"))
    #expect(try law(0.1, 0.11).contains("neither extrapolates clearly better"))
    #expect(
      try remarks { $0.forms.axes = nil }.contains("do not tell which of the two extrapolates"))
  }

  @Test("how far horizons share their luck is told, unless each run is a trunk")
  func trunks() throws {
    #expect(
      try remarks { $0.trunkCorrelation = 0.37 }.contains("the errors of losses correlate by 0.37"))
    #expect(
      try remarks { $0.source.trunks = $0.source.runs }.contains("no two share their luck"))
  }

  @Test("too few cells to try forms: no figure, and what they count by")
  func fewCells() throws {
    let report = try SampleReports.report(SampleReports.records(params: [1e8]))
    #expect(report.law.forms.predictedCells == 0)
    #expect(!report.figures.contains { $0.id == "forms" })
    let page = try report.page(plotly: SampleReports.plotly)
    #expect(page.contains("<h2 id=\"forms\">How the form was chosen</h2>"))
    #expect(page.contains("every form counts by what it was thought worth before any run was seen"))
    #expect(page.contains("nothing shows whether the law bends"))
    #expect(page.contains("download=\"forms.csv\""))
  }

  @Test("a law that bends is written with its bend, what the letters are, and where exponents hold")
  func formula() throws {
    func law(_ bend: Double) throws -> String {
      try report { law in
        for (place, term) in law.rate.terms.enumerated() where term.letters != nil {
          law.rate.coefficients[place].value = term == .paramsSquared ? bend : 0.0001
        }
      }.page(plotly: nil)
    }
    let bent = try law(-0.0312)
    #expect(bent.contains("exp(\u{2212}0.031\u{A0}<i>n²</i>)"))
    #expect(bent.contains("such as n = ln(N / 100M)"))
    #expect(bent.contains("By the law, at the centre of the runs the optimal learning rate"))
    let straight = try law(0)
    #expect(!straight.contains("exp("))
    #expect(straight.contains("By the law, the optimal learning rate"))
  }

  @Test("the page says how the law is fitted now: forms mixed, trunks correlated, edges one-sided")
  func method() throws {
    let page = try report { $0.trunkCorrelation = 0.42 }.page(plotly: nil)
    #expect(page.contains("errors that go together, by 0.42 from one branch"))
    #expect(page.contains("<a href=\"#forms\">how the form was chosen</a>"))
    #expect(page.contains("one-sided evidence, by what its runs add to what the law of the other"))
    #expect(!page.contains("one form, with all terms"))
    let batches = try SampleReports.report(SampleReports.records(batches: [1.3e5, 2.6e5, 5.2e5]))
      .page(plotly: nil)
    #expect(batches.contains("it enters the law at a given batch size alone"))
    #expect(batches.contains("one form, with all terms"))
  }
}
