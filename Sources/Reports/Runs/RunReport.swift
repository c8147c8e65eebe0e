package import Runs

/// A training run as far as it has come, ready to be shown.
package struct RunReport: Sendable {
  package let manifest: RunManifest
  package let standing: RunStanding
  /// The program and version that made the report.
  package let program: String
  let training: [Logged<TrainingEvent.Train>]
  let validations: [Logged<TrainingEvent.Validation>]

  /// - Parameters:
  ///   - manifest: What the run is.
  ///   - events: All that has been logged, oldest first; none for a run that has not begun.
  ///   - state: What the run's folder says of how it stands.
  ///   - program: The name and version of the program that makes the report.
  package init(
    _ manifest: RunManifest, events: [TrainingEvent], state: RunState?, program: String
  ) {
    self.manifest = manifest
    self.program = program
    training = events.compactMap { event in
      guard case .train(let train) = event.content else { return nil }
      return Logged(step: event.step, tokens: event.tokens, value: train)
    }
    validations = events.compactMap { event in
      guard case .validation(let validation) = event.content else { return nil }
      return Logged(step: event.step, tokens: event.tokens, value: validation)
    }
    standing = RunStanding(events: events, state: state)
  }

  var description: RunDescription { manifest.description }

  /// The steps made so far, and the tokens trained on by then.
  var stepsDone: Int { training.last?.step ?? 0 }
  var tokensDone: Int { training.last?.tokens ?? 0 }

  /// The last loss on held-out text that is a number.
  var lastValidation: Logged<TrainingEvent.Validation>? {
    validations.last { $0.value.loss != nil }
  }

  /// In the order of the page; none before the first step.
  package var figures: [Figure] {
    guard !training.isEmpty else { return [] }
    return [lossFigure, rateFigure, gradientFigure].compactMap(\.self)
  }
}

/// Something that was logged, with how far the run was by then.
struct Logged<Value: Sendable>: Sendable {
  var step: Int
  var tokens: Int
  var value: Value
}
