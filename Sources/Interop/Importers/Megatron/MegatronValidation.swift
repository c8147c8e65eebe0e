/// A validation's line: ` validation loss at iteration 100 | lm loss value: 2.5E+00 | lm loss PPL: ...`.
///
/// Its losses are kept under the names that TensorBoard has for them, `lm loss validation` and, of
/// several sets, `lm loss validation-0`; what is evaluated after the training has more behind it, as
/// `lm loss validation on test set`, for it is of other batches.
struct MegatronValidation {
  private let set: String
  private let iteration: Int?

  /// - Parameter head: What stands before the first bar.
  init?(_ head: UnsafeRawBufferPointer) {
    guard head.count <= 200, let middle = head.place(of: " loss at ") else { return nil }
    let name = head.part(0..<middle).text.split(separator: " ").last ?? ""
    guard name.hasPrefix("validation") else { return nil }
    var rest = head.part(middle + " loss at ".utf8.count..<head.count).trimmed
    var found: Int?
    if let number = rest.dropping("iteration ") {
      var place = 0
      NumberText.skipBlanks(in: number, at: &place)
      found = NumberText.whole(in: number, at: &place)
      rest = number.part(place..<number.count).trimmed
    }
    iteration = found
    set = rest.isEmpty ? String(name) : "\(name) \(rest.text)"
  }

  /// - Parameters:
  ///   - fields: What stands behind the first bar.
  ///   - last: The last step that was read, where the line names none.
  ///   - log: What they are added to.
  func read(_ fields: UnsafeRawBufferPointer, last: Int, into log: inout RunLog) {
    for field in fields.split(separator: UInt8(ascii: "|")).prefix(64) {
      let field = UnsafeRawBufferPointer(rebasing: field)
      guard field.count <= 200, let colon = field.place(of: UInt8(ascii: ":")) else { continue }
      let name = field.part(0..<colon).trimmed
      guard let value = NumberText.number(field.part(colon + 1..<field.count).trimmed) else {
        continue
      }
      let known = name.hasSuffix(" value") ? name.part(0..<name.count - " value".utf8.count) : name
      log.append(value, at: iteration ?? last, to: "\(known.text) \(set)")
    }
  }
}
