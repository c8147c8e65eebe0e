import Runs

/// The run was lost.
struct DivergenceRule: RunRule {
  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    let run = diagnosis.run
    guard run.status == .diverged else { return [] }
    let step = run.divergedAt ?? run.stepsMade
    // Of an imported run perhaps only the end is known.
    let place = step > 0 ? " at step \(step) of \(run.steps)" : ""
    return [
      Finding(
        .diverged, .danger,
        seen: "the run diverged\(place)\(run.reason.map { ": \($0)" } ?? "")",
        meaning:
          "the rate is too high for this recipe: lower it, warm up longer, or use qk_norm and "
          + "z_loss, which widen the range of rates that train; keep the run as evidence",
        source: "arXiv 2309.14322",
        evidence: [
          .init("step", Double(step)), .init("steps", Double(run.steps)),
          .init("learning_rate", run.learningRate),
        ])
    ]
  }
}
