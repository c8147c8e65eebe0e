/// Why numbers that were read are no law.
package struct LawDefect: Error, Hashable, CustomStringConvertible {
  package let description: String
}

extension LearningRateLaw {
  /// Refuses numbers that no fit makes, such as a file edited by hand may hold.
  ///
  /// - Throws: A `LawDefect` that names the first of them.
  package func validate() throws(LawDefect) {
    try check(basin.shape.left, "basin.shape.left", in: BasinModel.shapeBounds)
    try check(basin.shape.right, "basin.shape.right", in: BasinModel.shapeBounds)
    try check(basin.depth, "basin.depth", in: 1e-6...100)
    try check(basin.noise, "basin.noise", in: 0...1)
    try check(measurementError, "measurement_error", in: 0...10)
    for (name, range) in [
      ("params", ranges.params), ("tokens", ranges.tokens), ("learning_rate", ranges.learningRate),
      ("batch_tokens", ranges.batchTokens ?? ranges.tokens),
    ] {
      guard range.lower > 0, range.lower <= range.upper, range.upper.isFinite else {
        throw LawDefect(description: "ranges.\(name) is no range of positive numbers")
      }
    }
    try rate.validate("rate", [.constant, .params, .tokens], .learningRate)
    try rateAtBatch?.validate(
      "rate_at_batch", [.constant, .params, .tokens, .batch], .learningRate)
    try batch?.validate("batch", [.constant, .params, .tokens], .batchTokens)
    try validateCells()
    try validateHoldOut()
  }

  private func validateCells() throws(LawDefect) {
    guard !cells.isEmpty else { throw LawDefect(description: "cells are empty") }
    for (place, cell) in cells.enumerated() {
      let name = "cells[\(place)]"
      try check(cell.params, name + ".params", in: positive)
      try check(cell.tokens, name + ".tokens", in: positive)
      try check(cell.bestBatchTokens ?? 1, name + ".best_batch_tokens", in: positive)
      try cell.optimum?.validate(name + ".optimum")
      for (place, slice) in cell.slices.enumerated() {
        let name = name + ".slices[\(place)]"
        guard slice.losses.count == slice.learningRates.count,
          slice.diverged.count == slice.learningRates.count,
          slice.predicted.count == slice.learningRates.count
        else { throw LawDefect(description: "\(name) has arrays of different lengths") }
        try slice.optimum?.validate(name + ".optimum")
        try check(slice.batchTokens ?? 1, name + ".batch_tokens", in: positive)
        try check(slice.minimumLoss ?? 1, name + ".minimum_loss", in: positive)
        for rate in slice.learningRates { try check(rate, name + ".learning_rates", in: positive) }
        for loss in slice.losses { try check(loss ?? 1, name + ".losses", in: positive) }
      }
    }
  }

  private func validateHoldOut() throws(LawDefect) {
    guard let holdOut else { return }
    guard !holdOut.cells.isEmpty else { throw LawDefect(description: "hold_out.cells are empty") }
    try check(holdOut.constantRate, "hold_out.constant_rate", in: positive)
    try check(holdOut.lawError, "hold_out.law_error", in: 0...100)
    try check(holdOut.constantError, "hold_out.constant_error", in: 0...100)
    for (place, cell) in holdOut.cells.enumerated() {
      let name = "hold_out.cells[\(place)]"
      try check(cell.params, name + ".params", in: positive)
      try check(cell.tokens, name + ".tokens", in: positive)
      try check(cell.recommended, name + ".recommended", in: positive)
      try check(cell.penaltyPercent, name + ".penalty_percent", in: -1e-6...1e3)
      try cell.measured.validate(name + ".measured")
      try cell.predicted.validate(name + ".predicted")
    }
  }
}

extension Estimate {
  /// Refuses an estimate of a positive quantity that is none.
  fileprivate func validate(_ name: String) throws(LawDefect) {
    try check(value, name + ".value", in: positive)
    try check(lower, name + ".lower", in: positive)
    try check(upper, name + ".upper", in: positive)
    try check(confidence, name + ".confidence", in: 0...1)
    guard lower <= upper else { throw LawDefect(description: "\(name).lower is above its upper") }
  }
}

/// What a quantity of runs can be at all.
private let positive = Double.leastNormalMagnitude...1e30

extension ScaleLaw {
  fileprivate func validate(
    _ name: String, _ expectedTerms: [LawTerm], _ expectedQuantity: LawQuantity
  ) throws(LawDefect) {
    func require(_ isRight: Bool, _ what: String) throws(LawDefect) {
      guard isRight else { throw LawDefect(description: "\(name).\(what)") }
    }
    try require(quantity == expectedQuantity, "quantity is \(quantity.rawValue)")
    try require(
      terms == expectedTerms,
      "terms are not \(expectedTerms.map(\.rawValue).joined(separator: ", "))"
    )
    try require(coefficients.count == terms.count, "coefficients are not as many as the terms")
    try require(sizeOffsets.count == sizes.count, "size_offsets are not as many as the sizes")
    let centres = [centre.params, centre.tokens, centre.batchTokens ?? 1] + sizes
    try require(
      centres.allSatisfy { $0 > 0 && $0.isFinite }, "centre and sizes must be positive numbers")
    try require(
      !terms.contains(.batch) || centre.batchTokens != nil, "centre has no batch_tokens")
    let count = draws.cellDeviations.count
    try require(count >= FitOptions.leastDraws, "draws are fewer than \(FitOptions.leastDraws)")
    try require(
      draws.coefficients.count == terms.count && draws.sizeOffsets.count == sizes.count
        && (draws.coefficients + draws.sizeOffsets + [draws.sizeDeviations])
          .allSatisfy { $0.count == count },
      "draws are not equally many for all parameters")
    try require(
      (draws.cellDeviations + draws.sizeDeviations).allSatisfy { (0...10).contains($0) },
      "draws of deviations must lie between 0 and 10")
    let values =
      coefficients.map(\.value) + sizeOffsets + draws.coefficients.joined()
      + draws.sizeOffsets.joined()
    try require(values.allSatisfy { abs($0) < 100 }, "coefficients beyond 100 are no law of logs")
  }
}

private func check(
  _ value: Double, _ name: String, in range: ClosedRange<Double>
) throws(LawDefect) {
  guard range.contains(value) else {
    throw LawDefect(
      description: "\(name) is \(value), not within \(range.lowerBound) to \(range.upperBound)")
  }
}
