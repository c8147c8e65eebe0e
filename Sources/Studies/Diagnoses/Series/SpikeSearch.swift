import RealModule
import ScalingLaws

/// Values that stand out above those just before them, put together into episodes.
///
/// A value begins a spike when it is above the median of a window of values before it by more than
/// `deviations` of their robust standard deviation (1.4826 times the median distance from the median), and
/// by `leastRise`. Level and spread are kept as they were until the values are back, so that a spike does not
/// become its own measure.
package struct SpikeSearch: Hashable, Sendable {
  /// What a value is compared with.
  package static let window = 32
  /// A deviation that is measured on so few values may be a third too small; eight still are five.
  package static let deviations = 8.0
  /// Below this many deviations, for a few values in a row, a spike is over.
  private static let backDeviations = 2.0
  private static let backCount = 3

  package struct Episode: Hashable, Codable, Sendable {
    /// The first step above.
    package var step: Int
    /// The highest step and how far it is above the level before the spike.
    package var peakStep: Int
    package var height: Double
    /// The step that was back; `nil` when none was.
    package var backStep: Int?
    /// The level before.
    package var level: Double
  }

  package let episodes: [Episode]

  /// - Parameters:
  ///   - points: Values by their step; those that are no numbers are passed over.
  ///   - leastRise: What a spike rises at the least, in the unit of the values.
  package init(_ points: [(step: Int, value: Double)], leastRise: Double) {
    var past: [Double] = []
    var episodes: [Episode] = []
    var open: (episode: Episode, spread: Double, returned: Int)?
    for (step, value) in points where value.isFinite {
      if let spike = open {
        var (episode, returned) = (spike.episode, spike.returned)
        let spread = spike.spread
        let rise = value - episode.level
        if rise > episode.height { (episode.height, episode.peakStep) = (rise, step) }
        returned = rise <= max(Self.backDeviations * spread, leastRise / 2) ? returned + 1 : 0
        if returned == Self.backCount {
          episode.backStep = step
          episodes.append(episode)
          open = nil
        } else {
          open = (episode, spread, returned)
        }
        continue
      }
      if past.count == Self.window, let level = past.median,
        let distance = past.map({ abs($0 - level) }).median
      {
        let spread = 1.4826 * distance
        let rise = value - level
        if rise > leastRise, rise > Self.deviations * spread {
          open = (
            Episode(step: step, peakStep: step, height: rise, backStep: nil, level: level), spread,
            0
          )
          continue
        }
        past.removeFirst()
      }
      past.append(value)
    }
    if let open { episodes.append(open.episode) }
    self.episodes = episodes
  }

  package var highest: Episode? { episodes.max { $0.height < $1.height } }
}
