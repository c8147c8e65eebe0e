extension JSONValue {
  /// Longer paths of keys are no names of settings.
  private static let mostKeyBytes = 1024

  /// The value as a setting's, unless it is a list or an object.
  package var logged: LoggedValue? {
    switch self {
    case .null: .null
    case .flag(let flag): .flag(flag)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .list, .object: nil
    }
  }

  /// Hands every value in this one that is no list or object to `take`, in the order of the text.
  ///
  /// Keys in one another are joined with `.`; elements of lists have their place from 0 as key.
  ///
  /// - Parameters:
  ///   - prefix: What every key begins with; a `.` follows it.
  ///   - most: How many values are handed on; those after them are left out.
  ///   - take: Gets the joined key and the value.
  package func flatten(
    under prefix: String = "", most: Int = 20_000, into take: (String, LoggedValue) -> Void
  ) {
    var left = most
    flatten(prefix, &left, take)
  }

  private func flatten(
    _ path: String, _ left: inout Int, _ take: (String, LoggedValue) -> Void
  ) {
    guard path.utf8.count <= Self.mostKeyBytes else { return }
    switch self {
    case .list(let elements):
      for (index, element) in elements.enumerated() where left > 0 {
        element.flatten(path.isEmpty ? "\(index)" : "\(path).\(index)", &left, take)
      }
    case .object(let members):
      for member in members where left > 0 {
        member.value.flatten(path.isEmpty ? member.key : "\(path).\(member.key)", &left, take)
      }
    default:
      guard left > 0, let logged else { return }
      left -= 1
      take(path, logged)
    }
  }
}
