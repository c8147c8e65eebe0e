import Foundation
import RealModule
import Runs

/// The losses that a plot shows: most of them, at a scale at which the best ones can be told apart.
///
/// A learning rate far too high ends far above the others; with all in view, nothing else could be
/// read.
struct LossWindow: Sendable {
  /// The least and the greatest loss shown in its place; `nil` where there is none.
  let shown: ClosedRange<Double>?
  /// With room for the marks at both ends.
  let axis: ClosedRange<Double>

  /// The share of losses of one kind that is in view, unless they are far above the least.
  private static let share = 0.75

  /// How far above the least of its kind a loss is in view, as a factor.
  private static let mostRise = 1.15

  /// - Parameters:
  ///   - groups: Losses of a kind, such as those of one horizon; of each, most are in view.
  ///   - extent: What has to be in view, however high.
  init(groups: [[Double]], extent: [Double] = []) {
    let groups = groups.map { $0.filter(\.isFinite).sorted() }
    let extent = extent.filter(\.isFinite)
    let ends = groups.compactMap { sorted -> [Double]? in
      guard let least = sorted.first else { return nil }
      let place = Int((Self.share * Double(sorted.count - 1)).rounded(.up))
      return [least, min(sorted[place], Self.mostRise * least)]
    }.flatMap(\.self)
    guard let bottom = (ends + extent).min(), let usual = (ends + extent).max() else {
      shown = nil
      axis = 0...1
      return
    }
    // Losses that are all but equal still need a scale.
    let top = max(usual, bottom + 0.005 * abs(bottom))
    let room = 0.06 * (top - bottom)
    shown = bottom...top + room
    axis = bottom - room...top + 3 * room
  }

  /// Whether a loss is shown in its place.
  func shows(_ loss: Double) -> Bool { shown.map { loss <= $0.upperBound } ?? false }

  /// Where a loss that is above the window is marked.
  var aboveHeight: Double { height(0.25) }

  /// Where a run without a loss is marked.
  var divergedHeight: Double { height(0.65) }

  /// A part of the way from the greatest loss shown to the upper end of the axis.
  private func height(_ share: Double) -> Double {
    let top = shown?.upperBound ?? axis.lowerBound
    return top + share * (axis.upperBound - top)
  }

  /// The vertical axis of a plot of losses, whose labels have equally many decimals.
  func lossAxis(title: String, mostTicks: Int) -> PlotLayout.Axis {
    // Without a loss there is nothing to read off.
    let ticks = shown == nil ? [] : LinearTicks.places(in: axis, most: mostTicks)
    let decimals = ticks.map { tick in
      Wording.decimal(tick, digits: 5).split(separator: ".").dropFirst().first?.count ?? 0
    }.max()
    var result = PlotLayout.Axis.linear(axis, title: title, ticks: mostTicks)
    result.tickVals = ticks.map(PlotNumber.init)
    result.tickText = ticks.map { String(format: "%.\(decimals ?? 0)f", $0) }
    result.nTicks = nil
    return result
  }

  static let title = "Loss on held-out text"
}
