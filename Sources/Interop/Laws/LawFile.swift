package import Foundation
package import ScalingLaws

/// The law file: the JSON form of a fitted law.
package enum LawFile {
  package static func data(of law: LearningRateLaw) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(law)
  }

  /// The law in the file at `path`.
  ///
  /// - Throws: A `LawFileError` that names what is wrong with the file.
  package static func read(_ path: String) throws(LawFileError) -> LearningRateLaw {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .noFile(path)
    }
    guard !isDirectory.boolValue else { throw .notALaw(path) }
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      let law = try decoder.decode(LearningRateLaw.self, from: data)
      guard law.format == LearningRateLaw.formatName, law.version == LearningRateLaw.formatVersion
      else { throw Self.diagnosis(of: data, at: path, reason: "its format or version is wrong") }
      try law.validate()
      return law
    } catch let error as LawFileError {
      throw error
    } catch {
      throw Self.diagnosis(of: data, at: path, reason: Self.reason(error))
    }
  }

  /// What is wrong with `data`, from the outside in.
  private static func diagnosis(of data: Data, at path: String, reason: String) -> LawFileError {
    guard (try? JSONSerialization.jsonObject(with: data)) != nil else { return .notJSON(path) }
    guard let head = try? JSONDecoder().decode(Head.self, from: data),
      head.format == LearningRateLaw.formatName
    else { return .notALaw(path) }
    guard head.version == LearningRateLaw.formatVersion else {
      return .otherVersion(path, version: head.version)
    }
    return .damaged(path, reason: reason)
  }

  private struct Head: Decodable {
    var format: String
    var version: Int
  }

  private static func reason(_ error: any Error) -> String {
    if case .keyNotFound(let key, let context) = error as? DecodingError {
      let place = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      return "\(place) is missing"
    }
    let context: DecodingError.Context? =
      switch error as? DecodingError {
      case .typeMismatch(_, let context),
        .valueNotFound(_, let context), .dataCorrupted(let context):
        context
      default: nil
      }
    guard let context else { return "\(error)" }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return (place.isEmpty ? "" : "at \(place): ") + context.debugDescription
  }
}

/// What can be wrong with a law file.
package enum LawFileError: Error, Hashable, CustomStringConvertible {
  case noFile(String)
  case unreadable(String)
  case notJSON(String)
  case notALaw(String)
  case otherVersion(String, version: Int)
  case damaged(String, reason: String)

  package var description: String {
    switch self {
    case .noFile(let path):
      "\(path): no such file; make one with vernier fit RUNS.csv --output \(path)"
    case .unreadable(let path): "\(path) cannot be read; check its permissions"
    case .notJSON(let path):
      "\(path) is not whole JSON, so it is no law file or a damaged one; fit the runs again"
    case .notALaw(let path):
      "\(path) is not a law file; make one with vernier fit RUNS.csv --output LAW.json"
    case .otherVersion(let path, let version):
      "\(path) has law format version \(version), this program reads version "
        + "\(LearningRateLaw.formatVersion); fit the runs again"
    case .damaged(let path, let reason):
      "\(path) is damaged: \(reason); fit the runs again"
    }
  }
}
