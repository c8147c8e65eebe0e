import ArgumentParser
import Runs
import ScalingLaws

/// A number above zero on the command line, such as 7e9, 7B or 200k.
struct QuantityArgument: ExpressibleByArgument {
  let value: Double

  /// No run has more of anything.
  private static let greatest = 1e21

  init?(argument: String) {
    guard let value = Quantity.parse(argument), value > 0, value <= Self.greatest else {
      return nil
    }
    self.value = value
  }
}

/// A number of floating-point operations on the command line, such as 1e20.
struct OperationsArgument: ExpressibleByArgument {
  let value: Double

  /// A million times what the largest runs have taken.
  private static let greatest = 1e33

  init?(argument: String) {
    guard let value = Quantity.parse(argument), value > 0, value <= Self.greatest else {
      return nil
    }
    self.value = value
  }
}

/// Experts and how many of them are active, such as 64/8.
struct ExpertsArgument: ExpressibleByArgument {
  let activeShare: Double

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let all = parts[0], let active = parts[1], active >= 1,
      active <= all
    else { return nil }
    activeShare = Double(active) / Double(all)
  }
}

extension ParameterCountKind: ExpressibleByArgument {}

extension PublishedOptimizer: ExpressibleByArgument {
  package init?(argument: String) {
    guard let optimizer = Self(rawValue: argument.lowercased()), optimizer != .notStated else {
      return nil
    }
    self = optimizer
  }

  package static var allValueStrings: [String] {
    allCases.filter { $0 != .notStated }.map(\.rawValue)
  }
}

extension RateKind: ExpressibleByArgument {}
