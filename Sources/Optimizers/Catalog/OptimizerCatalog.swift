import Runs

/// Every update rule that runs can name, in the order of the help.
package enum OptimizerCatalog {
  package static let all: [OptimizerKind] = [
    AdamW.kind, AdamAtan2.kind, AdamMini.kind, AdamH.kind, Adafactor.kind, SGD.kind, SGDSaI.kind,
    Lion.kind, Muon.kind, NorMuon.kind, MuonH.kind, Scion.kind, Dion.kind, ScheduleFreeAdamW.kind,
    DAdaptation.kind, Prodigy.kind, MoMo.kind, MoMo.adamKind,
  ]

  /// - Throws: `.unknownRule`.
  package static func kind(_ name: String) throws(OptimizerError) -> OptimizerKind {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw .unknownRule(name, nearest: name.nearest(in: all.map(\.name)))
    }
    return kind
  }
}
