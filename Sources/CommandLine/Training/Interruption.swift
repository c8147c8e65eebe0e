import Dispatch
import Foundation
import Synchronization

/// Turns the wish to stop, Ctrl-C or a signal to end, into a question that long work asks.
///
/// A second Ctrl-C ends the program at once.
final class Interruption: Sendable {
  private let isAsked = Atomic(false)
  /// Written by `init` alone.
  nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []

  var wasAsked: Bool { isAsked.load(ordering: .relaxed) }

  init() {
    for number in [SIGINT, SIGTERM] {
      // The default would end the program before anything is saved.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        isAsked.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
      source.resume()
      sources.append(source)
    }
  }
}
