extension RunCheckpoints {
  /// Writes a checkpoint that is there as a whole, and on the disk, when this returns.
  ///
  /// A crash at any moment leaves the older ones as they are. A damaged checkpoint of the same step
  /// is replaced; a good one is an error.
  package func write(_ content: CheckpointContent<some Encodable>) throws {
    let name = Checkpoint.folderName(step: content.step)
    let path = folder + "/" + name
    do {
      try DurableFolder.make(folder)
      try removeUnfinished()
      let isThere = try isDamaged(step: content.step)
      let unfinished = Self.hiddenName()
      do {
        try writeFiles(of: content, to: folder + "/" + unfinished)
        if isThere { try remove(name) }
        try DurableFolder.move(unfinished, to: name, in: folder)
      } catch {
        // What remains of it is removed at the next write; this error is the one to tell.
        try? DurableFolder.remove(folder + "/" + unfinished)
        throw error
      }
    } catch FileError.full {
      throw CheckpointError.noSpace(path)
    }
  }

  private func writeFiles(
    of content: CheckpointContent<some Encodable>, to path: String
  ) throws {
    try DurableFolder.make(path)
    let record = CheckpointRecord(
      run: runID, step: content.step, tokens: content.tokens,
      model: try SafetensorsFile.write(content.model, to: path + "/" + Checkpoint.modelFile),
      optimizer: try SafetensorsFile.write(
        content.optimizer, to: path + "/" + Checkpoint.optimizerFile))
    var file = try NewFile(path: path + "/" + Checkpoint.recordFile)
    try file.write(try record.sealed(with: content.payload))
    _ = try file.finish()
    try DurableFolder.synchronize(path)
  }

  /// Whether the step has a damaged checkpoint, which may be replaced.
  ///
  /// - Throws: When it has a good one, or one that cannot be judged.
  private func isDamaged(step: Int) throws -> Bool {
    guard try steps().contains(step) else { return false }
    do {
      throw CheckpointError.exists(try checkpoint(atStep: step).path)
    } catch CheckpointError.damaged {
      return true
    }
  }

  /// Removes what killed processes left.
  private func removeUnfinished() throws {
    for name in try DurableFolder.names(in: folder) where name.hasPrefix(Self.hiddenPrefix) {
      try DurableFolder.remove(folder + "/" + name)
    }
  }
}
