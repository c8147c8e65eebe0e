/// The settings that programs leave in summaries: as texts, and for the plugin of hyperparameters.
enum SummarySettings {
  /// Longer texts are no settings.
  private static let mostTextBytes = 1 << 22
  /// What PyTorch's writer puts behind the tag of a text.
  private static let textSuffix = "/text_summary"
  private static let fence = "```"

  /// Hands the settings of a text summary to `take`.
  ///
  /// A text is the value of the setting that its tag names (Megatron-LM), or an object in JSON (Hugging
  /// Face) whose keys follow the tag. Fences of Markdown around it are passed over.
  static func read(
    text bytes: UnsafeRawBufferPointer, of tag: String, into take: (String, LoggedValue) -> Void
  ) {
    guard bytes.count <= mostTextBytes else { return }
    let name = tag.hasSuffix(textSuffix) ? String(tag.dropLast(textSuffix.count)) : tag
    let text = String(decoding: bytes, as: UTF8.self)
    var written = text[...].trimmed
    if written.hasPrefix(fence), written.hasSuffix(fence), let line = written.firstIndex(of: "\n") {
      written = written[line...].dropLast(fence.count).trimmed
    }
    if written.first == "{", let object = try? JSONValue(parsing: String(written)) {
      object.flatten(under: name, into: take)
    } else {
      take(name, LoggedValue(writtenByPython: String(written)))
    }
  }

  /// Hands the hyperparameters in what the plugin keeps with a tag to `take`.
  ///
  /// Field numbers are those of `tensorboard/plugins/hparams/plugin_data.proto`. How the session ended,
  /// which is there too, is left out: PyTorch and Lightning write success when it begins.
  static func read(
    hyperparameters bytes: UnsafeRawBufferPointer, into take: (String, LoggedValue) -> Void
  ) throws(ProtobufError) {
    let (sessionStart, entries, key, value) = (3, 1, 1, 2)
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard field.number == sessionStart, case .bytes(let bytes) = field.value else { continue }
      var session = ProtobufReader(bytes)
      while let entry = try session.next() {
        guard entry.number == entries, case .bytes(let bytes) = entry.value else { continue }
        var name = ""
        var setting: LoggedValue?
        var parts = ProtobufReader(bytes)
        while let part = try parts.next() {
          guard case .bytes(let bytes) = part.value else { continue }
          if part.number == key { name = String(decoding: bytes, as: UTF8.self) }
          if part.number == value { setting = try loggedValue(bytes) }
        }
        if let setting, !name.isEmpty { take(name, setting) }
      }
    }
  }

  /// The value in a `google.protobuf.Value`; `nil` for a structure or a list.
  private static func loggedValue(
    _ bytes: UnsafeRawBufferPointer
  ) throws(ProtobufError) -> LoggedValue? {
    var fields = ProtobufReader(bytes)
    var value: LoggedValue?
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1, .varint): value = .null
      case (2, .fixed64(let bits)): value = .number(Double(bitPattern: bits))
      case (3, .bytes(let text)):
        value = LoggedValue(writtenByPython: String(decoding: text, as: UTF8.self))
      case (4, .varint(let bit)): value = .flag(bit != 0)
      default: break
      }
    }
    return value
  }
}

extension Substring {
  /// The text without white space at its ends.
  fileprivate var trimmed: Substring {
    let start = drop { $0.isWhitespace }
    return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
  }
}
