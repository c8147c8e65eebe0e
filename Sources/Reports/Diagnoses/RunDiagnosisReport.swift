import Runs
package import Studies

/// The diagnosis of a run, ready to be shown.
package struct RunDiagnosisReport: Sendable {
  package let diagnosis: RunDiagnosis
  /// The program and version that made the report.
  package let program: String

  package init(_ diagnosis: RunDiagnosis, program: String) {
    self.diagnosis = diagnosis
    self.program = program
  }

  var run: RunEvidence { diagnosis.run }

  /// In the order of the page.
  package var figures: [Figure] {
    [normFigure, effectiveRateFigure, movementFigure, logitFigure, noiseFigure, spikeFigure]
      .compactMap(\.self)
  }

  /// The roles that were looked at, each with its colour.
  var shownRoles: [(role: RoleDynamics, color: PlotColor)] {
    let shown = diagnosis.roles.filter { $0.points.count > 1 }
    return shown.enumerated().map { place, role in
      (role, .scale(shown.count > 1 ? Double(place) / Double(shown.count - 1) : 0.5))
    }
  }

  /// Tokens after the last logged step.
  var tokensDone: Double {
    run.training.last?.tokens ?? Double(run.stepsMade) * (run.batchTokens ?? 1)
  }
}
