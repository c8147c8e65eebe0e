import ArgumentParser
import Runs

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

extension ParameterCountKind: ExpressibleByArgument {}
