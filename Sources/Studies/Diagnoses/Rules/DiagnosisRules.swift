/// What looks for one thing in a run.
protocol RunRule: Sendable {
  func findings(in diagnosis: RunDiagnosis) -> [Finding]
}

/// What looks for one thing in a study.
protocol StudyRule: Sendable {
  func findings(in diagnosis: StudyDiagnosis) -> [Finding]
}

/// Every rule of a diagnosis: a new one is a file in `Rules/Runs` or `Rules/Studies` and a line here.
enum DiagnosisRules {
  static let ofRuns: [any RunRule] = [
    DivergenceRule(), LossSpikeRule(), AttentionLogitRule(), AttentionEntropyRule(),
    OutputLogitRule(), EquilibriumRule(), UnboundedNormRule(), LargeStepRule(), NormTheoryRule(),
    GradientSpikeRule(), BatchRule(),
  ]

  static let ofStudies: [any StudyRule] = [
    NoRateTrainedRule(), UnstableOptimumRule(), OptimumAtEdgeRule(), UnsettledCellsRule(),
    SteadierRateRule(),
  ]
}
