import ArgumentParser
import ScalingLaws

/// What runs are trained on.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kind of device, for hours: \(Accelerator.known.map(\.name).joined(separator: ", ")), or "
        + "a peak in operations a second, such as 400T.", valueName: "name"))
  var accelerator: String?

  @Option(help: ArgumentHelp("The share of its peak that training reaches.", valueName: "0..1"))
  var utilisation = 0.4

  @Option(help: ArgumentHelp("How many devices there are.", valueName: "n"))
  var devices = 1

  @Option(help: ArgumentHelp("How many devices train one run.", valueName: "n"))
  var devicesPerRun = 1

  func validate() throws {
    _ = try device()
    guard utilisation > 0, utilisation <= 1 else {
      throw ValidationError("--utilisation is \(utilisation); give a share above 0 and up to 1.")
    }
    guard devices > 0, (1...max(devices, 1)).contains(devicesPerRun) else {
      throw ValidationError(
        "--devices is \(devices) and --devices-per-run \(devicesPerRun); give whole numbers above 0, the "
          + "second no larger than the first.")
    }
  }

  func device() throws -> Accelerator? {
    guard let accelerator else { return nil }
    if let known = Accelerator.known.first(where: {
      $0.name.lowercased() == accelerator.lowercased()
    }) {
      return known
    }
    guard let peak = QuantityArgument(argument: accelerator)?.value, peak >= Self.leastPeak else {
      throw ValidationError(
        "--accelerator is '\(accelerator)'; give one of "
          + "\(Accelerator.known.map(\.name).joined(separator: ", ")), or its peak in operations a "
          + "second, such as 400T.")
    }
    return Accelerator(name: accelerator, peakOperationsPerSecond: peak)
  }

  /// Less is no device's peak but a number in another unit.
  private static let leastPeak = 1e9
}
