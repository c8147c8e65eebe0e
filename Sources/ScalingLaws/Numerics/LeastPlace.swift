/// The least place of a function with one or few dips: a scan, then golden-section search.
///
/// - Parameters:
///   - function: What to minimise.
///   - low: Where the scan begins.
///   - high: Where it ends.
///   - steps: Into how many it is cut; two dips closer than a step are taken for one.
/// - Returns: A place within the range.
func leastPlace(
  of function: (Double) -> Double, from low: Double, to high: Double, steps: Int = 24
) -> Double {
  let step = (high - low) / Double(steps)
  let places = (0...steps).map { low + step * Double($0) }
  let values = places.map(function)
  let least = values.indices.min { values[$0] < values[$1] } ?? 0
  var left = max(places[least] - step, low)
  var right = min(places[least] + step, high)
  let ratio = (5.0.squareRoot() - 1) / 2
  // Each pass keeps 0.62 of the bracket, so this many leave a ten-thousandth of a step.
  for _ in 0..<20 {
    let inner = right - ratio * (right - left)
    let outer = left + ratio * (right - left)
    if function(inner) < function(outer) { right = outer } else { left = inner }
  }
  return (left + right) / 2
}
