import Runs
import Studies

/// A plot with a curve for each role.
struct RoleCurves {
  var id: String
  var heading: String
  var note: String
  var title: String
  var isLogarithmic = true
  var label: (Double) -> String = { Wording.tick($0) }
  var value: (RoleDynamics.Point) -> Double?

  /// `nil` where no role has two values to draw.
  func plot(
    _ roles: [(role: RoleDynamics, color: PlotColor)], tokens: Double
  ) -> Figure.Plot? {
    let curves = roles.compactMap { role, color -> (ScatterTrace, [Double])? in
      let shown = role.points.compactMap { point in
        value(point).flatMap { isLogarithmic && $0 <= 0 ? nil : (point, $0) }
      }
      guard shown.count > 1 else { return nil }
      let trace = ScatterTrace.curve(
        x: shown.map { Double($0.0.tokens) }, y: shown.map(\.1),
        words: shown.map {
          "\(role.role), step \(Wording.count($0.0.step))<br>\(Wording.decimal($0.1, digits: 3))"
        }, line: .init(color: color, width: 1.75))
      return (trace, shown.map(\.1))
    }
    let values = curves.flatMap(\.1)
    guard let low = values.min(), let high = values.max() else { return nil }
    let room = max(0.06 * (high - low), 1e-6)
    var layout = PlotLayout(
      xAxis: .tokens(upTo: tokens, mostTicks: 5),
      yAxis: isLogarithmic
        ? .logarithmic(
          .logarithmic(around: values, margin: 0.05), title: title, mostTicks: 6, label: label)
        : .linear(low - room...high + room, title: title, mostTicks: 6, label: label))
    layout.margin.l = 64
    return Figure.Plot(
      id: id, heading: heading, note: note,
      alt: "\(heading): from \(Wording.decimal(low)) to \(Wording.decimal(high)) over all roles.",
      description: PlotDescription(data: curves.map(\.0), layout: layout))
  }
}

extension RunDiagnosisReport {
  var roleLegend: [LegendEntry] {
    shownRoles.map { LegendEntry(mark: .line, color: $0.color, label: $0.role.role) }
  }

  /// Both definitions of the effective learning rate along the run.
  var effectiveRateFigure: Figure? {
    let plots = [
      RoleCurves(
        id: "effective-displacement", heading: "Displacement", note: "‖ŵ′ − ŵ‖, arXiv 2606.29158",
        title: "Effective learning rate"
      ) { $0.displacement },
      RoleCurves(
        id: "effective-norm", heading: "Rate over norm", note: "η / ‖w‖, arXiv 2608.24814",
        title: "Effective learning rate"
      ) { $0.rateOverNorm },
    ].compactMap { $0.plot(shownRoles, tokens: tokensDone) }
    guard !plots.isEmpty else { return nil }
    return Figure(
      id: "effective-rate", title: "Effective learning rates",
      caption:
        "What a step does to the direction of the weights, the mean over the matrices of each role. The "
        + "two differ by the length of the update, which is much alike in time and not across shapes, so "
        + "only their course can be compared.",
      legend: roleLegend, arrangement: .pair, plots: plots,
      table: roleTable(
        "Effective learning rates by role",
        [
          ("displacement", "Displacement", { $0.displacement }),
          ("rate_over_norm", "Rate over norm", { $0.rateOverNorm }),
          ("learning_rate", "Learning rate", { $0.learningRate }),
        ]))
  }

  /// How updates lie to the weights.
  var movementFigure: Figure? {
    let plots = [
      RoleCurves(
        id: "movement-ratio", heading: "Update over weight", note: "root mean squares",
        title: "Ratio"
      ) { $0.updateShare },
      RoleCurves(
        id: "movement-angle", heading: "Angle", note: "cosine of −u and w: above 0 the norm grows",
        title: "Cosine", isLogarithmic: false, label: { Wording.decimal($0) }
      ) { $0.cosine },
      RoleCurves(
        id: "movement-top", heading: "Top singular value", note: "over the norm; 1 is rank one",
        title: "Share", isLogarithmic: false, label: { Wording.decimal($0) }
      ) { $0.topShare },
    ].compactMap { $0.plot(shownRoles, tokens: tokensDone) }
    guard !plots.isEmpty else { return nil }
    return Figure(
      id: "movement", title: "Updates and weights",
      caption:
        "How far a step moves the weights, which way it points, and how much of the norm is in one "
        + "direction: means over the matrices of each role.",
      legend: roleLegend, arrangement: .panels, plots: plots,
      table: roleTable(
        "Updates and weights by role",
        [
          ("update_over_weight", "Update over weight", { $0.updateShare }),
          ("cosine", "Cosine of −u and w", { $0.cosine }),
          ("top_over_norm", "Top singular value over norm", { $0.topShare }),
        ]))
  }

  private func roleTable(
    _ caption: String, _ columns: [(String, String, (RoleDynamics.Point) -> Double?)]
  ) -> DataTable {
    DataTable(
      caption: caption,
      columns: [.init("role", "Role"), .init("step", "Step"), .init("tokens", "Tokens")]
        + columns.map { DataTable.Column($0.0, $0.1) },
      rows: shownRoles.flatMap { role, _ in
        role.points.map { point in
          [.text(role.role), .count(point.step), .quantity(Double(point.tokens))]
            + columns.map { .rate($0.2(point)) }
        }
      })
  }
}
