import Foundation

/// The checkpoints of one run: a folder of folders such as `step-00000123`.
///
/// One process at a time writes them; any number may read.
package struct RunCheckpoints: Sendable {
  package let folder: String
  package let runID: String

  /// - Parameters:
  ///   - folder: Is made at the first write; the folder that it is in must be there.
  ///   - runID: The only run whose checkpoints are read.
  package init(in folder: String, runID: String) {
    self.folder = folder
    self.runID = runID
  }

  /// The steps that have a checkpoint, good or not, in order.
  package func steps() throws -> [Int] {
    try DurableFolder.names(in: folder).compactMap(Self.step).sorted()
  }

  package func checkpoint(atStep step: Int) throws -> Checkpoint {
    guard try steps().contains(step) else {
      throw CheckpointError.missing(folder + "/" + Checkpoint.folderName(step: step))
    }
    return try Checkpoint(in: folder, step: step, runID: runID)
  }

  /// The newest checkpoint, if there is any.
  ///
  /// - Throws: `CheckpointError.damaged` when it is not good, even if an older one is.
  package func latest() throws -> Checkpoint? {
    try steps().last.map { try checkpoint(atStep: $0) }
  }

  /// The newest good checkpoint, if there is any, and what is wrong with each newer one.
  ///
  /// - Parameter limit: No step after this one is looked at.
  /// - Returns: The checkpoint, and the newer ones that are damaged.
  /// - Throws: What is not damage, such as a checkpoint of another run.
  package func latestIntact(
    upTo limit: Int = .max
  ) throws -> (checkpoint: Checkpoint?, damaged: [CheckpointError]) {
    var damaged: [CheckpointError] = []
    for step in try steps().reversed() where step <= limit {
      do {
        return (try checkpoint(atStep: step), damaged)
      } catch let error as CheckpointError {
        guard case .damaged = error else { throw error }
        damaged.append(error)
      }
    }
    return (nil, damaged)
  }

  /// Removes all but the newest `count` checkpoints.
  ///
  /// - Parameters:
  ///   - count: At least one.
  ///   - kept: Steps that stay in any case, such as those that other runs branch from.
  /// - Throws: When the newest is not good; then nothing is removed.
  package func prune(keeping count: Int, and kept: Set<Int> = []) throws {
    precondition(count > 0, "\(count) checkpoints are to be kept")
    guard try latest() != nil else { return }
    for step in try steps().dropLast(count) where !kept.contains(step) {
      try remove(Checkpoint.folderName(step: step))
    }
  }

  /// The first of `steps` that has no good checkpoint.
  ///
  /// - Throws: What is not damage, such as a checkpoint of another run.
  package func firstMissing(of steps: Set<Int>) throws -> Int? {
    let there = Set(try self.steps())
    return try steps.sorted().first { step in
      guard there.contains(step) else { return true }
      do {
        _ = try checkpoint(atStep: step)
        return false
      } catch CheckpointError.damaged {
        return true
      }
    }
  }

  /// Removes every checkpoint, of a run that nobody goes on from.
  package func removeAll() throws { try remove(after: -1) }

  /// Removes the checkpoints of later steps, good or not.
  func remove(after step: Int) throws {
    for later in try steps() where later > step {
      try remove(Checkpoint.folderName(step: later))
    }
  }

  /// Takes a checkpoint out of sight first, so that none is ever seen with half of its files.
  func remove(_ name: String) throws {
    let hidden = Self.hiddenName()
    try DurableFolder.move(name, to: hidden, in: folder)
    try DurableFolder.remove(folder + "/" + hidden)
  }

  private static func step(_ name: String) -> Int? {
    guard let step = Int(name.dropFirst("step-".count)), Checkpoint.folderName(step: step) == name
    else { return nil }
    return step
  }

  /// A name for what is not there yet, or no more; another each time.
  static func hiddenName() -> String { hiddenPrefix + UUID().uuidString }
  static let hiddenPrefix = ".unfinished-"
}
