import Foundation
import Reports
import Runs
import ScalingLaws
import Testing

@Suite struct PublishedFigureTests {
  private func comparison(_ anchors: [PublishedAnchor] = []) -> PublishedComparison {
    PublishedComparison(
      PublishedTarget(TargetModel(params: 5e8, kind: .nonEmbedding), tokens: 5e10),
      anchors: anchors)
  }

  private func figure(_ anchors: [PublishedAnchor] = []) throws -> Figure {
    try #require(
      PublishedReport(comparison(anchors), program: "vernier test").figures.first)
  }

  @Test("the legend has each comparable law with its rate at the target, from high to low")
  func legend() throws {
    let comparison = comparison()
    let labels = try figure().legend.map(\.label)
    let spread = try #require(comparison.all)
    for name in spread.laws {
      #expect(labels.contains { $0.hasPrefix(name + " ") }, "\(name)")
    }
    #expect(!labels.contains { $0.hasPrefix("MoE sparsity") })
    #expect(labels.first == "Porian et al. 2.7e-3")
  }

  @Test("a law is solid inside its range, and dashed beyond")
  func ranges() throws {
    let traces = try figure().plots[0].description.data
    let solid = traces.filter { $0.line?.dash == nil && $0.mode == .lines }
    let dashed = traces.filter { $0.line?.dash == .dash }
    // Of the laws for AdamW, Step Law alone and Bjorck's state ranges that hold the target.
    #expect(solid.count == 2)
    #expect(dashed.count == (try #require(comparison().all).laws.count))
  }

  @Test("anchors are dots, and every law then goes through them")
  func anchors() throws {
    let anchor = PublishedAnchor(learningRate: 1e-3, params: 5e8, tokens: 5e10)
    let figure = try figure([anchor])
    #expect(figure.legend.map(\.label).contains("anchor"))
    #expect(figure.legend.map(\.label).contains("Step Law 1e-3"))
    #expect(figure.legend.map(\.label).contains("Zhou et al. 1e-3"))
  }

  @Test("the table has all laws, those without an answer too, each with its source")
  func table() throws {
    let table = try figure().table
    #expect(table.rows.count == PublishedLaw.all.count)
    for law in PublishedLaw.all {
      #expect(table.csv.contains(law.source.reference), "\(law.id)")
    }
  }

  @Test("a fitted law stands among the published ones, at the same target")
  func besideFitted() throws {
    let report = try SampleReports.report()
    let figure = try #require(report.figures.first { $0.id == "published" })
    #expect(figure.legend.map(\.label).contains("the law fitted to these runs"))
    let rate = Quantity.learningRate(report.recommendation.optimum)
    #expect(figure.plots[0].alt.contains("the fitted law \(rate)"))
  }
}
