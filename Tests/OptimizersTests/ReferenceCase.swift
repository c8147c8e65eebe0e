import Foundation
import Optimizers
import Parametrizations
import Tensors

/// What reference implementations of optimizers did to one small problem, as
/// `Python/reference-optimizers.py` prints it.
struct ReferenceDocument: Decodable {
  struct Problem: Decodable {
    struct Tensor: Decodable {
      var shape: [Int]
      var initial: [Double]
      var gradients: [[Double]]
    }
    var tensors: [String: Tensor]
    var losses: [Double]
  }
  var problem: Problem
  var cases: [ReferenceCase]

  /// - Parameter python: Runs the references themselves; else what they found when they were run last.
  /// - Throws: When that cannot be read.
  init(python: String?) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let data: Data
    if let python {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: python)
      process.arguments = [folder.appending(path: "Python/reference-optimizers.py").path]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
    } else {
      data = try Data(contentsOf: folder.appending(path: "Golden/optimizers.json"))
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(ReferenceDocument.self, from: data)
  }
}

/// One optimizer with one set of settings.
struct ReferenceCase: Decodable, CustomStringConvertible {
  var optimizer: String
  var name: String
  var tensors: [String]
  var learningRates: [Double]
  var settings: [String: Setting]
  var steps: [Int]
  /// After each of `steps`, by tensor.
  var weights: [String: [[Double]]]
  /// The largest difference of the reference to itself in double precision.
  var rounding: Double
  var observed: [[String: Setting]]

  var description: String { "\(optimizer), \(name)" }

  /// Any JSON that settings hold.
  enum Setting: Decodable, Sendable {
    case number(Double)
    case flag(Bool)
    case text(String)
    case list([Setting])
    case members([String: Setting])
    case null

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let list = try? container.decode([Setting].self) {
        self = .list(list)
      } else {
        self = .members(try container.decode([String: Setting].self))
      }
    }

    /// Every number in it, in order.
    var numbers: [Double] {
      switch self {
      case .number(let number): [number]
      case .list(let list): list.flatMap(\.numbers)
      default: []
      }
    }
  }

  func number(_ key: String) -> Double {
    if case .number(let number)? = settings[key] { number } else { .nan }
  }

  /// `nil` where the setting is null or missing.
  func optional(_ key: String) -> Double? {
    if case .number(let number)? = settings[key] { number } else { nil }
  }

  func flag(_ key: String) -> Bool {
    if case .flag(let flag)? = settings[key] { flag } else { false }
  }

  func text(_ key: String) -> String {
    if case .text(let text)? = settings[key] { text } else { "" }
  }

  func members(_ key: String) -> [String: Setting] {
    if case .members(let members)? = settings[key] { members } else { [:] }
  }

  var isCoupled: Bool { text("decay") == "coupled" }

  /// λ per unit of learning rate.
  var weightDecay: Double {
    let decay = optional("weight_decay") ?? 0
    return text("decay") == "independent" ? decay / number("learning_rate") : decay
  }
}
