import Runs
import Studies

extension RunDiagnosisReport {
  /// The root mean square of the weights beside the theory curve; `nil` without telemetry.
  var normFigure: Figure? {
    guard !shownRoles.isEmpty else { return nil }
    return Figure(
      id: "norm", title: "Weight norms against theory", caption: normCaption, legend: normLegend,
      arrangement: shownRoles.count > 2 ? .panels : shownRoles.count == 2 ? .pair : .single,
      plots: shownRoles.map { normPlot($0.role) }, table: normTable)
  }

  private func normPlot(_ role: RoleDynamics) -> Figure.Plot {
    let x = role.points.map { Double($0.tokens) }
    let measured = role.points.map(\.weightRMS)
    let theory = role.points.map(\.theory)
    let printed = role.points.compactMap(\.printedTheory)
    var traces: [ScatterTrace] = []
    let levels = role.points.compactMap(\.equilibrium)
    if levels.count == x.count {
      traces.append(
        .curve(x: x, y: levels, line: .init(color: .muted, width: 1.25, dash: .dot)))
    }
    if printed.count == x.count {
      traces.append(
        .curve(x: x, y: printed, line: .init(color: .answer, width: 1.25, dash: .dash)))
    }
    traces.append(.curve(x: x, y: theory, line: .init(color: .answer, width: 2)))
    traces.append(
      .points(
        x: x, y: measured,
        words: role.points.map {
          "step \(Wording.count($0.step))<br>measured \(Wording.decimal($0.weightRMS, digits: 4))<br>theory "
            + Wording.decimal($0.theory, digits: 4)
        }, marker: ScatterTrace.Marker(size: 6, color: .all(.data))))
    let shown = measured + theory + printed + levels
    let (low, high) = (shown.min() ?? 0, shown.max() ?? 1)
    let room = max(0.08 * (high - low), 0.01 * high)
    var layout = PlotLayout(
      xAxis: .tokens(upTo: tokensDone, mostTicks: 5),
      yAxis: .linear(low - room...high + room, title: "Weight RMS", mostTicks: 6) {
        Wording.decimal($0, digits: 3)
      })
    layout.margin.l = 64
    let off = role.deviation.map { "at most \(Wording.decimal(100 * abs($0))) % from theory" }
    return Figure.Plot(
      id: "norm-\(role.role)", heading: role.role,
      note: [Wording.count(role.matrices.count, "matrix", "matrices"), off].compactMap(\.self)
        .joined(separator: ", "),
      alt:
        "Root mean square of the \(role.role) weights from \(Wording.decimal(measured.first ?? 0)) to "
        + "\(Wording.decimal(measured.last ?? 0))\(off.map { ", \($0)" } ?? "").",
      description: PlotDescription(data: traces, layout: layout))
  }

  private var normCaption: String {
    let growths = Set(shownRoles.flatMap { $0.role.matrices.map(\.growth) })
    let u =
      growths == [.accumulated]
      ? "u of a step is measured, and what steps add up to follows from the momentum as if gradients knew "
        + "nothing of each other"
      : "u is measured, and what steps add up to follows from the momentum where that is a known filter, "
        + "and else from the measured angle between update and weights"
    let printed =
      shownRoles.contains { $0.role.points.first?.printedTheory != nil }
      ? " The dashed line has u = 1, as the law is printed." : ""
    return
      "Dots are the measured root mean square of each role’s weights. The line is dρ/dt = −2ληρ + η²u², "
      + "stepped along the run from the first dot; \(u).\(printed) The dotted line is √(η/2λ)·u, which the "
      + "rate of each step would lead to if it lasted."
  }

  private var normLegend: [LegendEntry] {
    [
      LegendEntry(mark: .dot, color: .data, label: "measured"),
      LegendEntry(mark: .line, color: .answer, label: "theory, measured u"),
    ]
      + (shownRoles.contains { $0.role.points.first?.printedTheory != nil }
        ? [LegendEntry(mark: .dashed, color: .answer, label: "theory, u = 1")] : [])
      + (shownRoles.contains { $0.role.points.first?.equilibrium != nil }
        ? [LegendEntry(mark: .dotted, color: .muted, label: "equilibrium at this rate")] : [])
  }

  private var normTable: DataTable {
    DataTable(
      caption: "Root mean square of the weights by role",
      columns: [
        .init("role", "Role"), .init("step", "Step"), .init("tokens", "Tokens"),
        .init("weight_rms", "Measured"), .init("theory_rms", "Theory"),
        .init("printed_theory_rms", "Theory, u = 1"), .init("equilibrium_rms", "Equilibrium"),
        .init("direction_rms", "u of a step"),
      ],
      rows: shownRoles.flatMap { role, _ in
        role.points.map {
          [
            .text(role.role), .count($0.step), .quantity(Double($0.tokens)),
            .decimal($0.weightRMS, digits: 4), .decimal($0.theory, digits: 4),
            .decimal($0.printedTheory, digits: 4), .decimal($0.equilibrium, digits: 4),
            .decimal($0.directionRMS),
          ]
        }
      })
  }
}
