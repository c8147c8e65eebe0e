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
    try check(trunkCorrelation, "trunk_correlation", in: 0...1)
    for value in [forms.axes?.tokensError, forms.axes?.paramsError] {
      try check(value ?? 0, "forms.axes", in: 0...100)
    }
    for bend in forms.curvature {
      try check(bend.estimate.value, "forms.curvature.estimate", in: -100...100)
    }
    for trial in forms.trials {
      try check(trial.share, "forms.trials.share", in: 0...1)
      try check(trial.error ?? 0, "forms.trials.error", in: 0...100)
      try check(trial.penaltyPercent ?? 0, "forms.trials.penalty_percent", in: -1e-6...1e3)
    }
    for (name, range) in [
      ("params", ranges.params), ("tokens", ranges.tokens), ("learning_rate", ranges.learningRate),
      ("batch_tokens", ranges.batchTokens ?? ranges.tokens),
    ] {
      guard range.lower <= range.upper, possible.contains(range.lower),
        possible.contains(range.upper)
      else {
        throw LawDefect(description: "ranges.\(name) is no range of numbers that runs can have")
      }
    }
    if let shares = ranges.activeShare {
      try check(shares.lower, "ranges.active_share.lower", in: shareBounds)
      try check(
        shares.upper, "ranges.active_share.upper", in: shares.lower...shareBounds.upperBound)
    }
    guard needsActiveShare == cells.contains(where: { $0.activeShare != nil }),
      !needsActiveShare || activeShareKind != nil
    else {
      throw LawDefect(description: "active_share_kind, the terms and the cells do not agree")
    }
    guard (rateKind == .effective) == (conversion != nil) else {
      throw LawDefect(description: "rate_kind and conversion do not agree")
    }
    try conversion?.validate()
    let quantity = rateKind == .effective ? LawQuantity.effectiveLearningRate : .learningRate
    try rate.validate("rate", quantity)
    try rateAtBatch?.validate("rate_at_batch", quantity)
    try batch?.validate("batch", .batchTokens)
    try validateCells()
    try validateHoldOut()
  }

  private func validateCells() throws(LawDefect) {
    guard !cells.isEmpty else { throw LawDefect(description: "cells are empty") }
    for (place, cell) in cells.enumerated() {
      let name = "cells[\(place)]"
      try check(cell.params, name + ".params", in: positive)
      try check(cell.tokens, name + ".tokens", in: positive)
      try check(cell.activeShare ?? 1, name + ".active_share", in: shareBounds)
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
      try check(cell.activeShare ?? 1, name + ".active_share", in: shareBounds)
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

/// What a scale or a learning rate can be, in the wide limits of what tables of runs may hold.
private let possible = 1e-13...1e22

/// What a quantity of runs can be at all.
private let positive = Double.leastNormalMagnitude...1e30

/// What an active share can be at all.
private let shareBounds = 1e-9...1

extension ScaleLaw {
  fileprivate func validate(
    _ name: String, _ expectedQuantity: LawQuantity
  ) throws(LawDefect) {
    func require(_ isRight: Bool, _ what: String) throws(LawDefect) {
      guard isRight else { throw LawDefect(description: "\(name).\(what)") }
    }
    try require(quantity == expectedQuantity, "quantity is \(quantity.rawValue)")
    try require(
      terms.contains(.constant) && Set(terms).count == terms.count,
      "terms are not the constant and others, each once")
    try require((0...10).contains(measurementError), "measurement_error is \(measurementError)")
    try require(coefficients.count == terms.count, "coefficients are not as many as the terms")
    try require(sizeOffsets.count == sizes.count, "size_offsets are not as many as the sizes")
    let centres =
      [centre.params, centre.tokens, centre.batchTokens ?? 1, centre.activeShare ?? 1] + sizes
    try require(
      centres.allSatisfy(possible.contains), "centre and sizes must be numbers that runs can have")
    try require(
      terms.flatMap(\.factors).allSatisfy { $0.value(at: centre) != nil },
      "centre lacks a quantity that the terms need")
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
    for ((term, coefficient), drawn) in zip(zip(terms, coefficients), draws.coefficients)
    where term != .constant {
      try require(
        ([coefficient.value] + drawn).allSatisfy { abs($0) < 10 },
        "coefficients of \(term.rawValue) beyond 10 are no law that runs show")
    }
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
