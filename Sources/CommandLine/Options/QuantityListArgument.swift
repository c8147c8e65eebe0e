import ArgumentParser
import RealModule
import Runs

/// Numbers above zero, such as `50M,100M,200M`.
struct QuantityListArgument: ExpressibleByArgument {
  let values: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      QuantityArgument(argument: String($0))?.value
    }
    guard !parts.isEmpty, parts.count <= Self.most, parts.allSatisfy({ $0 != nil }) else {
      return nil
    }
    values = Set(parts.compactMap(\.self)).sorted()
  }

  init(_ values: [Double]) { self.values = values }

  /// More than any sweep needs.
  static let most = 1000
}

/// Learning rates in a list, such as `1e-3,2e-3`, or evenly spaced in logs, such as `5e-4:1.6e-2:6`.
struct LearningRatesArgument: ExpressibleByArgument {
  let values: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      guard let list = QuantityListArgument(argument: argument) else { return nil }
      self.init(list.values)
      return
    }
    guard let from = QuantityArgument(argument: String(parts[0]))?.value,
      let to = QuantityArgument(argument: String(parts[1]))?.value, to > from,
      let points = Int(parts[2]), (2...QuantityListArgument.most).contains(points)
    else { return nil }
    self.init(from: from, to: to, points: points)
  }

  init(_ values: [Double]) { self.values = values }

  init(from: Double, to: Double, points: Int) {
    self.init(
      (0..<points).map {
        from * .pow(to / from, Double($0) / Double(points - 1))
      })
  }
}
