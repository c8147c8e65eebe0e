package import Runs

extension OptimizerDescription {
  /// The rule without settings that are what they would be anyway, and with those that it needs.
  ///
  /// Two descriptions of which this is equal train alike.
  package var canonical: OptimizerDescription {
    var copy = self
    guard let kind = try? OptimizerCatalog.kind(name) else { return copy }
    for setting in kind.settings where setting.standard == settings[setting.name] {
      copy.settings[setting.name] = nil
    }
    // What a decay of nothing means is all the same.
    if weightDecay == 0 { copy.decayConvention = OptimizerDescription().decayConvention }
    return copy
  }

  /// The name with what else is set: learning rates of different settings mean different things.
  ///
  /// Settings are in the catalog's order, and left out where they are the rule's own.
  package var title: String {
    let canonical = canonical
    let known = (try? OptimizerCatalog.kind(name))?.settings.map(\.name) ?? []
    let others = canonical.settings.keys.filter { !known.contains($0) }.sorted()
    let shown = (known + others).compactMap { name in
      canonical.settings[name].map { "\(name)=\($0.text)" }
    }
    return ([name] + shown).joined(separator: " ")
  }
}

extension OptimizerSetting {
  /// What it is where a run does not say; `nil` where it must, or where nothing stands for it.
  fileprivate var standard: OptimizerDescription.Setting? {
    switch value {
    case .number(_, let standard): standard.map { .number($0) }
    case .flag(let standard): .flag(standard)
    case .choice(_, let standard): standard.map { .text($0) }
    }
  }
}
