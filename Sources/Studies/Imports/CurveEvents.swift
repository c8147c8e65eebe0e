import Interop

/// A curve as lines of events, as training writes them.
///
/// Logs have millions of points: the lines are bytes, which are handed on in pieces.
struct CurveEvents: TextOutputStream {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ point: ImportedRun.CurvePoint) {
    if point.loss != nil || point.validationLoss == nil {
      write("{\"kind\":\"train\",")
      append("\"learning_rate\":", point.learningRate)
      append("\"loss\":", point.loss)
      appendPlace(of: point)
    }
    if let loss = point.validationLoss {
      write("{\"kind\":\"validation\",")
      append("\"loss\":", loss)
      appendPlace(of: point)
    }
  }

  private mutating func appendPlace(of point: ImportedRun.CurvePoint) {
    write("\"step\":")
    write(String(point.step))
    write(",\"tokens\":")
    write(String(Int(exactly: (point.tokens ?? 0).rounded()) ?? 0))
    write("}\n")
  }

  /// A number that is none is left out, as events do.
  private mutating func append(_ key: String, _ value: Double?) {
    guard let value, value.isFinite else { return }
    write(key)
    value.write(to: &self)
    write(",")
  }
}
