package import Foundation

/// The events of a run in a file, one a line, oldest first.
///
/// A line is whole or it is the last: a process that was killed while writing leaves at most a torn
/// end, which reading passes over and reopening removes.
package struct EventLog: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  /// Every event of the file; none when there is no file.
  ///
  /// - Throws: When it cannot be read, or a line other than a torn last one is no event.
  package func events() throws(RunFolderError) -> [TrainingEvent] {
    try lines().compactMap(\.event)
  }

  /// The looks at the weights, which are few among the events.
  package func telemetry() throws(RunFolderError) -> [(event: TrainingEvent, telemetry: Telemetry)]
  {
    let name = Data("\"telemetry\"".utf8)
    return try lines { $0.range(of: name) != nil }.compactMap { line in
      guard let event = line.event, case .telemetry(let telemetry) = event.content else {
        return nil
      }
      return (event, telemetry)
    }
  }

  /// Drops the events that do not satisfy `isKept`, and a torn end, and opens the log to go on.
  ///
  /// The file is replaced as a whole, so that nothing is lost when this is interrupted.
  package func reopen(
    keeping isKept: (TrainingEvent) -> Bool = { _ in true }
  ) throws(RunFolderError) -> Writer {
    var kept = Data()
    for line in try lines() where line.event.map(isKept) ?? true {
      kept += line.text
      kept.append(Self.newline)
    }
    try url.replace(with: kept)
    return try Writer(url)
  }

  private static let newline = UInt8(ascii: "\n")

  /// The lines of the file that may matter, with the event of each, `nil` for one of an unknown kind.
  private func lines(
    where mayMatter: (Data) -> Bool = { _ in true }
  ) throws(RunFolderError) -> [(text: Data, event: TrainingEvent?)] {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch CocoaError.fileReadNoSuchFile {
      return []
    } catch {
      throw .unreadable(url.path, reason: error.localizedDescription)
    }
    // What follows the last newline is torn, or nothing.
    var lines: [(Data, TrainingEvent?)] = []
    let texts = data.split(separator: Self.newline, omittingEmptySubsequences: false).dropLast()
    for (place, text) in texts.enumerated() where mayMatter(text) {
      do {
        lines.append((Data(text), try TrainingEvent.parse(Data(text))))
      } catch {
        throw .damaged(url.path, line: place + 1)
      }
    }
    return lines
  }

  /// Adds events to the end of a log, each at once and as a whole.
  package final class Writer {
    private let url: URL
    private let handle: FileHandle

    fileprivate init(_ url: URL) throws(RunFolderError) {
      self.url = url
      do {
        handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
      } catch {
        throw .notWritten(url.path, reason: error.localizedDescription)
      }
    }

    package func append(_ event: TrainingEvent) throws(RunFolderError) {
      do {
        try handle.write(contentsOf: try event.line() + [newline])
      } catch {
        throw .notWritten(url.path, reason: error.localizedDescription)
      }
    }

    /// Returns once everything is on the disk.
    package func synchronize() throws(RunFolderError) {
      do {
        try handle.synchronize()
      } catch {
        throw .notWritten(url.path, reason: error.localizedDescription)
      }
    }

    deinit { try? handle.close() }
  }
}
