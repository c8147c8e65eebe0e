import Foundation

/// Shows how far something is, on a terminal only and only when it takes a while.
final class Progress {
  private let label: String
  private let started = Date()
  private var isShown = false
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(_ label: String) { self.label = label }

  func show(_ fraction: Double) {
    let seconds = Date().timeIntervalSince(started)
    guard isTerminal, seconds > 1, fraction > 0 else { return }
    isShown = true
    let left = seconds * (1 - fraction) / fraction
    write("\r\(label): \(Int(100 * fraction)) %, \(Int(left.rounded(.up))) s left ")
  }

  func end() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
