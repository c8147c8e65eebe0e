import RealModule
import Runs

/// Where a logarithmic axis has labelled ticks.
enum LogTicks {
  /// The densest round places within `range` that are at most `most`, two at least where possible.
  static func places(in range: ClosedRange<Double>, most: Int) -> [Double] {
    let decades =
      Int(
        Double.log10(range.lowerBound).rounded(.down))...Int(
        Double.log10(range.upperBound).rounded(.up))
    var best: [Double] = []
    for stride in [6, 4, 3, 2] {
      let places = decades.filter { $0.isMultiple(of: stride) }.map { Double.pow(10, Double($0)) }
        .filter(range.contains)
      if places.count <= most, places.count > best.count { best = places }
    }
    for mantissas in Self.mantissas {
      let places = decades.flatMap { decade in
        mantissas.map { ($0 * .pow(10, Double(decade))).rounded(significant: 2) }
      }.filter(range.contains)
      if places.count <= most, places.count > best.count { best = places }
    }
    return best
  }

  private static let mantissas: [[Double]] = [
    [1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
  ]
}
