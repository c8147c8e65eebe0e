import Foundation
import Runs
import Support
import Testing
import Training

@Suite struct ByteSourceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A text in which every sequence occurs once.
  private func corpus(of count: Int, name: String = "train.txt") throws -> ByteCorpus {
    var random = KeyedRandom(seed: UInt64(count))
    let bytes = (0..<count).map { _ in UInt8(1 + random.index(below: 255)) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    return try ByteCorpus(path: folder.file(name))
  }

  /// Where in the corpus each sequence of an epoch begins.
  private func starts(_ source: some TokenSource, in corpus: ByteCorpus, epoch: Int) throws -> [Int]
  {
    let all = corpus.tokens(0..<corpus.count)
    let count = try #require(source.sequencesPerEpoch)
    return try (0..<count).map { place in
      let sequence = source.sequence(at: epoch * count + place)
      #expect(sequence.count == source.sequenceLength + 1)
      let found = (0...corpus.count - sequence.count).filter {
        all[$0..<$0 + sequence.count].elementsEqual(sequence)
      }
      return try #require(found.count == 1 ? found.first : nil, "not one place of the text")
    }
  }

  @Test(
    "an epoch predicts no token twice and leaves out less than two sequences",
    arguments: [9, 15, 16, 17, 24, 31, 100, 805, 1000], [8])
  func windows(count: Int, length: Int) throws {
    let corpus = try corpus(of: count)
    let source = try ByteSource(corpus, sequenceLength: length, seed: 3)
    for epoch in 0..<4 {
      let starts = try starts(source, in: corpus, epoch: epoch).sorted()
      for (start, next) in zip(starts, starts.dropFirst()) { #expect(next - start == length) }
      #expect(count - starts.count * length < 2 * length)
    }
  }

  @Test("each epoch has an order and a cut of its own")
  func epochs() throws {
    let corpus = try corpus(of: 4000)
    let source = try ByteSource(corpus, sequenceLength: 16, seed: 0)
    let epochs = try (0..<6).map { try starts(source, in: corpus, epoch: $0) }
    let phases = epochs.map { ($0.min() ?? 0) % 16 }
    #expect(Set(phases).count > 2, "the first windows begin at \(phases)")
    let orders = Set(epochs.map { starts in starts.map { $0 / 16 } })
    #expect(orders.count == epochs.count)
    for starts in epochs { #expect(starts != starts.sorted()) }
  }

  @Test("a cut may begin at any place that leaves room, as often at one as at another")
  func phases() throws {
    let corpus = try corpus(of: 20)
    let source = try ByteSource(corpus, sequenceLength: 8, seed: 5)
    #expect(source.sequencesPerEpoch == 1)
    var tally = [Int](repeating: 0, count: 12)
    for epoch in 0..<2400 {
      for start in try starts(source, in: corpus, epoch: epoch) { tally[start] += 1 }
    }
    // 200 each; 5 standard deviations.
    #expect(tally.allSatisfy { abs($0 - 200) < 71 }, "\(tally)")
  }

  @Test("seeds decide the order, and any sequence can be asked for at any time")
  func seeds() throws {
    let corpus = try corpus(of: 2000)
    let source = try ByteSource(corpus, sequenceLength: 8, seed: 1)
    let again = try ByteSource(corpus, sequenceLength: 8, seed: 1)
    let other = try ByteSource(corpus, sequenceLength: 8, seed: 2)
    let forwards = (0..<600).map { source.sequence(at: $0) }
    #expect((0..<600).reversed().map { again.sequence(at: $0) } == forwards.reversed())
    #expect((0..<600).map { other.sequence(at: $0) } != forwards)
    #expect(source.sequence(at: Int.max).count == 9)
  }

  /// Constants, so that a change that would give resumed runs other data is seen.
  @Test("the sequences of a seed stay the same from one version to the next")
  func golden() throws {
    let corpus = try corpus(of: 1000)
    let source = try ByteSource(corpus, sequenceLength: 50, seed: 7)
    let epochs = try (0..<2).map { try starts(source, in: corpus, epoch: $0) }
    #expect(
      epochs == [
        [
          914, 714, 564, 164, 664, 464, 414, 314, 514, 764, 364, 264, 114, 864, 14, 614, 214, 814,
          64,
        ],
        [
          498, 798, 398, 348, 748, 248, 598, 898, 648, 548, 48, 98, 948, 198, 448, 698, 848, 148,
          298,
        ],
      ])
  }

  @Test("validation goes through the text in order, at equal distances")
  func validation() throws {
    let training = try corpus(of: 2000)
    let corpus = try corpus(of: 1009, name: "valid.txt")
    func starts(atMost count: Int) throws -> [Int] {
      let source = try ByteValidationSource(
        corpus, heldOutFrom: training, sequenceLength: 8, atMost: count)
      let first = try self.starts(source, in: corpus, epoch: 0)
      #expect(try self.starts(source, in: corpus, epoch: 5) == first)
      return first
    }
    #expect(try starts(atMost: 126) == (0..<126).map { $0 * 8 })
    #expect(try starts(atMost: 1000) == (0..<126).map { $0 * 8 })
    #expect(try starts(atMost: 3) == [0, 42 * 8, 84 * 8])
    #expect(try starts(atMost: 1) == [0])
    let some = try starts(atMost: 100)
    #expect(zip(some, some.dropFirst()).allSatisfy { [8, 16].contains($1 - $0) })
  }

  @Test("a text without one sequence is refused with both lengths")
  func tooShort() throws {
    let training = try corpus(of: 100)
    let corpus = try corpus(of: 8, name: "short.txt")
    let expected = CorpusError.tooShort(folder.file("short.txt"), tokens: 8, sequenceLength: 8)
    #expect(throws: expected) { try ByteSource(corpus, sequenceLength: 8, seed: 0) }
    #expect(throws: expected) {
      try ByteValidationSource(corpus, heldOutFrom: training, sequenceLength: 8, atMost: 1)
    }
    #expect(try ByteSource(corpus, sequenceLength: 7, seed: 0).sequencesPerEpoch == 1)
  }

  private func validate(on validation: String, training: String) throws {
    _ = try ByteValidationSource(
      ByteCorpus(path: folder.file(validation)),
      heldOutFrom: ByteCorpus(path: folder.file(training)), sequenceLength: 4, atMost: 10)
  }

  @Test("a file that is trained on does not validate, by whatever name")
  func sharedFile() throws {
    for name in ["data", "other"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
    }
    for name in ["data/a.txt", "data/b.txt", "other/c.txt"] { try folder.write(name, to: name) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.txt"), withDestinationPath: "data/b.txt")
    #expect(link(folder.file("data/a.txt"), folder.file("hard.txt")) == 0)
    for (validation, training, file) in [
      ("data/b.txt", "data/b.txt", "data/b.txt"), ("data/b.txt", "data", "data/b.txt"),
      ("link.txt", "data", "data/b.txt"), ("hard.txt", "data", "data/a.txt"),
    ] {
      let expected = CorpusError.sharedFile(
        validation: folder.file(validation), training: folder.file(file))
      #expect(throws: expected) { try validate(on: validation, training: training) }
    }
    try validate(on: "other", training: "data")
  }

  @Test("a copy of what is trained on does not validate")
  func sharedContent() throws {
    try folder.write("the same text", to: "train.txt")
    try folder.write("the same text", to: "valid.txt")
    try folder.write("the same teXt", to: "other.txt")
    let expected = CorpusError.sharedContent(
      validation: folder.file("valid.txt"), training: folder.file("train.txt"))
    #expect(throws: expected) { try validate(on: "valid.txt", training: "train.txt") }
    try validate(on: "other.txt", training: "train.txt")
  }
}
