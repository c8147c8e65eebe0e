import Runs
import ScalingLaws

extension PublishedAnchor {
  /// The anchor in `LR@N,D` or `LR@N,D,B`.
  init(parsing text: String) throws(AnchorError) {
    let sides = text.split(separator: "@", omittingEmptySubsequences: false)
    guard sides.count == 2 else { throw .form(text) }
    let scale = sides[1].split(separator: ",", omittingEmptySubsequences: false)
    guard (2...3).contains(scale.count) else { throw .form(text) }
    guard let rate = Quantity.parse(sides[0]) else {
      throw .number(text, what: "learning rate", value: String(sides[0]))
    }
    guard Self.rates.contains(rate) else { throw .rate(text, rate) }
    var counts: [Double] = []
    for (name, field) in zip(["params", "tokens", "batch"], scale) {
      guard let count = Quantity.parse(field) else {
        throw .number(text, what: "number of \(name)", value: String(field))
      }
      let least = name == "batch" ? 1 : RunRecord.smallestCount
      guard (least...Self.greatestCount).contains(count) else {
        throw .count(text, what: name, value: String(field))
      }
      counts.append(count)
    }
    if counts.count > 2, counts[2] > counts[1] {
      throw .count(text, what: "batch above tokens", value: String(scale[2]))
    }
    self.init(
      learningRate: rate, params: counts[0], tokens: counts[1],
      batchTokens: counts.count > 2 ? counts[2] : nil)
  }

  /// Others are no rates of any optimizer that is known here.
  private static let rates = 1e-9...10.0
  /// No run has more of anything.
  private static let greatestCount = 1e21
}

/// Why a text is no anchor.
enum AnchorError: Error, Hashable, CustomStringConvertible {
  case form(String)
  case number(String, what: String, value: String)
  case rate(String, Double)
  case count(String, what: String, value: String)

  var description: String {
    switch self {
    case .form(let text):
      "--anchor is '\(text)'; write it as LR@N,D, such as 3e-4@1B,20B, or with its batch as "
        + "3e-4@1B,20B,512k."
    case .number(let text, let what, let value):
      "--anchor is '\(text)': the \(what) '\(value)' is no number; write it as LR@N,D, such as "
        + "3e-4@1B,20B."
    case .rate(let text, let rate):
      "--anchor is '\(text)': the learning rate is \(rate.plain); give one from 1e-9 to 10, such as 3e-4."
    case .count(let text, let what, let value):
      "--anchor is '\(text)': \(value) \(what) is too few or too many; write all of it, such as 7e9 or 7B."
    }
  }
}
