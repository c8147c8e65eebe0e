package import ScalingLaws
import Foundation
import Runs

/// A model file of ours, or a Hugging Face `config.json`, as a model with all its counts.
package enum ModelFile {
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - sequenceLength: The tokens of a training sequence, where the file should not say.
  /// - Returns: The model, with a caveat where the file is of an architecture that is not known.
  /// - Throws: A `ModelFileError` that names what is wrong with the file.
  package static func read(
    _ path: String, sequenceLength: Int? = nil
  ) throws(ModelFileError) -> TargetModel {
    let text = try text(ofFile: path)
    let isObject = text.first { !$0.isWhitespace } == "{"
    var model: TargetModel
    if isObject || path.lowercased().hasSuffix(".json") {
      let config = try HuggingFaceConfig(text, file: path)
      model =
        config.isOurs
        ? try described(text, path, sequenceLength)
        : try config.model(sequenceLength: sequenceLength)
    } else {
      model = try described(text, path, sequenceLength)
    }
    if let params = model.total?.value, params > mostParams {
      throw .absurdSize(path, params: params)
    }
    return model
  }

  private static func described(
    _ text: String, _ path: String, _ sequenceLength: Int?
  ) throws(ModelFileError) -> TargetModel {
    do {
      var dimensions = ModelDimensions(try ModelDescription(yaml: text, file: path))
      dimensions.sequenceLength = sequenceLength ?? dimensions.sequenceLength
      return TargetModel(dimensions)
    } catch {
      throw .description(error)
    }
  }

  private static func text(ofFile path: String) throws(ModelFileError) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .noFile(path)
    }
    guard !isDirectory.boolValue else { throw .isFolder(path) }
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: mostBytes + 1)
    else { throw .unreadable(path) }
    guard data.count <= mostBytes else { throw .tooLarge(path) }
    return String(decoding: data, as: UTF8.self)
  }

  /// No config comes near; weights are far beyond.
  private static let mostBytes = 4_000_000
  /// A thousand times the largest models.
  private static let mostParams = 1e16
}
