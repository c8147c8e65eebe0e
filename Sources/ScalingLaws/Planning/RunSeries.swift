import RealModule

/// What runs share that differ in nothing but their horizon.
struct RunSeries: Hashable, Sendable {
  var params: Double
  var batchTokens: Double?
  var activeShare: Double?
  var learningRate: Double

  init(_ run: RunCandidate) {
    params = run.scale.params
    batchTokens = run.scale.batchTokens
    activeShare = run.scale.activeShare
    learningRate = run.learningRate
  }
}

/// The runs of a sweep, found again among candidates whose numbers were rounded elsewhere.
struct TrainedRuns {
  private let runs: [RunCandidate]

  init(_ sweep: LearningRateSweep) {
    runs = sweep.slices.flatMap { slice in
      slice.points.filter { !$0.isPredicted }.map {
        RunCandidate(scale: slice.scale, learningRate: $0.learningRate)
      }
    }
  }

  /// The candidates that were not trained, in the numbers of the runs that were.
  func untrained(of candidates: [RunCandidate]) -> [RunCandidate] {
    let params = Self.numbers(runs.map(\.scale.params))
    let batches = Self.numbers(runs.compactMap(\.scale.batchTokens))
    let rates = Self.numbers(runs.map(\.learningRate))
    let tokens = Dictionary(grouping: runs, by: \.scale.params).mapValues {
      Self.numbers($0.map(\.scale.tokens))
    }
    let trained = Set(runs.map { RunCandidate(scale: $0.scale, learningRate: $0.learningRate) })
    var seen: Set<RunCandidate> = []
    return candidates.compactMap { candidate in
      var run = candidate
      run.scale.params = Self.nearest(run.scale.params, in: params)
      run.scale.tokens = Self.nearest(
        run.scale.tokens, in: tokens[run.scale.params] ?? [])
      run.scale.batchTokens = run.scale.batchTokens.map { Self.nearest($0, in: batches) }
      run.learningRate = Self.nearest(run.learningRate, in: rates)
      let key = RunCandidate(scale: run.scale, learningRate: run.learningRate)
      return trained.contains(key) || !seen.insert(key).inserted ? nil : run
    }
  }

  /// The horizons of every series.
  var horizons: [RunSeries: [Double]] {
    runs.reduce(into: [:]) { $0[RunSeries($1), default: []].append($1.scale.tokens) }
  }

  /// What training them took, were none the branch of another.
  var operations: Double { runs.reduce(0) { $0 + RunPrices.whole($1) } }

  private static func numbers(_ values: [Double]) -> [Double] { Set(values).sorted() }

  private static func nearest(_ value: Double, in numbers: [Double]) -> Double {
    let near = numbers.min { abs(Double.log($0 / value)) < abs(Double.log($1 / value)) }
    guard let near, abs(near - value) <= RunCandidate.tolerance * value else { return value }
    return near
  }
}
