import Optimizers
package import Runs

extension StudyDescription {
  /// Refuses optimizers of a list that cannot be, and those that are one, however they are written.
  func checkRivals() throws(StudyError) {
    guard optimizers.count > 1 else { return }
    for (place, entry) in optimizers.enumerated() {
      do {
        _ = try OptimizerCatalog.kind(entry.rule.name).optimizer(entry.rule)
      } catch {
        throw .refusedOptimizer(place + 1, reason: error.description)
      }
      let first = optimizers[..<place].firstIndex { other in
        other.rule.canonical == entry.rule.canonical
          && ratios(of: other) == ratios(of: entry)
      }
      guard let first else { continue }
      throw .equalOptimizers(first + 1, place + 1, title: entry.rule.title)
    }
  }

  /// What rates are multiplied by; once is not at all.
  private func ratios(of entry: OptimizerEntry) -> [String: Double] {
    (entry.learningRateByRole ?? learningRateByRole).filter { $0.value != 1 }
  }

  /// The variant that a run of the study is of; `nil` for a trunk under several schedules.
  package func variant(of run: RunDescription) -> Variant? {
    variants.first { variant in
      optimizers[variant.optimizer - 1].rule == run.optimizer
        && learningRateByRole(of: variant) == run.learningRateByRole
        && schedules[variant.schedule - 1].schedule == run.schedule
    }
  }

  /// The number of a variant, from 1, in the order of `variants`.
  package func number(of variant: Variant) -> Int {
    (variant.optimizer - 1) * schedules.count + variant.schedule
  }

  /// A variant in words, with what tells it from the others.
  package func title(of variant: Variant) -> String {
    [
      optimizers.count > 1 || schedules.count == 1 ? optimizerTitle(variant.optimizer - 1) : nil,
      schedules.count > 1 ? scheduleTitle(variant.schedule - 1) : nil,
    ].compactMap(\.self).joined(separator: ", ")
  }

  /// The optimizer's title, with settings that all rules have where the optimizers differ in them.
  private func optimizerTitle(_ place: Int) -> String {
    func words(_ entry: OptimizerEntry) -> [String] {
      let rule = entry.rule
      let roles = (entry.learningRateByRole ?? learningRateByRole).sorted { $0.key < $1.key }
      return [
        "weight_decay=\(rule.weightDecay.plain)",
        "decay_convention=\(rule.decayConvention.rawValue)",
        "betas=\(rule.betas.map(\.plain).joined(separator: "/"))", "epsilon=\(rule.epsilon.plain)",
        "clip=\(rule.clip?.plain ?? "none")",
        roles.isEmpty
          ? "" : "rates " + roles.map { "\($0.key)x\($0.value.plain)" }.joined(separator: " "),
      ]
    }
    let all = optimizers.map(words)
    let different = all[place].indices.filter { index in Set(all.map { $0[index] }).count > 1 }
    return
      ([optimizers[place].rule.title] + different.map { all[place][$0] }.filter { !$0.isEmpty })
      .joined(separator: " ")
  }

  /// The schedule's kind, with what else the schedules differ in.
  private func scheduleTitle(_ place: Int) -> String {
    let all = schedules.map(\.schedule.words)
    let different = all[place].indices.filter { index in Set(all.map { $0[index] }).count > 1 }
    return
      ([schedules[place].schedule.kind.rawValue] + different.compactMap { all[place][$0] })
      .joined(separator: " ")
  }
}

extension ScheduleDescription {
  /// What may tell it from others of its kind; `nil` for what it does not have.
  fileprivate var words: [String?] {
    let recorded = RecordedSchedule(self)
    return [
      recorded.shape, decayFraction > 0 ? "decay=\(decayFraction.plain)" : nil,
      floor > 0 ? "floor=\(floor.plain)" : nil,
      warmupTokens > 0 ? "warmup=\(Quantity.format(Double(warmupTokens)))" : nil,
      recorded.settings,
    ]
  }
}
