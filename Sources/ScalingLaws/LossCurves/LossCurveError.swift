import Runs

/// Why loss curves cannot be used.
package enum LossCurveError: Error, Hashable, CustomStringConvertible {
  case noCurves
  case fewPoints(String, found: Int, needed: Int)
  case stepsOutOfOrder(String, Int, Int)
  case badRate(String, step: Int, Double)
  case badLoss(String, step: Int, Double)
  case nothingDecays([String])
  case peaksDiffer(String, Double, String, Double)
  case notDetermined
  case constantLoss(String, Double)
  case notDescribed(String, determination: Double, mean: Double)
  case unboundedConstant(String)
  case noPrediction(String)
  case stepsInWarmup(Int, warmup: Int, needed: Int)

  package var description: String {
    switch self {
    case .noCurves:
      "no curve has losses to fit a law to; give logs with a loss in each row"
    case .fewPoints(let name, let found, let needed):
      "\(name) has \(found.counted("point")) after its warm-up, and a law needs \(needed); "
        + "log the loss more often, or leave the curve out"
    case .stepsOutOfOrder(let name, let previous, let step):
      "\(name): step \(step) comes after step \(previous); steps must grow from row to row, so sort "
        + "the rows and leave repeated ones out"
    case .badRate(let name, let step, let rate):
      "\(name): the learning rate at step \(step) is \(rate); a step is 0 or more, and rates are "
        + "numbers of 0 or more, not all 0"
    case .badLoss(let name, let step, let loss):
      "\(name): the loss at step \(step) is \(loss); a law is fitted to finite losses above 0, so cut "
        + "a curve that diverged before it did"
    case .nothingDecays(let names):
      "the learning rate never falls in \(names.joined(separator: ", ")), so nothing tells how the loss "
        + "answers a decay (B, C, β and γ, or C and λ); add a curve of the same model whose rate decays: "
        + "a cosine, a warmup-stable-decay or a two-stage one"
    case .peaksDiffer(let name, let peak, let other, let otherPeak):
      "\(name) peaks at \(Quantity.learningRate(peak, digits: 3)) and \(other) at "
        + "\(Quantity.learningRate(otherPeak, digits: 3)); these laws carry over schedules and not over "
        + "peak rates, so fit the curves of each peak alone (--fit)"
    case .notDetermined:
      "the curves do not determine the law; add one whose rate decays in another way, or log more points"
    case .constantLoss(let name, let loss):
      "\(name): every loss after the warm-up is \(loss), so there is nothing to explain; check that the "
        + "column of losses is the right one (--map), or leave the curve out"
    case .notDescribed(let name, let determination, let mean):
      "the law does not describe these curves: R² is \(mean.rounded(places: 2)) on average over the fitted "
        + "ones, worst \(determination.rounded(places: 2)) of \(name); check that each is a training loss "
        + "that falls, with the learning rate of its own steps, and all of one model and batch size, "
        + "or leave curves out (--fit)"
    case .unboundedConstant(let symbol):
      "the law does not describe these curves: they leave its constant \(symbol) without bounds; add a "
        + "curve whose rate decays in another way, and check that the losses fall along each"
    case .noPrediction(let name):
      "the law gives no finite loss for \(name); check that its rates are above 0 from its first steps on, "
        + "and that its rows are in steps of the optimizer as in the fitted curves"
    case .stepsInWarmup(let steps, let warmup, let needed):
      "a run of \(steps) steps leaves no room for a decay after the warm-up of "
        + "\(warmup.counted("step")); ask for \(needed) steps or more, or give the warm-up by "
        + "--warmup-steps"
    }
  }
}
