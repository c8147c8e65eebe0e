package import Foundation

extension TrainingEvent {
  private enum Keys: String, CodingKey {
    case step, tokens, kind
  }

  private enum Kind: String {
    case train, validation, telemetry, checkpoint, end
  }

  /// The event as a line of JSON without its end: keys in order, numbers that read back the same.
  package func line() throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(FlatEvent(event: self))
  }

  /// The event of a line of JSON; `nil` for a kind that this program does not know.
  package static func parse(_ line: Data) throws -> TrainingEvent? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(FlatEvent.self, from: line).event
  }

  /// One flat object: the event's own keys beside those of its content.
  private struct FlatEvent: Codable {
    /// `nil` for an unknown kind.
    var event: TrainingEvent?

    init(event: TrainingEvent) { self.event = event }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      let content: Content
      switch Kind(rawValue: try container.decode(String.self, forKey: .kind)) {
      case .train: content = .train(try Train(from: decoder))
      case .validation: content = .validation(try Validation(from: decoder))
      case .telemetry: content = .telemetry(try Telemetry(from: decoder))
      case .checkpoint: content = .checkpoint
      case .end: content = .end(try End(from: decoder))
      case nil: return
      }
      event = TrainingEvent(
        step: try container.decode(Int.self, forKey: .step),
        tokens: try container.decode(Int.self, forKey: .tokens), content)
    }

    func encode(to encoder: any Encoder) throws {
      guard let event else { return }
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(event.step, forKey: .step)
      try container.encode(event.tokens, forKey: .tokens)
      let kind: Kind
      switch event.content {
      case .train(let train): (kind, _) = (.train, try train.encode(to: encoder))
      case .validation(let validation):
        (kind, _) = (.validation, try validation.encode(to: encoder))
      case .telemetry(let telemetry): (kind, _) = (.telemetry, try telemetry.encode(to: encoder))
      case .checkpoint: kind = .checkpoint
      case .end(let end): (kind, _) = (.end, try end.encode(to: encoder))
      }
      try container.encode(kind.rawValue, forKey: .kind)
    }
  }
}
