import Parametrizations
package import Runs

/// An update rule that runs can name: what it is, what can be set, and how it is made.
///
/// A new rule is a file in `Rules` with its kind, and a line in `OptimizerCatalog.all`.
package struct OptimizerKind: Sendable {
  /// What run files call it.
  package var name: String
  /// Where it was published.
  package var source: String
  /// The implementation that its steps are compared with.
  package var reference: String
  /// Counts what changes the steps of the rule: equal versions give equal runs.
  package var version: Int
  /// Which of the settings that many rules have it heeds.
  package var common: Set<Common>
  /// What a weight decay may mean.
  package var decays: [OptimizerDescription.DecayConvention]
  /// Its own settings.
  package var settings: [OptimizerSetting]
  /// Whether it is for matrices, and AdamW moves what is none.
  package var isForMatrices: Bool
  /// Whether the loss it is told must be the one whose gradients it gets: neither clipped, nor with a
  /// term that the loss leaves out, as `z_loss` is.
  package var needsPlainLoss: Bool
  /// Whether a schedule that decays does not do for it what it does for others.
  package var wantsNoDecay: Bool
  /// Whether steps and decay are by other numbers than the η and λ of a parameter: by what the rule
  /// estimates, or by the weights' size.
  package var scalesRates: Bool
  private let make: @Sendable (OptimizerSettings) throws(OptimizerError) -> any Optimizer

  /// Settings with keys of their own in run files.
  package enum Common: String, CaseIterable, Sendable {
    case betas, epsilon
  }

  init(
    _ name: String, source: String, reference: String, version: Int = 1,
    common: Set<Common> = [],
    decays: [OptimizerDescription.DecayConvention] = [.decoupled, .independent],
    settings: [OptimizerSetting] = [], isForMatrices: Bool = false,
    needsPlainLoss: Bool = false, wantsNoDecay: Bool = false, scalesRates: Bool = false,
    make: @escaping @Sendable (OptimizerSettings) throws(OptimizerError) -> any Optimizer
  ) {
    self.name = name
    self.source = source
    self.reference = reference
    self.version = version
    // What a rule of matrices leaves is AdamW's.
    self.common = isForMatrices ? Set(Common.allCases) : common
    self.decays = decays
    self.settings = settings + (isForMatrices ? [Self.moves] : [])
    self.isForMatrices = isForMatrices
    self.needsPlainLoss = needsPlainLoss
    self.wantsNoDecay = wantsNoDecay
    self.scalesRates = scalesRates
    self.make = make
  }

  /// The rule with a run's settings.
  ///
  /// - Throws: For a setting that it does not have, a value that it cannot have, or one that is missing.
  package func optimizer(_ description: OptimizerDescription) throws(OptimizerError)
    -> any Optimizer
  {
    let settings = try OptimizerSettings(description, of: self)
    let rule = try make(settings)
    guard isForMatrices else { return rule }
    return SplitOptimizer(
      matrices: rule, others: AdamW(beta1: settings.beta1, beta2: settings.beta2),
      roles: settings.text("moves") == Self.alsoOutput
        ? SplitOptimizer.hidden.union([.output]) : SplitOptimizer.hidden)
  }

  private static let alsoOutput = "hidden-and-output"
  private static let moves = OptimizerSetting(
    "moves", .choice(["hidden", alsoOutput], standard: "hidden"),
    "which matrices it moves; AdamW moves all else")
}

/// A setting of one rule.
package struct OptimizerSetting: Sendable {
  /// What run files call it.
  package var name: String
  package var value: Value
  /// What it does, for people.
  package var meaning: String

  package enum Value: Sendable {
    /// A number within bounds, of which the upper may be left out; `nil` where none is the standard.
    case number(Bounds, standard: Double?)
    case flag(standard: Bool)
    /// One of some words; one must be given where `standard` is `nil`.
    case choice([String], standard: String?)
  }

  package enum Bounds: Sendable {
    case closed(ClosedRange<Double>)
    /// Whole numbers alone.
    case whole(ClosedRange<Int>)
    /// Without its upper bound.
    case below(Range<Double>)

    /// What keeps numbers from 0, and is not nothing to a 32-bit float.
    static let epsilon = closed(1e-37...1)
    /// Of what multiplies or bounds weights and steps.
    static let size = closed(1e-6...1e6)
  }

  init(_ name: String, _ value: Value, _ meaning: String) {
    self.name = name
    self.value = value
    self.meaning = meaning
  }
}

extension OptimizerSetting.Bounds {
  func contains(_ number: Double) -> Bool {
    switch self {
    case .closed(let range): range.contains(number)
    case .below(let range): range.contains(number)
    case .whole(let range): Int(exactly: number).map(range.contains) ?? false
    }
  }

  package var text: String {
    switch self {
    case .closed(let range): "a number from \(range.lowerBound.plain) to \(range.upperBound.plain)"
    case .below(let range):
      "a number from \(range.lowerBound.plain) to below \(range.upperBound.plain)"
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
  }
}

extension OptimizerSetting {
  /// The momentum that most rules of matrices have.
  static func momentum(_ standard: Double) -> OptimizerSetting {
    OptimizerSetting(
      "momentum", .number(.below(0..<1), standard: standard),
      "the share of the momentum that a step keeps")
  }

  /// What rules have that estimate how far the weights must go.
  static let distance = [
    OptimizerSetting(
      "first_distance", .number(.closed(1e-12...1e3), standard: 1e-6),
      "the first estimate of the distance"),
    OptimizerSetting(
      "growth", .number(.closed(1...1e9), standard: nil),
      "the most that the estimate grows by in a step"),
    OptimizerSetting(
      "bias_corrected", .flag(standard: false), "whether moments are corrected for their start"),
  ]

  static let nesterov = OptimizerSetting(
    "nesterov", .flag(standard: true), "whether a step looks ahead by the momentum")
  static let newtonSchulzSteps = OptimizerSetting(
    "newton_schulz_steps", .number(.whole(1...99), standard: 5),
    "the iterations that make a matrix orthogonal")
}
