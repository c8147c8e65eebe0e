import RealModule

/// The standard normal deviate below which `probability` lies, by bisection of the error function.
///
/// - Precondition: `probability` lies between 0 and 1, and is neither.
package func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1, "no deviate has probability \(probability)")
  var low = -40.0
  var high = 40.0
  while high - low > 1e-12 {
    let middle = (low + high) / 2
    if 0.5 * .erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
