extension RateConversion {
  /// Refuses numbers that no fit makes.
  ///
  /// - Throws: A `LawDefect` that names the first of them.
  func validate() throws(LawDefect) {
    func require(_ isRight: Bool, _ what: String) throws(LawDefect) {
      guard isRight else { throw LawDefect(description: "conversion.\(what)") }
    }
    let count = Self.coefficientCount(factors.count)
    try require(
      factors.first == .peak && Set(factors).count == factors.count,
      "factors are not the peak rate and others, each once")
    try require(
      centre.count == factors.count && centre.allSatisfy { abs($0) < 100 },
      "centre is not a log for each factor")
    try require(
      coefficients.count == count && coefficients.allSatisfy { abs($0) < 100 },
      "coefficients are not \(count) numbers of a law of logs")
    try require(
      covariance.count == count * count && covariance.allSatisfy { abs($0) < 100 }
        && (0..<count).allSatisfy { covariance[$0 * count + $0] >= 0 },
      "covariance is not that of \(count) coefficients")
    try require((0...10).contains(residual), "residual is \(residual)")
  }
}
