extension Double {
  /// The number as other programs read it, so that it reads back the same: whole ones without a point.
  package var plain: String {
    if abs(self) < 0x1p53, let whole = Int(exactly: self) { return "\(whole)" }
    return "\(self)"
  }
}
