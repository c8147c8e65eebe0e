import Foundation
import Runs

/// How a run ended, for people and for programs.
struct TrainingResult: Encodable {
  let id: String
  let folder: String
  let state: RunState.State
  let step: Int
  let tokens: Int
  let epochs: Double?
  /// On held-out text, in nats per token.
  let loss: Double?
  let lossStandardError: Double?
  let lossFloor: Double?
  let divergedAt: Int?
  let reason: String?
  /// Of training alone, in this process; `nil` when it trained nothing.
  let tokensPerSecond: Double?

  init(
    _ manifest: RunManifest, _ folder: RunFolder, _ state: RunState, speed: Double?
  ) throws {
    let events = try folder.log.events()
    var end: TrainingEvent.End?
    var last: TrainingEvent.Validation?
    var epochs: Double?
    for event in events {
      switch event.content {
      case .train(let train): epochs = train.epoch
      case .validation(let validation): last = validation
      case .telemetry, .checkpoint: break
      case .end(let found): end = found
      }
    }
    id = manifest.id
    self.folder = folder.url.relativePath
    self.state = state.state
    step = state.step
    tokens = manifest.description.batches.tokens(after: state.step)
    self.epochs = epochs
    // The last loss of a run that diverged is not the loss that its horizon ends at.
    let measured = state.state == .diverged ? nil : last
    loss = measured?.loss
    lossStandardError = measured?.standardError
    lossFloor = manifest.corpus.lossFloor
    divergedAt = end?.divergedAt
    reason = end?.reason
    tokensPerSecond = speed
  }

  func json() throws -> String {
    String(decoding: try JSONEncoder.results.encode(self), as: UTF8.self)
  }

  var text: String {
    var lines = [headline]
    if let loss {
      let error = lossStandardError.map { " +- \($0.rounded(significant: 2))" } ?? ""
      let floor = lossFloor.map { "; the best possible is \($0.rounded(places: 4))" } ?? ""
      lines.append(
        "loss on held-out text \(loss.rounded(places: 4))\(error) nats per token\(floor)")
    }
    if let epochs, state != .diverged {
      lines.append("\(epochs.rounded(places: 2)) passes through the training text")
    }
    if let tokensPerSecond {
      lines.append("\(Quantity.format(tokensPerSecond)) tokens per second")
    }
    lines.append("the curve: vernier report \(folder) --output report.html")
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let what = "run \(id) in \(folder)"
    return switch state {
    case .finished: "\(what): finished after \(Quantity.format(Double(tokens))) tokens"
    case .diverged: "\(what): diverged at step \(divergedAt ?? step): \(reason ?? "")"
    case .stopped, .running, .failed:
      "\(what): stopped at step \(step) and saved; the same command goes on"
    }
  }
}
