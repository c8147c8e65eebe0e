/// One value of a summary event, its parts still as they are written.
///
/// Field numbers are those of `tensorboard/compat/proto/summary.proto`.
struct SummaryValue {
  var tag: UnsafeRawBufferPointer?
  var simple: Float?
  var tensor: UnsafeRawBufferPointer?
  /// The name of the plugin that shows the tag; a tag's first value alone has to have it.
  var plugin: UnsafeRawBufferPointer?
  /// What the plugin keeps with the tag.
  var content: UnsafeRawBufferPointer?

  init(_ bytes: UnsafeRawBufferPointer) throws(ProtobufError) {
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let bytes)): tag = bytes
      case (2, .fixed32(let bits)): simple = Float(bitPattern: bits)
      case (8, .bytes(let bytes)): tensor = bytes
      case (9, .bytes(let bytes)): try readMetadata(bytes)
      default: break
      }
    }
  }

  private mutating func readMetadata(_ bytes: UnsafeRawBufferPointer) throws(ProtobufError) {
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard field.number == 1, case .bytes(let bytes) = field.value else { continue }
      var parts = ProtobufReader(bytes)
      while let part = try parts.next() {
        switch (part.number, part.value) {
        case (1, .bytes(let bytes)): plugin = bytes
        case (2, .bytes(let bytes)): content = bytes
        default: break
        }
      }
    }
  }
}

extension SummaryValue {
  /// Hands the step of an event and each of its values to `take`, in the order of the file.
  static func values(
    ofEvent bytes: UnsafeRawBufferPointer,
    _ take: (_ step: Int, SummaryValue) throws(ProtobufError) -> Void
  ) throws(ProtobufError) {
    var step = 0
    var hasSummary = false
    var fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (2, .varint(let bits)): step = Int(Int64(bitPattern: bits))
      case (5, .bytes): hasSummary = true
      default: break
      }
    }
    guard hasSummary else { return }
    fields = ProtobufReader(bytes)
    while let field = try fields.next() {
      guard field.number == 5, case .bytes(let summary) = field.value else { continue }
      var values = ProtobufReader(summary)
      while let value = try values.next() {
        guard value.number == 1, case .bytes(let bytes) = value.value else { continue }
        try take(step, try SummaryValue(bytes))
      }
    }
  }
}
