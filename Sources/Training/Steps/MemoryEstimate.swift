import Foundation
package import ProxyModels
package import Runs
package import Tensors

/// The memory that training a model takes, told before any is taken.
package struct MemoryEstimate: Hashable, Sendable {
  package let bytes: Double

  /// A lower bound that can be told of any model, however large.
  package init(atLeastFor model: ModelDescription) {
    let width = Double(model.width)
    let heads = Double(model.heads + model.kvHeads) * Double(model.headWidth)
    let block = 2 * width * heads + 3 * width * Double(model.ffnWidth)
    let embeddings = Double(model.vocabulary) * width * (model.tied ? 1 : 2)
    let scalars = Double(model.layers) * block + embeddings
    let activations =
      Double(model.sequenceLength) * (Double(model.vocabulary) + Double(model.layers) * width)
    // Weight, gradient and at least one moment.
    bytes = Double(Precision.single.stride) * (3 * scalars + activations)
  }

  /// The bytes of weights, gradients, optimizer states and activations.
  ///
  /// - Parameters:
  ///   - recorded: The model on its tape.
  ///   - optimizerScalars: What the optimizer remembers.
  ///   - engine: In whose precision all is.
  package init(_ recorded: RecordedModel, optimizerScalars: Int, _ engine: Engine) {
    let scalars = 2 * recorded.tape.parameterCount + optimizerScalars
    bytes = Double(scalars * engine.precision.stride + Arena.bytes(for: recorded.tape, engine))
  }

  /// - Throws: When the machine has not that much memory to give now.
  package func check() throws(TrainingError) {
    guard let available = Self.available(), bytes > available else { return }
    throw .outOfMemory(needed: bytes, available: available)
  }

  /// What the system and the process's own limits leave, in bytes; `nil` where it cannot be told.
  package static func available() -> Double? {
    #if os(Linux)
      let free = number("/proc/meminfo", after: "MemAvailable:").map { $0 * 1024 }
      // What the group has in cached files is given back when it is needed.
      let allowed = number("/sys/fs/cgroup/memory.max", after: "").map {
        $0 - (number("/sys/fs/cgroup/memory.stat", after: "anon ") ?? 0)
      }
      return [free, allowed].compactMap(\.self).min()
    #else
      return Double(ProcessInfo.processInfo.physicalMemory)
    #endif
  }

  /// The number that follows `name` at the beginning of a line of a file.
  private static func number(_ file: String, after name: String) -> Double? {
    let text = try? String(contentsOfFile: file, encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Double($0) }
  }
}
