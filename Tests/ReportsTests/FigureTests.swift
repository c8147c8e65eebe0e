import Foundation
import Reports
import ScalingLaws
import Testing

@Suite struct FigureTests {
  @Test("descriptions are Plotly's: scatter traces only, in its own keys, safe in a script")
  func descriptions() throws {
    let figures = try SampleReports.report().figures
    for plot in figures.flatMap(\.plots) {
      let json = try plot.description.json()
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      let data = try #require(object["data"] as? [[String: Any]])
      let layout = try #require(object["layout"] as? [String: Any])
      #expect(!data.isEmpty && data.allSatisfy { $0["type"] as? String == "scatter" })
      #expect(Set(layout.keys).isSubset(of: ["xaxis", "yaxis", "shapes", "margin"]))
      #expect(!json.contains("</"))
    }
  }

  @Test("all panels have one range of rates, and one relative range of losses")
  func panelRanges() throws {
    let panels = try SampleReports.report().figures[0].plots
    let layouts = try panels.map { plot -> [String: [Double]] in
      let object = try JSONSerialization.jsonObject(with: Data(plot.description.json().utf8))
      let layout = try #require((object as? [String: Any])?["layout"] as? [String: Any])
      return try ["xaxis", "yaxis"].reduce(into: [:]) { ranges, name in
        let axis = try #require(layout[name] as? [String: Any])
        ranges[name] = try #require(axis["range"] as? [Double])
      }
    }
    #expect(Set(layouts.map { $0["xaxis"] }).count == 1)
    let ratios = layouts.compactMap { $0["yaxis"] }.map { $0[1] / $0[0] }
    // Ranges are written with six digits.
    #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 1e-4 })
  }

  @Test("the cost at the recommended rate is the recommendation's own")
  func penalty() throws {
    let report = try SampleReports.report()
    let table = try #require(report.figures.first { $0.id == "penalty" }).table
    let row = try #require(table.rows.first { $0[0].exact == "1" })
    let cost = try #require(Double(row[2].exact))
    // Both are the same mean over the same draws; the recommended rate is found to 1e-5 in its log.
    #expect(abs(cost - report.recommendation.expectedLossPenaltyPercent) < 1e-9 + 1e-3 * cost)
    let costs = table.rows.compactMap { Double($0[2].exact) }
    #expect(costs.min() == cost)
  }

  @Test("tables as CSV quote what needs it and keep every digit")
  func csv() throws {
    let table = try SampleReports.report().figures[0].table
    let lines = table.csv.split(separator: "\n")
    #expect(lines.first == "params,tokens,learning_rate,loss,outcome")
    #expect(lines.count == table.rows.count + 1)
    let cells = try #require(try SampleReports.report().figures.dropFirst().first).table.csv
    #expect(cells.contains("\"cell, optimum located\",50000000,"))
  }
}
