import Foundation

/// Where the numbers of a line's fields go.
///
/// The lines of a log have the same names in the same places, so that a name is compared with that in
/// the line before, and looked up only where it differs.
struct LineFields<Role: Equatable> {
  /// Longer ones are no names.
  private static var mostNameBytes: Int { 200 }
  /// Names are forgotten when there are more bytes of them, as changing ones would fill the memory.
  private static var mostBytes: Int { 1 << 16 }

  struct Field {
    /// Where the number is kept; `nil` when nobody asks for it.
    var metric: Int?
    var role: Role
  }

  private struct Place {
    var start: Int
    var length: Int
    var field: Field
  }

  private var names: [UInt8] = []
  private var places: [Place] = []
  /// What a tool needs of a name beside where its numbers go, and the name of the metric, if any.
  private let meaning: @Sendable (String) -> (name: String?, role: Role)

  init(_ meaning: @escaping @Sendable (String) -> (name: String?, role: Role)) {
    self.meaning = meaning
  }

  /// The field at `position` of a line, if its name and a colon stand at `start`, as in the line
  /// before.
  func known(
    _ position: Int, in line: UnsafeRawBufferPointer, at start: inout Int
  ) -> Field? {
    guard position < places.count else { return nil }
    let place = places[position]
    guard place.length > 0, let base = line.baseAddress, line.count - start > place.length,
      line[start + place.length] == UInt8(ascii: ":")
    else { return nil }
    let isSame = names.withUnsafeBytes { names in
      names.baseAddress.map { memcmp(base + start, $0 + place.start, place.length) == 0 } ?? false
    }
    guard isSame else { return nil }
    start += place.length + 1
    return place.field
  }

  /// Looks `name` up, and remembers it for `position`; `nil` when it can be no name.
  mutating func find(
    _ name: UnsafeRawBufferPointer, at position: Int, in log: inout RunLog
  ) -> Field? {
    guard !name.isEmpty, name.count <= Self.mostNameBytes else { return nil }
    let (metric, role) = meaning(name.text)
    let field = Field(metric: metric.flatMap { log.metric($0) }, role: role)
    if names.count > Self.mostBytes {
      names.removeAll()
      places.removeAll()
    }
    // Only as many places as lines have fields; the rest is looked up each time.
    if position < 256 {
      while places.count <= position {
        places.append(Place(start: 0, length: 0, field: field))
      }
      places[position] = Place(start: names.count, length: name.count, field: field)
      names.append(contentsOf: name)
    }
    return field
  }
}
