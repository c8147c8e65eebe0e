import RealModule
import Runs

/// Which learning rates are worth a sweep, read off one run whose rate rises until it is lost.
///
/// The range test of Smith 2017 (arXiv 1506.01186), with the rate rising by the same factor at each
/// step. It brackets a sweep and recommends nothing: a rate that a short run bears for a few steps
/// need not be one that a long run ends well with.
package struct RateBracket: Hashable, Codable, Sendable {
  package var from: Double
  package var to: Double
  /// Rates for a sweep of the bracket at no more than a factor of two from one to the next.
  package var points: Int
  /// Where the loss fell fastest, over the log of the rate.
  package var steepest: Double
  /// Where the loss was least.
  package var lowest: Double
  /// Where it had risen again; `nil` of a run that bore every rate.
  package var risen: Double?
  /// Whether the loss fell fastest within the first rates tried, so that lower ones may do.
  package var startsTooHigh: Bool

  /// One step of the run.
  package struct Step: Hashable, Sendable {
    package var learningRate: Double
    /// Not finite where the run was lost.
    package var loss: Double

    package init(learningRate: Double, loss: Double) {
      self.learningRate = learningRate
      self.loss = loss
    }
  }

  package static let leastSteps = 40
  /// The part of the run over which losses are averaged, and slopes are taken.
  private static let window = 0.05
  /// How far the bracket goes below the steepest fall and, at most, above the least loss: long runs
  /// do best at lower rates than a rising one, and a loss that is clipped may hardly ever rise.
  private static let widening = 4.0
  /// The part of the whole fall that counts as having risen again.
  private static let rise = 0.1
  /// A fall of less than this, over the first loss, may be chance.
  private static let leastFall = 0.02

  /// - Parameter steps: At rates that grow by a constant factor; what follows a loss that is no number
  ///   is not read.
  /// - Throws: When the loss did not fall, or there are too few steps.
  package init(_ steps: [Step]) throws(RateBracketError) {
    let read = Array(steps.prefix { $0.loss.isFinite })
    guard read.count >= Self.leastSteps else {
      throw .tooFewSteps(read.count, lost: read.count < steps.count, needed: Self.leastSteps)
    }
    let reach = max(Int(Self.window * Double(read.count)), 2)
    let smooth = Self.smoothed(read.map(\.loss), reach: reach)
    let places = smooth.indices
    let first = smooth[0]
    let lowest = places.min { smooth[$0] < smooth[$1] } ?? 0
    let fall = first - smooth[lowest]
    guard fall > Self.leastFall * first else {
      throw .neverFell(read[0].learningRate, read[read.count - 1].learningRate)
    }
    // All steps are as far apart in the log of the rate.
    let slopes = places.map { place in
      smooth[max(place - reach, 0)] - smooth[min(place + reach, smooth.count - 1)]
    }
    let steepest = places.prefix(lowest + 1).max { slopes[$0] < slopes[$1] } ?? 0
    let risen = places.dropFirst(lowest).first { smooth[$0] > smooth[lowest] + Self.rise * fall }
    let lost = read.count < steps.count ? steps[read.count].learningRate : nil
    self.steepest = read[steepest].learningRate
    self.lowest = read[lowest].learningRate
    self.risen = risen.map { read[$0].learningRate } ?? lost
    startsTooHigh = steepest <= reach
    from = max(self.steepest / Self.widening, read[0].learningRate).rounded(significant: 2)
    let last = self.risen ?? read[read.count - 1].learningRate
    to = min(last, Self.widening * self.lowest).rounded(significant: 2)
    points = max(Int((Double.log(to / from) / .log(2)).rounded(.up)) + 1, 3)
  }

  /// Means over as many steps before as after each, so that nothing is seen later than it was.
  private static func smoothed(_ losses: [Double], reach: Int) -> [Double] {
    losses.indices.map { place in
      let side = min(reach, place, losses.count - 1 - place)
      let window = losses[place - side...place + side]
      return window.reduce(0, +) / Double(window.count)
    }
  }
}

/// Why a run brackets nothing.
package enum RateBracketError: Error, Hashable, CustomStringConvertible {
  case tooFewSteps(Int, lost: Bool, needed: Int)
  case neverFell(Double, Double)

  package var description: String {
    switch self {
    case .tooFewSteps(let found, true, let needed):
      "the run was lost after \(found.counted("step")) and a bracket needs \(needed); begin at a lower "
        + "rate with --from"
    case .tooFewSteps(let found, false, let needed):
      "a bracket needs \(needed) steps and the run has \(found); give more with --steps"
    case .neverFell(let from, let to):
      "the loss did not fall at any rate from \(Quantity.learningRate(from)) to "
        + "\(Quantity.learningRate(to)); give a wider range with --from and --to, or more --steps"
    }
  }
}
