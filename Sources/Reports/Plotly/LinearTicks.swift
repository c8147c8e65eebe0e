import RealModule
import Runs

/// Where a linear axis has labelled ticks.
enum LinearTicks {
  /// The densest multiples of 1, 2 or 5 times a power of ten within `range` that are at most `most`.
  static func places(in range: ClosedRange<Double>, most: Int) -> [Double] {
    let length = range.upperBound - range.lowerBound
    guard length > 0, length.isFinite, most > 0 else { return [range.lowerBound] }
    let decade = Double.pow(10, .log10(length / Double(most)).rounded(.down))
    for step in [1, 2, 5, 10, 20].map({ $0 * decade }) {
      let first = (range.lowerBound / step).rounded(.up)
      let last = (range.upperBound / step).rounded(.down)
      guard last - first < Double(most) else { continue }
      return (0..<max(Int(last - first) + 1, 0)).map {
        ((first + Double($0)) * step).rounded(significant: 12)
      }
    }
    return []
  }
}
