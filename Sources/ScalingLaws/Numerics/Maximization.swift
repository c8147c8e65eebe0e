import CNLopt

/// Maximises a smooth function without derivatives, by NLopt's BOBYQA (Powell 2009).
///
/// The only place that calls NLopt.
///
/// - Parameters:
///   - start: Where to begin, inside the bounds.
///   - bounds: The range of each variable.
///   - step: The size of the first moves, the same for all variables.
///   - tolerance: The change of the variables at which to stop.
///   - function: What to maximise.
/// - Returns: The best variables found; `start` when NLopt refuses the problem.
package func maximize(
  from start: [Double], within bounds: [ClosedRange<Double>], step: Double, tolerance: Double,
  _ function: ([Double]) -> Double
) -> [Double] {
  guard let optimizer = nlopt_create(NLOPT_LN_BOBYQA, UInt32(start.count)) else { return start }
  defer { nlopt_destroy(optimizer) }
  return withoutActuallyEscaping(function) { function in
    let objective = Objective(function: function)
    nlopt_set_max_objective(
      optimizer,
      { count, variables, _, context in
        guard let variables, let context else { return -.infinity }
        let objective = Unmanaged<Objective>.fromOpaque(context).takeUnretainedValue()
        return objective.function(
          Array(UnsafeBufferPointer(start: variables, count: Int(count))))
      }, Unmanaged.passUnretained(objective).toOpaque())
    nlopt_set_lower_bounds(optimizer, bounds.map(\.lowerBound))
    nlopt_set_upper_bounds(optimizer, bounds.map(\.upperBound))
    nlopt_set_initial_step1(optimizer, step)
    nlopt_set_xtol_abs1(optimizer, tolerance)
    nlopt_set_maxeval(optimizer, mostEvaluations)
    var variables = start
    var value = 0.0
    let status = nlopt_optimize(optimizer, &variables, &value)
    // A round-off limit still leaves the best point found in `variables`.
    let isUsable = status.rawValue > 0 || status == NLOPT_ROUNDOFF_LIMITED
    return withExtendedLifetime(objective) { isUsable ? variables : start }
  }
}

private let mostEvaluations: Int32 = 400

private final class Objective {
  let function: ([Double]) -> Double
  init(function: @escaping ([Double]) -> Double) { self.function = function }
}
