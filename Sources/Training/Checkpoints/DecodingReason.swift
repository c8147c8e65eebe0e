/// Says in a few words why JSON could not be read.
enum DecodingReason {
  static func text(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context.codingPath)) is of the wrong kind"
    case .dataCorrupted(let context):
      let reason = context.debugDescription
      return context.codingPath.isEmpty ? reason : "\(place(context.codingPath)): \(reason)"
    @unknown default: return "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "it" : path.map(\.stringValue).joined(separator: ".")
  }
}
