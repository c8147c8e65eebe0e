import Runs

/// A colour by what it means; the page's script turns it into the reader's light or dark theme.
///
/// It is encoded as `@name`, `@name/opacity`, `@scale:position` or `@scale:position/opacity`, where
/// the names are custom properties of the style sheet.
package struct PlotColor: Encodable, Hashable, Sendable {
  private var name: String
  private var opacity: Double?

  private init(_ name: String) { self.name = name }

  /// Text and axes.
  package static let ink = PlotColor("ink")
  package static let muted = PlotColor("muted")
  /// What is behind the plot; marks that overlap are set apart with it.
  package static let paper = PlotColor("paper")
  /// Measurements that no further quantity tells apart.
  package static let data = PlotColor("data")
  /// The law's answer: optimum, target, interval.
  package static let answer = PlotColor("answer")

  /// A place on the ordered scale, from 0 to 1.
  package static func scale(_ position: Double) -> PlotColor {
    PlotColor("scale:\(min(max(position, 0), 1).rounded(significant: 3))")
  }

  package func opacity(_ value: Double) -> PlotColor {
    var copy = self
    copy.opacity = value
    return copy
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(opacity.map { "@\(name)/\($0)" } ?? "@\(name)")
  }

  /// The colour for a style sheet, where the scale is a mixture of its two nearest stops.
  var css: String {
    guard name.hasPrefix("scale:"), let position = Double(name.dropFirst(6)) else {
      return "var(--\(name))"
    }
    let place = position * Double(Self.scaleStops - 1)
    let stop = min(Int(place), Self.scaleStops - 2)
    let share = Int((100 * (1 - place + Double(stop))).rounded())
    return "color-mix(in srgb, var(--scale-\(stop)) \(share)%, var(--scale-\(stop + 1)))"
  }

  /// The number of stops that the style sheet gives for the ordered scale.
  static let scaleStops = 5
}
