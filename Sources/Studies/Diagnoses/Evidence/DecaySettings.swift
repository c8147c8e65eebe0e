import Optimizers
import Parametrizations
import ProxyModels
import Runs
import Training

/// What the parametrization of a run makes of its learning rate and weight decay.
struct DecaySettings {
  /// λ before the parametrization, per unit of η; 0 where weights are not shrunk by λ η, `nil` where it is
  /// another η that shrinks them, which nobody knows here.
  let weightDecay: Double?
  /// The matrices of the model; none where the model or parametrization is not known here.
  let matrices: [RunEvidence.Matrix]

  init(_ run: RunDescription) {
    let optimizer = run.optimizer
    let base = try? BaseSettings(run)
    let scalesRates = (try? OptimizerCatalog.kind(optimizer.name))?.scalesRates ?? false
    // A coupled decay is a part of gradients.
    let shrinks = optimizer.decayConvention != .coupled
    weightDecay = scalesRates ? nil : shrinks ? base?.weightDecay : 0
    matrices = (try? Self.matrices(of: run, shrinks: shrinks)) ?? []
  }

  private static func matrices(
    of run: RunDescription, shrinks: Bool
  ) throws -> [RunEvidence.Matrix] {
    let model = try proxyModel(for: run.model)
    let settings = try ModelSettings(of: run, model)
    let kept = KeptNorms(of: run.optimizer)
    return zip(model.parameters.paths, zip(model.parameters.leaves, settings.parameters.leaves))
      .filter { $1.0.isMatrix }
      .map { path, parameter in
        let keepsNorm = kept.roles.contains(parameter.0.role)
        return RunEvidence.Matrix(
          path: path.description, role: parameter.0.role.rawValue, count: parameter.0.shape.count,
          rateFactor: parameter.1.learningRate / run.learningRate,
          weightDecay: keepsNorm || !shrinks ? 0 : parameter.1.weightDecay, keepsNorm: keepsNorm)
      }
  }
}

/// The matrices that a rule brings back to their first norm in every step, for which λ does nothing.
private struct KeptNorms {
  let roles: Set<ParameterRole>

  init(of optimizer: OptimizerDescription) {
    guard Self.rules.contains(optimizer.name) else {
      roles = []
      return
    }
    roles =
      optimizer.settings["moves"] == .text("hidden-and-output")
      ? SplitOptimizer.hidden.union([.output]) : SplitOptimizer.hidden
  }

  private static let rules = ["adamh", "muonh"]
}
