import CKernels

/// Where each array of a tape lies in an arena, so that arrays share memory they need at different
/// times.
///
/// A tape of n operations runs at times 0 to n - 1 forward and n to 2n - 1 back. Every value and
/// every gradient lives from the time it is first written to the time it is last read; memory is
/// given first to the largest, at the lowest place free all that time.
struct ArenaPlan: Sendable {
  /// By slot, in bytes; `nil` for what is never needed or lies elsewhere.
  private(set) var values: [Int?]
  private(set) var gradients: [Int?]
  /// By operation, forward and back.
  private(set) var scratch: [(forward: Int?, backward: Int?)]
  private(set) var bytes = 0

  private struct Piece {
    enum Owner {
      case value(Int), gradient(Int), scratch(Int, back: Bool)
    }
    let owner: Owner
    let bytes: Int
    let times: ClosedRange<Int>
  }

  init(_ tape: Tape, _ engine: Engine) {
    values = Array(repeating: nil, count: tape.slots.count)
    gradients = values
    scratch = Array(repeating: (nil, nil), count: tape.operations.count)
    place(Self.pieces(of: tape, engine))
  }

  private static func pieces(of tape: Tape, _ engine: Engine) -> [Piece] {
    let end = 2 * tape.operations.count
    var written = [Int?](repeating: nil, count: tape.slots.count)
    var read = [Int](repeating: -1, count: tape.slots.count)
    var asked = [Int?](repeating: nil, count: tape.slots.count)
    var pieces: [Piece] = []
    for (time, operation) in tape.operations.enumerated() {
      let back = end - 1 - time
      for tensor in operation.outputs { written[tensor.slot] = time }
      for tensor in operation.inputs + operation.outputs {
        read[tensor.slot] = max(read[tensor.slot], time)
      }
      for tensor in operation.kept { read[tensor.slot] = max(read[tensor.slot], back) }
      // Consumers come later on the tape and earlier on the way back: the last one counts.
      for tensor in operation.inputs { asked[tensor.slot] = back }
      let scratch = operation.scratch(engine.kernels) * engine.precision.stride
      if scratch > 0 {
        pieces.append(
          Piece(owner: .scratch(time, back: false), bytes: scratch, times: time...time))
        pieces.append(Piece(owner: .scratch(time, back: true), bytes: scratch, times: back...back))
      }
    }
    for (slot, kind) in tape.slots.enumerated() {
      let isDouble: Bool
      switch kind {
      case .parameter: continue
      case .constant:
        let bytes = tape.counts[slot] * engine.precision.stride
        pieces.append(Piece(owner: .value(slot), bytes: bytes, times: 0...end))
        continue
      case .activation(let doubles):
        isDouble = doubles
      }
      guard let start = written[slot] else { continue }
      let bytes = tape.counts[slot] * (isDouble ? Precision.double : engine.precision).stride
      // Doubles are what is read from outside when all is done.
      let last = isDouble ? end : read[slot]
      pieces.append(Piece(owner: .value(slot), bytes: bytes, times: start...last))
      if let first = asked[slot] {
        let made = end - 1 - start
        pieces.append(Piece(owner: .gradient(slot), bytes: bytes, times: first...made))
      }
    }
    return pieces
  }

  private mutating func place(_ pieces: [Piece]) {
    var placed: [(piece: Piece, offset: Int)] = []
    let order = pieces.indices.sorted {
      (pieces[$1].bytes, $0) < (pieces[$0].bytes, $1)
    }
    for piece in order.map({ pieces[$0] }) {
      let size = piece.bytes.roundedUp(to: Storage.alignment)
      var offset = 0
      for other in placed where other.piece.times.overlaps(piece.times) {
        if offset + size <= other.offset { break }
        offset = max(offset, other.offset + other.piece.bytes.roundedUp(to: Storage.alignment))
      }
      let index = placed.firstIndex { $0.offset > offset } ?? placed.count
      placed.insert((piece, offset), at: index)
      bytes = max(bytes, offset + size)
      switch piece.owner {
      case .value(let slot): values[slot] = offset
      case .gradient(let slot): gradients[slot] = offset
      case .scratch(let operation, back: false): scratch[operation].forward = offset
      case .scratch(let operation, back: true): scratch[operation].backward = offset
      }
    }
  }
}
