import RealModule

/// Parameters that bring predicted losses near measured ones, by Huber's loss of their logs.
///
///     Σ_i w_i ρ(log y_i - log f_i(θ)) / δ² + Σ_j (θ_j - c_j)² / 2
///
/// with ρ the square up to δ and a line beyond it (Huber 1964), found by iteratively reweighted
/// Levenberg-Marquardt steps. The second sum is over the parameters that have a centre c.
struct RobustFit {
  /// A parameter and where it is held, as strongly as by one point that misses by δ.
  struct Ridge {
    var parameter: Int
    var center: Double
  }

  let losses: [Double]
  /// Their sum is the number of points.
  let weights: [Double]
  let ridges: [Ridge]
  /// The law's losses at the points for some parameters.
  let predict: ([Double]) -> [Double]

  /// δ of the published fits.
  static let threshold = 1e-3
  private static let mostSteps = 100
  /// A step of the numerical derivatives, of parameters that are logs or losses.
  private static let difference = 1e-5
  /// No step moves a parameter further: a linear picture of a power law does not reach further.
  private static let furthest = 1.0

  /// What the points say near the parameters.
  struct Solution {
    var parameters: [Double]
    var objective: Double
    /// The derivatives of each point's log loss, by points.
    var slopes: [[Double]]
    /// Each point's pull on the log loss.
    var pulls: [Double]
    /// Each point's weight in the squared design.
    var precisions: [Double]
  }

  /// - Throws: `.notDetermined` where no parameters near `start` give losses.
  func solve(from start: [Double]) throws(LossCurveError) -> Solution {
    guard var current = state(start) else { throw .notDetermined }
    var damping = 1e-3
    for _ in 0..<Self.mostSteps {
      var isBetter = false
      while !isBetter, damping < 1e9 {
        if let next = state(try step(from: current, damping: damping)),
          next.objective < current.objective
        {
          isBetter = true
          let isDone = current.objective - next.objective < 1e-9 * (1 + current.objective)
          current = next
          damping = max(damping / 5, 1e-9)
          if isDone { return current }
        } else {
          damping *= 4
        }
      }
      if !isBetter { break }
    }
    return current
  }

  /// The squared design of some parameters, by columns, with the ridges.
  func design(_ solution: Solution, rows: [Int], columns: [Int]) -> [Double] {
    columns.flatMap { column in
      rows.map { row in
        let ridge = row == column && ridges.contains { $0.parameter == row } ? 1.0 : 0
        return zip(solution.slopes, solution.precisions).reduce(ridge) {
          $0 + $1.0[row] * $1.0[column] * $1.1
        }
      }
    }
  }

  private func step(from state: Solution, damping: Double) throws(LossCurveError) -> [Double] {
    let all = Array(state.parameters.indices)
    var matrix = design(state, rows: all, columns: all)
    var gradient = all.map { index in
      zip(state.slopes, state.pulls).reduce(0) { $0 + $1.0[index] * $1.1 }
    }
    for ridge in ridges {
      gradient[ridge.parameter] += ridge.center - state.parameters[ridge.parameter]
    }
    for index in all {
      let place = index * all.count + index
      matrix[place] += damping * matrix[place] + 1e-12
    }
    do {
      let move = try Cholesky(matrix, count: all.count).solve(gradient)
      return zip(state.parameters, move).map { $0 + min(max($1, -Self.furthest), Self.furthest) }
    } catch {
      throw .notDetermined
    }
  }

  /// - Returns: `nil` where a loss is no positive number.
  private func state(_ parameters: [Double]) -> Solution? {
    guard let logs = logLosses(parameters) else { return nil }
    var solution = Solution(
      parameters: parameters, objective: 0, slopes: [], pulls: [], precisions: [])
    let unit = Self.threshold * Self.threshold
    for ridge in ridges {
      let distance = parameters[ridge.parameter] - ridge.center
      solution.objective += distance * distance / 2
    }
    for (index, weight) in weights.enumerated() {
      let residual = .log(losses[index]) - logs[index]
      let size = abs(residual)
      let isNear = size <= Self.threshold
      solution.objective +=
        weight / unit
        * (isNear ? size * size / 2 : Self.threshold * (size - Self.threshold / 2))
      let precision = weight / unit * (isNear ? 1 : Self.threshold / size)
      solution.precisions.append(precision)
      solution.pulls.append(precision * residual)
    }
    let columns = parameters.indices.map { index -> [Double] in
      var moved = parameters
      moved[index] += Self.difference
      return logLosses(moved) ?? logs
    }
    solution.slopes = weights.indices.map { point in
      columns.map { ($0[point] - logs[point]) / Self.difference }
    }
    return solution
  }

  private func logLosses(_ parameters: [Double]) -> [Double]? {
    let values = predict(parameters)
    guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    return values.map { .log($0) }
  }
}
