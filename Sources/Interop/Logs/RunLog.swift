import Runs

/// What the logs of one run say, in the words of the tool that wrote them.
package struct RunLog: Sendable {
  /// More settings than this are no configuration.
  private static let mostSettings = 20_000
  /// More names of metrics than this are no names.
  private static let mostMetrics = 20_000
  private static let mostTextBytes = 1 << 16

  /// What people call the run: its name in the tool, or that of its file or folder.
  package var name: String
  /// The tool's own id, equal wherever the logs are moved; `nil` where the place is the identity.
  package var identity: String?
  /// How the run ended, as far as the log tells.
  package var end = LoggedEnd.unknown
  /// By key, nested ones joined with `.`; elements of lists by their place.
  package private(set) var settings: [String: LoggedSetting] = [:]
  package private(set) var metrics: [MetricSeries] = []
  /// What the log says that is no setting and no number, such as damage that was passed over.
  package var remarks: [String] = []

  private var places: [String: Int?] = [:]
  private let keeps: @Sendable (String) -> Bool

  package init(name: String, keeping keeps: @escaping @Sendable (String) -> Bool) {
    self.name = name
    self.keeps = keeps
  }

  /// Sets `key`; a later value replaces an earlier one.
  ///
  /// - Parameters:
  ///   - key: The tool's own name.
  ///   - value: What it is set to.
  ///   - place: Where that stands, for messages: a file, with a line where there is one.
  package mutating func set(_ key: String, _ value: LoggedValue, at place: String) {
    guard settings.count < Self.mostSettings || settings[key] != nil else { return }
    if case .text(let text) = value, text.utf8.count > Self.mostTextBytes { return }
    settings[key] = LoggedSetting(value: value, place: place)
  }

  package mutating func removeSetting(_ key: String) {
    settings[key] = nil
  }

  /// Where the numbers of `name` are kept; `nil` when nobody asks for them.
  package mutating func metric(_ name: String) -> Int? {
    if let known = places[name] { return known }
    guard metrics.count < Self.mostMetrics, places.count < 10 * Self.mostMetrics else {
      return nil
    }
    guard keeps(name) else {
      places[name] = .some(nil)
      return nil
    }
    metrics.append(MetricSeries(name: name))
    places[name] = metrics.count - 1
    return metrics.count - 1
  }

  /// Adds a point to a metric that `metric` has found.
  package mutating func append(_ value: Double, at step: Int, to metric: Int) {
    metrics[metric].append(value, at: step)
  }

  /// Adds a point to the metric `name`, if anybody asks for it.
  package mutating func append(_ value: Double, at step: Int, to name: String) {
    if let place = metric(name) { append(value, at: step, to: place) }
  }

  /// The series of a name, if it was logged and kept.
  package func series(_ name: String) -> MetricSeries? {
    places[name].flatMap(\.self).map { metrics[$0] }
  }
}

/// How a run ended, as its log tells.
package enum LoggedEnd: Hashable, Sendable {
  case unknown
  case running
  case finished
  /// With the exit code or the tool's word for it.
  case failed(String)
}

/// One setting of a run, and where it stands.
package struct LoggedSetting: Hashable, Sendable {
  package var value: LoggedValue
  package var place: String
}

/// The value of a setting.
package enum LoggedValue: Hashable, Sendable {
  case number(Double)
  case text(String)
  case flag(Bool)
  case null

  /// The value as one word of text, numbers so that they read back the same.
  package var text: String {
    switch self {
    case .number(let number): number.plain
    case .text(let text): text
    case .flag(let flag): "\(flag)"
    case .null: ""
    }
  }
}
