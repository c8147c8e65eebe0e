import Foundation
import Reports
import Testing

/// A plot as Plotly gets it.
struct DrawnPlot {
  let data: [[String: Any]]
  let layout: [String: Any]

  init(_ plot: Figure.Plot) throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(plot.description.json().utf8)) as? [String: Any])
    data = try #require(object["data"] as? [[String: Any]])
    layout = try #require(object["layout"] as? [String: Any])
  }

  func range(_ axis: String) throws -> [Double] {
    let axis = try #require(layout[axis] as? [String: Any])
    return try #require(axis["range"] as? [Double])
  }

  var shapes: [[String: Any]] { layout["shapes"] as? [[String: Any]] ?? [] }

  /// The traces of marks with `symbol`, as Plotly calls it.
  func marks(_ symbol: String) -> [[String: Any]] {
    data.filter { ($0["marker"] as? [String: Any])?["symbol"] as? String == symbol }
  }

  /// The places of all points in `traces`; gaps are left out.
  static func points(_ traces: [[String: Any]]) -> [Point] {
    traces.flatMap { trace -> [Point] in
      let x = (trace["x"] as? [Any] ?? []).map { $0 as? Double }
      let y = (trace["y"] as? [Any] ?? []).map { $0 as? Double }
      return zip(x, y).compactMap { x, y in
        if let x, let y { Point(x: x, y: y) } else { nil }
      }
    }
  }

  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  /// Whether a point is at `x` and `y`, to the six digits that a figure keeps.
  static func has(_ points: [Point], x: Double, y: Double) -> Bool {
    points.contains { abs($0.x / x - 1) < 1e-5 && abs($0.y / y - 1) < 1e-5 }
  }
}

extension DataTable {
  /// The cells of a column, exact.
  func column(_ name: String) throws -> [String] {
    let place = try #require(columns.firstIndex { $0.name == name })
    return rows.map { $0[place].exact }
  }
}
