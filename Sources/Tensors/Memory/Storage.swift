import Foundation

/// Scalars of one precision in one piece of memory, zero at first.
///
/// It is shared, not copied, and not safe to use from two threads at once.
package final class Storage {
  package let precision: Precision
  package let count: Int
  let base: UnsafeMutableRawPointer

  /// A multiple of every vector register and of a cache line.
  static let alignment = 64

  package init(_ precision: Precision, count: Int) throws(TensorError) {
    self.precision = precision
    self.count = count
    base = try Self.allocate(bytes: count * precision.stride)
  }

  deinit { free(base) }

  static func allocate(bytes: Int) throws(TensorError) -> UnsafeMutableRawPointer {
    var memory: UnsafeMutableRawPointer?
    let rounded = max(bytes, 1).roundedUp(to: alignment)
    guard posix_memalign(&memory, alignment, rounded) == 0, let memory else {
      throw .outOfMemory(bytes: bytes)
    }
    memset(memory, 0, rounded)
    return memory
  }

  package var whole: StorageSlice { self[0..<count] }

  package subscript(range: Range<Int>) -> StorageSlice {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    return StorageSlice(storage: self, range: range)
  }
}

/// Some of the scalars of a storage.
package struct StorageSlice {
  package let storage: Storage
  package let range: Range<Int>

  package var count: Int { range.count }

  package var pointer: UnsafeMutableRawPointer {
    storage.base + range.lowerBound * storage.precision.stride
  }

  /// The scalars in place.
  ///
  /// - Precondition: They are floats.
  package var floats: UnsafeMutableBufferPointer<Float> {
    precondition(storage.precision == .single, "these are doubles")
    return UnsafeMutableBufferPointer(
      start: pointer.assumingMemoryBound(to: Float.self), count: count)
  }

  /// The scalars in place, as what they are.
  ///
  /// - Precondition: They are of that type.
  package func scalars<Scalar>(
    of type: Scalar.Type = Scalar.self
  ) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(
      storage.precision == .single ? type == Float.self : type == Double.self,
      "these are not \(type)")
    return UnsafeMutableBufferPointer(
      start: pointer.assumingMemoryBound(to: type), count: count)
  }

  package func copy(from other: StorageSlice) {
    precondition(
      other.count == count && other.storage.precision == storage.precision,
      "\(other.count) scalars for \(count)")
    memcpy(pointer, other.pointer, count * storage.precision.stride)
  }

  package func swap(with other: StorageSlice) {
    precondition(
      other.count == count && other.storage.precision == storage.precision,
      "\(other.count) scalars for \(count)")
    let words = count * storage.precision.stride / MemoryLayout<UInt32>.stride
    let own = pointer.assumingMemoryBound(to: UInt32.self)
    let others = other.pointer.assumingMemoryBound(to: UInt32.self)
    for index in 0..<words { (own[index], others[index]) = (others[index], own[index]) }
  }

  package func zero() {
    memset(pointer, 0, count * storage.precision.stride)
  }

  package subscript(index: Int) -> Double {
    get {
      precondition(index >= 0 && index < count, "\(index) of \(count)")
      switch storage.precision {
      case .single: return Double(pointer.load(fromByteOffset: 4 * index, as: Float.self))
      case .double: return pointer.load(fromByteOffset: 8 * index, as: Double.self)
      }
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "\(index) of \(count)")
      switch storage.precision {
      case .single: pointer.storeBytes(of: Float(newValue), toByteOffset: 4 * index, as: Float.self)
      case .double: pointer.storeBytes(of: newValue, toByteOffset: 8 * index, as: Double.self)
      }
    }
  }
}

extension Int {
  package func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
