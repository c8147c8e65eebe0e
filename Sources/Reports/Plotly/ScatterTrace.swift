import Runs

/// A scatter trace of a Plotly figure, drawn as SVG.
package struct ScatterTrace: Encodable, Hashable, Sendable {
  package enum Mode: String, Encodable, Sendable {
    case lines, markers
  }

  package enum Symbol: String, Encodable, Sendable {
    case circle
    case hollow = "circle-open"
    case diamond
    case cross = "x-thin-open"
    case triangle = "triangle-up-open"
    case tick = "line-ew-open"
  }

  package struct Marker: Encodable, Hashable, Sendable {
    package var symbol = Symbol.circle
    package var size: Double
    package var color: Coloring
    package var line = Line(color: .paper, width: 0.75)
    package var opacity: Double?
  }

  /// One colour for all points, or one for each: a list of one would colour the first point only.
  package enum Coloring: Encodable, Hashable, Sendable {
    case all(PlotColor)
    case each([PlotColor])

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .all(let color): try container.encode(color)
      case .each(let colors): try container.encode(colors)
      }
    }
  }

  package struct Line: Encodable, Hashable, Sendable {
    package enum Dash: String, Encodable, Sendable { case solid, dash, dot }

    package var color: PlotColor
    package var width: Double
    package var dash: Dash?
  }

  /// Bars from a point to the two ends of its interval, as distances.
  package struct ErrorBar: Encodable, Hashable, Sendable {
    package var type = "data"
    package var symmetric = false
    package var array: [PlotNumber]
    package var arrayMinus: [PlotNumber]
    package var color: PlotColor
    package var thickness = 1.25
    package var width = 0.0

    init(_ estimates: [Bar], color: PlotColor, thickness: Double = 1.25) {
      array = estimates.map { PlotNumber($0.upper - $0.value) }
      arrayMinus = estimates.map { PlotNumber($0.value - $0.lower) }
      self.color = color
      self.thickness = thickness
    }

    typealias Bar = (value: Double, lower: Double, upper: Double)
  }

  package enum Fill: String, Encodable, Sendable { case toSelf = "toself" }

  package var type = "scatter"
  package var mode: Mode
  package var x: [PlotNumber]
  package var y: [PlotNumber]
  package var marker: Marker?
  package var line: Line?
  package var errorX: ErrorBar?
  package var errorY: ErrorBar?
  package var fill: Fill?
  package var fillColor: PlotColor?
  /// What is shown on hovering over each point.
  package var text: [String]?
  package var hoverTemplate: String?
  package var hoverInfo: String?

  /// Points with the words shown on hovering over each.
  package static func points(
    x: [Double], y: [Double], words: [String], marker: Marker
  ) -> ScatterTrace {
    ScatterTrace(
      mode: .markers, x: x.map(PlotNumber.init), y: y.map(PlotNumber.init), marker: marker,
      text: words, hoverTemplate: "%{text}<extra></extra>")
  }

  package static func curve(x: [Double], y: [Double], line: Line) -> ScatterTrace {
    ScatterTrace(
      mode: .lines, x: x.map(PlotNumber.init), y: y.map(PlotNumber.init), line: line,
      hoverInfo: "skip")
  }

  /// A line through measurements, with the words shown on hovering over each.
  package static func curve(
    x: [Double], y: [Double], words: [String], line: Line
  ) -> ScatterTrace {
    ScatterTrace(
      mode: .lines, x: x.map(PlotNumber.init), y: y.map(PlotNumber.init), line: line, text: words,
      hoverTemplate: "%{text}<extra></extra>")
  }

  /// The area between two curves over the same places.
  package static func band(
    x: [Double], lower: [Double], upper: [Double], color: PlotColor
  ) -> ScatterTrace {
    ScatterTrace(
      mode: .lines, x: (x + x.reversed()).map(PlotNumber.init),
      y: (upper + lower.reversed()).map(PlotNumber.init), line: Line(color: color, width: 0),
      fill: .toSelf, fillColor: color, hoverInfo: "skip")
  }
}

/// A number in a figure; six digits are more than a screen shows, and keep pages small.
package struct PlotNumber: Encodable, Hashable, Sendable {
  private var value: Double

  package init(_ value: Double) { self.value = value.rounded(significant: 6) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
  }
}
