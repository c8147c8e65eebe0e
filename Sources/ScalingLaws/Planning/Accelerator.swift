/// A kind of device, with the arithmetic it could do at best.
package struct Accelerator: Hashable, Sendable {
  package let name: String
  /// Dense BF16 operations a second, as its maker states them.
  package let peakOperationsPerSecond: Double

  package init(name: String, peakOperationsPerSecond: Double) {
    self.name = name
    self.peakOperationsPerSecond = peakOperationsPerSecond
  }

  /// From the makers' data sheets, without sparsity.
  package static let known = [
    Accelerator(name: "A100", peakOperationsPerSecond: 312e12),
    Accelerator(name: "H100", peakOperationsPerSecond: 989e12),
    Accelerator(name: "H200", peakOperationsPerSecond: 989e12),
    Accelerator(name: "B200", peakOperationsPerSecond: 2250e12),
    Accelerator(name: "MI300X", peakOperationsPerSecond: 1307e12),
    Accelerator(name: "TPUv4", peakOperationsPerSecond: 275e12),
    Accelerator(name: "TPUv5e", peakOperationsPerSecond: 197e12),
    Accelerator(name: "TPUv5p", peakOperationsPerSecond: 459e12),
  ]

  /// The hours that one device takes.
  ///
  /// - Parameters:
  ///   - operations: What is to be done.
  ///   - utilisation: The share of the peak that training reaches.
  /// - Returns: Hours of device time.
  package func hours(for operations: Double, utilisation: Double) -> Double {
    operations / (peakOperationsPerSecond * utilisation) / 3600
  }
}

extension Accelerator {
  /// The hours that several devices take together for runs that each need some of them.
  ///
  /// The longest go first, each to the device that is free first; that is at most a third above the
  /// least possible (Graham 1969).
  ///
  /// - Parameters:
  ///   - runs: The operations of each chain of runs that must follow one another.
  ///   - devices: How many there are.
  ///   - devicesPerRun: How many train one run, as many times as fast as one.
  ///   - utilisation: The share of the peak that training reaches.
  /// - Returns: Hours by the clock.
  package func wallHours(
    for runs: [Double], devices: Int, devicesPerRun: Int = 1, utilisation: Double
  ) -> Double {
    // More devices than runs stay idle.
    let slots = min(max(devices / devicesPerRun, 1), max(runs.count, 1))
    var busy = [Double](repeating: 0, count: slots)
    for run in runs.sorted(by: >) {
      let free = busy.indices.min { busy[$0] < busy[$1] } ?? 0
      busy[free] += hours(for: run, utilisation: utilisation) / Double(devicesPerRun)
    }
    return busy.max() ?? 0
  }
}
