extension Int {
  /// The number with its noun, such as `1 run` or `17 runs`.
  package func counted(_ noun: String) -> String {
    "\(self) \(noun)\(self == 1 ? "" : "s")"
  }
}
