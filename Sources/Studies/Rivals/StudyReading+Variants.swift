import Foundation
package import Runs

extension StudyReading {
  /// The study's variants in words, in their order.
  package var titles: [String] { study.variants.map(study.title) }

  /// What is known of one variant alone, as if the study had no other.
  package func only(_ variant: StudyDescription.Variant) -> StudyReading {
    guard study.variants.count > 1 else { return self }
    let own = runs.filter {
      $0.run.role != .trunk && study.variant(of: $0.run.description) == variant
    }
    return part(own, of: study.only(variant))
  }

  /// What is known of runs whose records `isWanted`, and of those that have not ended, if all are of one
  /// variant.
  ///
  /// - Parameters:
  ///   - filters: How the runs are chosen, for messages.
  ///   - isWanted: Whether a run that has ended is chosen, and the number of its variant.
  /// - Returns: The part of the study.
  /// - Throws: `StudyError.noVariant` or `.severalVariants`.
  package func choosing(
    _ filters: [String], where isWanted: (RunRecord, Int?) throws -> Bool = { _, _ in true }
  ) throws -> StudyReading {
    func number(_ run: StoredRun) -> Int? {
      study.variant(of: run.run.description).map(study.number)
    }
    let chosen = try runs.filter { stored in
      try stored.record.map { try isWanted($0, number(stored)) } ?? false
    }
    guard !chosen.isEmpty || filters.isEmpty else {
      throw StudyError.noVariant(folder: folder.url.relativePath, filters: filters, titles: titles)
    }
    if chosen.isEmpty { return self }
    let numbers = Set(chosen.compactMap(number))
    let left = filters.isEmpty ? study.variants.map(study.number).sorted() : numbers.sorted()
    let variants = study.variants.filter { numbers.contains(study.number(of: $0)) }
    guard variants.count <= 1, study.variants.count == 1 || !filters.isEmpty else {
      throw StudyError.severalVariants(
        folder: folder.url.relativePath, titles: titles, left: left)
    }
    guard study.variants.count > 1 else {
      return filters.isEmpty ? self : part(kept(chosen, of: nil), of: study)
    }
    guard let variant = variants.first else {
      throw StudyError.severalVariants(
        folder: folder.url.relativePath, titles: titles, left: left)
    }
    return part(kept(chosen, of: study.number(of: variant)), of: study.only(variant))
  }

  /// The chosen runs, in the order of the plan, with those of the variant that have not ended.
  private func kept(_ chosen: [StoredRun], of variant: Int?) -> [StoredRun] {
    let ids = Set(chosen.map(\.run.id))
    return runs.filter { stored in
      ids.contains(stored.run.id)
        || (stored.record == nil && stored.run.role != .trunk
          && (variant == nil
            || study.variant(of: stored.run.description).map(study.number) == variant))
    }
  }

  /// Runs with the trunks that they leave.
  private func part(_ own: [StoredRun], of study: StudyDescription) -> StudyReading {
    let ids = Set(own.map(\.run.id)).union(own.compactMap(\.run.trunk))
    return StudyReading(self, study: study, runs: runs.filter { ids.contains($0.run.id) })
  }
}
