import ArgumentParser
import Foundation
import Interop
import Reports
import Runs
import ScalingLaws

extension PublishedOptions {
  /// Prints what published laws say of the target or of each row of a table.
  func compare(
    _ target: TargetOptions, _ circumstances: TargetCircumstances, targets: String?,
    confidence: Double, _ format: OutputFormat
  ) throws {
    let anchors = try parsedAnchors()
    let comparisons = try self.targets(target, table: targets).map { target in
      var target = target
      target.circumstances = circumstances
      return PublishedComparison(target, anchors: anchors, confidence: confidence)
    }
    let file = try report.map {
      try OutputFile($0, sparing: [model, plotly].compactMap(\.self), option: "--report")
    }
    let drawing = file == nil ? nil : try plotlyScript(given: plotly)
    if let file, let comparison = comparisons.first {
      let page = PublishedReport(comparison, program: Vernier.nameAndVersion)
      try file.write(Data(try page.page(plotly: drawing).utf8))
      noteMissingFigures(drawing)
    }
    switch format {
    case .text: print(comparisons.map(\.text).joined(separator: "\n\n"))
    case .json: print(try comparisons.json(asList: targets != nil))
    case .csv: print(comparisons.table.csv)
    case .markdown: print(comparisons.map(\.markdown).joined(separator: "\n\n"))
    }
    if format != .json { printWarnings(comparisons.flatMap(\.warnings)) }
  }

  private func targets(_ target: TargetOptions, table: String?) throws -> [PublishedTarget] {
    if let table { return try rows(of: table, target) }
    guard let tokens = target.tokens else { return [] }
    var result = PublishedTarget(try targetModel(target), tokens: tokens.value)
    result.batchTokens = target.batchTokens?.value
    return [completed(result)]
  }

  private func rows(of table: String, _ target: TargetOptions) throws -> [PublishedTarget] {
    try TargetTable.read(table).map { scale, line in
      guard scale.activeShare == nil else { throw ShareInTargets(path: table, line: line) }
      var result = PublishedTarget(
        described(params: scale.params, target), tokens: scale.tokens)
      result.batchTokens = scale.batchTokens
      return completed(result)
    }
  }

  private func completed(_ target: PublishedTarget) -> PublishedTarget {
    var target = target
    target.loss = loss
    target.noiseBatch = noiseBatch?.value
    target.optimizer = optimizer ?? target.optimizer
    return target
  }

  private func targetModel(_ target: TargetOptions) throws -> TargetModel {
    let length = sequenceLength.map { Int($0.value) }
    if let model { return try ModelFile.read(model, sequenceLength: length) }
    return described(params: target.params?.value ?? 0, target)
  }

  private func described(params: Double, _ target: TargetOptions) -> TargetModel {
    TargetModel(
      params: params, kind: paramsKind ?? .total, activeParams: activeParams?.value,
      activeShare: target.experts?.activeShare, vocabulary: vocabulary.map { Int($0.value) },
      sequenceLength: sequenceLength.map { Int($0.value) })
  }
}

/// A table of targets with a column that only a fitted law understands.
private struct ShareInTargets: Error, CustomStringConvertible {
  let path: String
  let line: Int

  var description: String {
    "\(path):\(line): active_share is for --law; without it leave the column out, and give "
      + "--experts E/k for all rows"
  }
}
