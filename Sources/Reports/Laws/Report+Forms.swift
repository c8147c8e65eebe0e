import RealModule
import Runs
import ScalingLaws

extension Report {
  /// What the trial of forms leads to, a paragraph each.
  var formRemarks: [String] {
    [
      [leadingSentence, nullSentence].compactMap(\.self).joined(separator: " "), curvatureSentence,
      axesSentence + " " + trunkSentence,
    ]
  }

  /// Which form counts most, and why.
  private var leadingSentence: String {
    let forms = law.forms
    guard let leading = forms.leading else { return "No form was tried." }
    let counts =
      "\(Wording.capitalized(leading.form.counted)) counts most, for "
      + "\(Self.counting(leading.share))"
    guard let error = leading.error else {
      return counts + ": there are too few cells with a located optimum to fit a law to some and "
        + "predict the others, so every form counts by what it was thought worth before any run was "
        + "seen."
    }
    let least = Self.least(forms.trials)
    let cost = leading.penaltyPercent.map {
      ", which would have cost \(Wording.percent($0)) of loss on average"
    }
    let why =
      ": predicting larger cells from smaller ones, it missed by a factor \(Self.factor(error))"
      + (cost ?? "")
    guard let least, least.form != leading.form else { return counts + why + ", the least of all." }
    let name = Wording.capitalized(least.form.counted)
    return counts + why
      + ". \(name) missed by less, \(Self.factor(least.error)), and counts "
      + "\(Self.counting(least.share)): the size of the miss is not all that decides."
  }

  /// Whether the runs show that both params and tokens matter.
  private var nullSentence: String? {
    if let null = law.forms.betterNull {
      return
        "A null model, \(null.form.counted), missed by \(Self.factor(null.error)), less than every form "
        + "that has both params and tokens: these runs do not show that both matter."
    }
    guard let null = Self.least(law.forms.trials.filter(\.form.isNull)) else { return nil }
    return
      "The best null model, \(null.form.counted), missed by \(Self.factor(null.error)), not clearly less than "
      + "the better of the forms that have both params and tokens."
  }

  /// The trial that missed least.
  private static func least(_ trials: [FormTrial]) -> FormTrial? {
    trials.filter { $0.error != nil }.min { ($0.error ?? 0) < ($1.error ?? 0) }
  }

  /// Whether the law is seen to bend.
  private var curvatureSentence: String {
    let forms = law.forms
    let bends = forms.curvature
    func words(_ bends: [Curvature]) -> String {
      Wording.list(
        bends.map { bend in
          let ends = [bend.estimate.lower, bend.estimate.upper].map {
            Wording.exponent($0, places: 3)
          }
          return "\(bend.term.letters ?? bend.term.rawValue) "
            + "\(Wording.exponent(bend.estimate.value, places: 3)) (\(ends[0]) to \(ends[1]))"
        })
    }
    let oneSided = bends.filter(\.estimate.excludesZero)
    let confidence = bends.first.map { " with \(Wording.share($0.estimate.confidence)) intervals" }
    let found = "what the curved form finds,\(confidence ?? ""), is \(words(bends))"
    if forms.showsCurvature {
      let lie = oneSided.count == 1 ? "lies" : "lie"
      return
        "The runs show that the law bends: the curved form missed by less than the straight one, "
        + "and of its curvatures \(words(oneSided)) \(lie) on one side of 0. Exponents change with "
        + "scale, and far from the runs the answer is less sure than among them."
    }
    guard let curved = forms[.curved]?.error, let straight = forms[.paramsAndTokens]?.error else {
      return "No form had to predict, so nothing shows whether the law bends; \(found)."
    }
    let why =
      switch (curved < straight, oneSided.isEmpty) {
      case (true, true): "missed by less than the straight one, but its curvatures may all be 0"
      case (true, false):
        "missed by hardly less than the straight one, though not all its intervals hold 0"
      case (false, true):
        "predicted no better than the straight one, and its curvatures may all be 0"
      case (false, false):
        "predicted no better than the straight one, though not all its intervals hold 0"
      }
    return "The runs do not show that the law bends: the curved form \(why); \(found)."
  }

  /// Whether horizons or sizes extrapolate better.
  private var axesSentence: String {
    guard let axes = law.forms.axes else {
      return "No cell can be predicted both from shorter runs of its size and from smaller models "
        + "trained as long, so these runs do not tell which of the two extrapolates better."
    }
    let (tokens, params) = (Self.factor(axes.tokensError), Self.factor(axes.paramsError))
    let better =
      axes.better.map { "here \($0.rawValue) extrapolate better" }
      ?? "neither extrapolates clearly better"
    return "At equal compute, shorter runs of a size predicted its longer ones within a factor "
      + "\(tokens), smaller models trained as long within \(params): \(better), in "
      + "\(Wording.count(axes.predictions, "prediction")) of \(Wording.count(axes.targets, "cell")). "
      + "Where horizons are of one trunk they share its luck, which favours tokens."
  }

  /// How far the luck of one horizon is that of the next.
  private var trunkSentence: String {
    guard law.source.trunks < law.source.runs else {
      return "Every run is a trunk of its own, so that no two share their luck."
    }
    return "From one horizon of a trunk to the next the errors of losses correlate by "
      + "\(Wording.decimal(law.trunkCorrelation)), by a prior of 0.5 and how runs stand off their basins; "
      + "the more they do, the less another horizon adds."
  }
}

extension LawForm {
  /// The form in a sentence.
  fileprivate var counted: String {
    switch self {
    case .constant: "one constant rate"
    case .tokens, .params, .compute: "a law of \(name)"
    case .paramsAndTokens: "the straight law of params and tokens"
    case .curved: "the curved law of params and tokens"
    }
  }
}
