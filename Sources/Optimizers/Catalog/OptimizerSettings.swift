import Foundation
import Runs

/// The settings of one rule, each checked, those that a run leaves out filled in.
package struct OptimizerSettings: Sendable {
  package let beta1: Double
  package let beta2: Double
  package let weightDecay: Double
  /// Whether λ times the weight is added to gradients.
  package let isCoupled: Bool
  private let rule: String
  private var values: [String: OptimizerDescription.Setting] = [:]

  /// - Throws: For a setting that the rule does not have, a value that it cannot have, or one missing.
  init(_ description: OptimizerDescription, of kind: OptimizerKind) throws(OptimizerError) {
    rule = kind.name
    (beta1, beta2) = (description.betas[0], description.betas[1])
    weightDecay = description.weightDecay
    isCoupled = description.decayConvention == .coupled
    try Self.checkCommon(description, of: kind)
    let known = kind.settings.map(\.name)
    for name in description.settings.keys.sorted() where !known.contains(name) {
      throw .unknownSetting(
        rule: rule, setting: name,
        known: kind.common.map(\.rawValue).sorted() + known, nearest: name.nearest(in: known))
    }
    for setting in kind.settings {
      values[setting.name] = try Self.value(of: setting, description.settings[setting.name], rule)
    }
  }

  /// Refuses settings that were changed though the rule does not have them.
  private static func checkCommon(
    _ description: OptimizerDescription, of kind: OptimizerKind
  ) throws(OptimizerError) {
    let standard = OptimizerDescription()
    let isChanged: [OptimizerKind.Common: Bool] = [
      .betas: description.betas != standard.betas,
      .epsilon: description.epsilon != standard.epsilon,
    ]
    for common in OptimizerKind.Common.allCases
    where isChanged[common] == true && !kind.common.contains(common) {
      throw .unknownSetting(
        rule: kind.name, setting: common.rawValue, known: kind.settings.map(\.name), nearest: nil)
    }
    if kind.needsPlainLoss, let clip = description.clip {
      throw .badSetting(
        rule: kind.name, setting: "clip", value: clip.plain,
        expected: "`none`: its steps need the loss whose gradients they are given")
    }
    guard description.weightDecay == 0 || kind.decays.contains(description.decayConvention) else {
      throw .badSetting(
        rule: kind.name, setting: "decay_convention", value: description.decayConvention.rawValue,
        expected: kind.decays.isEmpty
          ? "weight_decay: 0, since the rule has no decay"
          : kind.decays.map(\.rawValue).joined(separator: " or "))
    }
  }

  private static func value(
    of setting: OptimizerSetting, _ given: OptimizerDescription.Setting?, _ rule: String
  ) throws(OptimizerError) -> OptimizerDescription.Setting? {
    func wrong(_ expected: String) -> OptimizerError {
      .badSetting(
        rule: rule, setting: setting.name, value: given.map { "`\($0.text)`" } ?? "not given",
        expected: expected)
    }
    switch (setting.value, given) {
    case (.number(let bounds, let standard), let given):
      guard let given else { return standard.map { .number($0) } }
      guard case .number(let number) = given, bounds.contains(number) else {
        throw wrong(bounds.text)
      }
    case (.flag(let standard), let given):
      guard let given else { return .flag(standard) }
      guard case .flag = given else { throw wrong("true or false") }
    case (.choice(let words, let standard), let given):
      guard let given = given ?? standard.map({ .text($0) }) else {
        throw wrong("one of \(words.joined(separator: ", "))")
      }
      guard case .text(let word) = given, words.contains(word) else {
        throw wrong("one of \(words.joined(separator: ", "))")
      }
      return given
    }
    return given
  }

  /// - Precondition: The rule has such a number, with a standard.
  func number(_ name: String) -> Double {
    guard let number = optional(name) else { preconditionFailure("\(rule) has no number \(name)") }
    return number
  }

  /// `nil` where it was left out and has no standard.
  func optional(_ name: String) -> Double? {
    if case .number(let number)? = values[name] { number } else { nil }
  }

  func flag(_ name: String) -> Bool {
    if case .flag(let flag)? = values[name] { flag } else { false }
  }

  func text(_ name: String) -> String {
    if case .text(let text)? = values[name] { text } else { "" }
  }

  func error(_ name: String, _ value: String, expected: String) -> OptimizerError {
    .badSetting(rule: rule, setting: name, value: value, expected: expected)
  }

  var orthogonalMomentum: OrthogonalMomentum {
    OrthogonalMomentum(
      kept: number("momentum"), isNesterov: flag("nesterov"),
      newtonSchulz: NewtonSchulz(steps: Int(number("newton_schulz_steps"))))
  }
}
