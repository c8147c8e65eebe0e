package import Foundation

/// The files of one run.
package struct RunFolder: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package var manifestURL: URL { url.appending(path: "run.json") }
  package var stateURL: URL { url.appending(path: "status.json") }
  package var checkpointsURL: URL { url.appending(path: "checkpoints") }
  package var log: EventLog { EventLog(url.appending(path: "events.jsonl")) }

  /// Whether a run was ever begun here.
  package var hasRun: Bool { FileManager.default.fileExists(atPath: manifestURL.path) }

  /// Whether there is something of a run besides what says which run it is.
  package var hasParts: Bool {
    [stateURL, log.url, checkpointsURL].contains {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  package func manifest() throws(RunFolderError) -> RunManifest {
    struct Versioned: Decodable {
      var version: Int
    }
    let found: Versioned = try read(manifestURL)
    guard found.version == RunManifest.version else {
      throw .otherVersion(manifestURL.path, found: found.version, known: RunManifest.version)
    }
    return try read(manifestURL)
  }

  package func write(_ manifest: RunManifest) throws(RunFolderError) {
    try write(manifest, to: manifestURL)
  }

  /// How the run stands; `nil` before it is begun.
  package func state() throws(RunFolderError) -> RunState? {
    guard FileManager.default.fileExists(atPath: stateURL.path) else { return nil }
    return try read(stateURL)
  }

  package func write(_ state: RunState) throws(RunFolderError) {
    try write(state, to: stateURL)
  }

  private func read<Content: Decodable>(_ url: URL) throws(RunFolderError) -> Content {
    do {
      let decoder = JSONDecoder()
      decoder.dateDecodingStrategy = .iso8601
      return try decoder.decode(Content.self, from: Data(contentsOf: url))
    } catch let error as DecodingError {
      throw .unreadable(url.path, reason: "\(error)")
    } catch {
      throw .unreadable(url.path, reason: error.localizedDescription)
    }
  }

  private func write(_ content: some Encodable, to url: URL) throws(RunFolderError) {
    let data: Data
    do {
      let encoder = JSONEncoder()
      encoder.dateEncodingStrategy = .iso8601
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      data = try encoder.encode(content)
    } catch {
      throw .notWritten(url.path, reason: "\(error)")
    }
    try url.replace(with: data)
  }
}
