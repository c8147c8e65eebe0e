import RealModule

/// The deviate of Student's t below which `probability` lies, by bisection of its distribution.
///
/// - Precondition: `probability` lies between 0 and 1, and is neither; there are degrees of freedom.
package func studentQuantile(_ probability: Double, degrees: Int) -> Double {
  precondition(
    probability > 0 && probability < 1 && degrees > 0,
    "no deviate of \(degrees) degrees has probability \(probability)")
  guard degrees < mostDegrees else { return normalQuantile(probability) }
  var low = -1.0
  var high = 1.0
  while studentProbability(below: low, degrees: degrees) > probability { low *= 2 }
  while studentProbability(below: high, degrees: degrees) < probability { high *= 2 }
  while high - low > 1e-12 * max(1, abs(low)) {
    let middle = (low + high) / 2
    // Far out the doubles themselves are further apart than the tolerance.
    guard middle > low, middle < high else { return middle }
    if studentProbability(below: middle, degrees: degrees) < probability {
      low = middle
    } else {
      high = middle
    }
  }
  return (low + high) / 2
}

/// With more degrees of freedom than this, Student's t is the normal to three digits.
private let mostDegrees = 1000

/// The probability that Student's t lies below `t`, by the finite series for whole degrees of
/// freedom (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
private func studentProbability(below t: Double, degrees: Int) -> Double {
  let angle = Double.atan(t / Double(degrees).squareRoot())
  let cosine = Double.cos(angle)
  let isOdd = degrees % 2 == 1
  var term = isOdd ? cosine : 1.0
  var sum = degrees == 1 ? 0 : term
  var power = isOdd ? 3 : 2
  while power <= degrees - 2 {
    term *= cosine * cosine * Double(power - 1) / Double(power)
    sum += term
    power += 2
  }
  let central = isOdd ? 2 / .pi * (angle + .sin(angle) * sum) : .sin(angle) * sum
  return (1 + central) / 2
}
