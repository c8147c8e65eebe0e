import RealModule

/// The axes, marked areas and margins of a Plotly figure.
///
/// Fonts, grid and background are the page's and are filled in by its script.
package struct PlotLayout: Encodable, Hashable, Sendable {
  package var xAxis: Axis
  package var yAxis: Axis
  package var shapes: [Shape] = []
  package var margin = Margin()

  package struct Margin: Encodable, Hashable, Sendable {
    package var l = 56.0
    package var r = 14.0
    package var t = 10.0
    package var b = 44.0
  }

  package struct Axis: Encodable, Hashable, Sendable {
    package enum Kind: String, Encodable, Sendable { case linear, log }

    package struct Title: Encodable, Hashable, Sendable {
      package var text: String
    }

    package var type: Kind
    package var range: [PlotNumber]
    package var title: Title?
    package var tickVals: [PlotNumber]?
    package var tickText: [String]?
    package var nTicks: Int?
    package var tickSuffix: String?
    package var showGrid: Bool?

    /// A logarithmic axis with labelled ticks.
    package static func logarithmic(
      _ range: ClosedRange<Double>, title: String?, mostTicks: Int, label: (Double) -> String
    ) -> Axis {
      let ticks = LogTicks.places(in: range, most: mostTicks)
      return Axis(
        type: .log, range: [range.lowerBound, range.upperBound].map { PlotNumber(.log10($0)) },
        title: title.map(Title.init), tickVals: ticks.map(PlotNumber.init),
        tickText: ticks.map(label))
    }

    package static func linear(
      _ range: ClosedRange<Double>, title: String?, ticks: Int, suffix: String? = nil
    ) -> Axis {
      Axis(
        type: .linear, range: [PlotNumber(range.lowerBound), PlotNumber(range.upperBound)],
        title: title.map(Title.init), nTicks: ticks, tickSuffix: suffix)
    }

    /// A linear axis whose ticks have labels of ours.
    package static func linear(
      _ range: ClosedRange<Double>, title: String?, mostTicks: Int, label: (Double) -> String
    ) -> Axis {
      let ticks = LinearTicks.places(in: range, most: mostTicks)
      return Axis(
        type: .linear, range: [PlotNumber(range.lowerBound), PlotNumber(range.upperBound)],
        title: title.map(Title.init), tickVals: ticks.map(PlotNumber.init),
        tickText: ticks.map(label))
    }
  }

  /// A rectangle or line behind the traces, over the whole of one axis.
  package struct Shape: Encodable, Hashable, Sendable {
    package enum Kind: String, Encodable, Sendable { case rectangle = "rect", line }

    package var type: Kind
    package var x0: PlotNumber
    package var x1: PlotNumber
    package var y0 = PlotNumber(0)
    package var y1 = PlotNumber(1)
    package var xref = "x"
    package var yref = "paper"
    package var layer = "below"
    package var fillColor: PlotColor?
    package var line: ScatterTrace.Line

    /// A strip from `lower` to `upper` on the horizontal axis.
    package static func strip(_ lower: Double, _ upper: Double, color: PlotColor) -> Shape {
      Shape(
        type: .rectangle, x0: PlotNumber(lower), x1: PlotNumber(upper), fillColor: color,
        line: ScatterTrace.Line(color: color, width: 0))
    }

    /// A vertical line at `place` on the horizontal axis.
    package static func vertical(_ place: Double, _ line: ScatterTrace.Line) -> Shape {
      Shape(type: .line, x0: PlotNumber(place), x1: PlotNumber(place), line: line)
    }

    /// A horizontal line at `place` on the vertical axis.
    package static func horizontal(_ place: Double, _ line: ScatterTrace.Line) -> Shape {
      Shape(
        type: .line, x0: PlotNumber(0), x1: PlotNumber(1), y0: PlotNumber(place),
        y1: PlotNumber(place), xref: "paper", yref: "y", line: line)
    }
  }
}
