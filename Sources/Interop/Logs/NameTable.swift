import Foundation

/// Numbers names from 0 in the order in which they come, found by their bytes without a `String`.
///
/// Its size is bounded: a file that has ever new names is damaged or no log.
package struct NameTable {
  private static let mostNames = 1 << 17
  private static let mostBytes = 1 << 24
  /// Longer names are no names.
  private static let mostNameBytes = 1 << 12

  /// The numbers of names by their hashes, `-1` where there is none.
  ///
  /// Their count is a power of two, and at least half of them are free.
  private var slots = [Int32](repeating: -1, count: 64)
  private var hashes: [Int] = []
  private var ends: [Int] = []
  private var text: [UInt8] = []
  /// The number that came last, and for each the one that came behind it.
  ///
  /// Logs repeat their names in the same order, so that most are found with one look.
  private var last = 0
  private var following: [Int] = []

  package init() {}

  package var count: Int { ends.count }

  /// The number of `name`, which is a new one if it has not come before.
  ///
  /// - Returns: `nil` where no more names are taken.
  package mutating func number(of name: UnsafeRawBufferPointer) -> Int? {
    if last < following.count, isEqual(following[last], name) {
      last = following[last]
      return last
    }
    guard let number = lookUp(name) else { return nil }
    if last < following.count { following[last] = number }
    if number == following.count { following.append(number) }
    last = number
    return number
  }

  private mutating func lookUp(_ name: UnsafeRawBufferPointer) -> Int? {
    var hasher = Hasher()
    hasher.combine(bytes: name)
    let hash = hasher.finalize()
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == hash, isEqual(number, name) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard ends.count < Self.mostNames, name.count <= Self.mostNameBytes,
      text.count + name.count <= Self.mostBytes
    else { return nil }
    slots[slot] = Int32(ends.count)
    hashes.append(hash)
    text.append(contentsOf: name)
    ends.append(text.count)
    if 2 * ends.count > slots.count { widen() }
    return ends.count - 1
  }

  /// The name of a number; what is no UTF-8 in it is replaced.
  package func name(_ number: Int) -> String {
    String(decoding: text[range(number)], as: UTF8.self)
  }

  private func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number - 1])..<ends[number]
  }

  private func isEqual(_ number: Int, _ name: UnsafeRawBufferPointer) -> Bool {
    let range = range(number)
    guard range.count == name.count else { return false }
    return text.withUnsafeBytes { text in
      guard let known = text.baseAddress, let new = name.baseAddress else { return name.isEmpty }
      return memcmp(known + range.lowerBound, new, name.count) == 0
    }
  }

  private mutating func widen() {
    slots = [Int32](repeating: -1, count: 2 * slots.count)
    for (number, hash) in hashes.enumerated() {
      var slot = hash & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}
