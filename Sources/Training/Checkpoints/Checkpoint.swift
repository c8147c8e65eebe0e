import Runs

/// A run's state at one step, read from its folder.
///
/// It was good to the last byte when it was opened: the digests of all its files are right.
package struct Checkpoint: Sendable {
  /// The folder, whose name says the step.
  package let path: String
  package let runID: String
  package let step: Int
  package let tokens: Int
  package let model: SafetensorsFile
  package let optimizer: SafetensorsFile
  private let recordBytes: [UInt8]

  static let modelFile = "model.safetensors"
  static let optimizerFile = "optimizer.safetensors"
  static let recordFile = "checkpoint.json"

  /// - Parameters:
  ///   - folder: Where the run's checkpoints are.
  ///   - step: The step that it was written at.
  ///   - runID: The run that it must be of.
  /// - Throws: `CheckpointError.damaged` when a file is missing, was cut or changed; `FileError`
  ///   when one cannot be read, which says nothing of its content.
  init(in folder: String, step: Int, runID: String) throws {
    path = folder + "/" + Self.folderName(step: step)
    do {
      let file = try OpenedFile(path: path + "/" + Self.recordFile)
      recordBytes = try file.read(0..<file.bytes)
    } catch let error as FileError {
      throw try Self.damage(error, in: path)
    }
    let record = try CheckpointRecord(sealed: recordBytes, folder: path)
    guard record.run == runID else {
      throw CheckpointError.otherRun(path, found: record.run, expected: runID)
    }
    guard record.step == step else {
      throw CheckpointError.damaged(path, reason: "it was written at step \(record.step)")
    }
    self.runID = runID
    self.step = step
    tokens = record.tokens
    model = try Self.tensors(in: path, Self.modelFile, seal: record.model)
    optimizer = try Self.tensors(in: path, Self.optimizerFile, seal: record.optimizer)
  }

  /// What else the trainer kept.
  package func payload<Payload: Decodable>(as type: Payload.Type) throws -> Payload {
    do {
      return try CheckpointRecord.payload(type, in: recordBytes)
    } catch {
      throw CheckpointError.payload(path, reason: DecodingReason.text(of: error))
    }
  }

  static func folderName(step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  private static func tensors(
    in folder: String, _ name: String, seal: FileSeal
  ) throws -> SafetensorsFile {
    do {
      let file = try OpenedFile(path: folder + "/" + name)
      guard file.bytes == seal.bytes else {
        throw CheckpointError.damaged(
          folder, reason: "\(name) has \(file.bytes) bytes, not \(seal.bytes)")
      }
      guard try file.digest() == seal.digest else {
        throw CheckpointError.damaged(folder, reason: "\(name) was changed")
      }
      return try SafetensorsFile(file)
    } catch let error as FileError {
      throw try damage(error, in: folder)
    } catch let error as SafetensorsError {
      throw CheckpointError.damaged(folder, reason: "\(error)")
    }
  }

  /// The damage that a file's error shows; rethrows one that may go away.
  private static func damage(_ error: FileError, in folder: String) throws -> CheckpointError {
    switch error {
    case .missing(let path), .notAFile(let path), .shortened(let path, _):
      CheckpointError.damaged(
        folder, reason: "\(path.dropFirst(folder.count + 1)) is missing or cut")
    case .unreadable, .full, .notWritten: throw error
    }
  }
}
