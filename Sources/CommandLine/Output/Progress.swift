import Foundation

/// Shows how far something is, on a terminal only and only when it takes a while.
final class Progress {
  private let label: String
  private let started = Date()
  private var isShown = false
  private let isTerminal = isatty(STDERR_FILENO) == 1
  /// How far it was at the first showing, for work that was begun by another process.
  private var first: Double?
  private var lastShown = Date.distantPast

  init(_ label: String) { self.label = label }

  func show(_ fraction: Double, detail: @autoclosure () -> String = "") {
    let first = self.first ?? fraction
    self.first = first
    let now = Date()
    let seconds = now.timeIntervalSince(started)
    guard isTerminal, seconds > 1, fraction > first, now.timeIntervalSince(lastShown) > 0.1 else {
      return
    }
    lastShown = now
    isShown = true
    let left = seconds * (1 - fraction) / (fraction - first)
    write(
      "\r\u{1B}[K\(label): \(Int(100 * fraction)) %, \(Int(left.rounded(.up))) s left\(detail()) ")
  }

  func end() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) {
    printError(text)
  }
}
