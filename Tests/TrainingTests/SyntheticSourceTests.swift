import Testing
import Training

@Suite struct SyntheticSourceTests {
  private func source(
    seed: UInt64 = 1, _ stream: SyntheticSource.Stream = .validation, vocabulary: Int = 64,
    sequenceLength: Int = 256
  ) -> SyntheticSource {
    SyntheticSource(
      language: SyntheticLanguage(seed: seed, vocabulary: vocabulary), stream: stream,
      sequenceLength: sequenceLength)
  }

  @Test("the text of a seed is the same in every process and on every machine")
  func pinned() {
    #expect(
      source(sequenceLength: 11).sequence(at: 3) == [1, 37, 51, 43, 56, 29, 46, 54, 41, 62, 45, 45])
    #expect(
      source(.training(seed: 1), sequenceLength: 11).sequence(at: 3) == [
        4, 29, 32, 60, 17, 61, 54, 54, 46, 23, 26, 46,
      ])
  }

  @Test("a sequence depends on its index alone, and not on what was asked for before")
  func randomAccess() {
    let forwards = (0..<20).map { source().sequence(at: $0) }
    let one = source()
    let backwards = (0..<20).reversed().map { one.sequence(at: $0) }
    #expect(forwards == backwards.reversed())
    #expect(Set(forwards).count == forwards.count)
  }

  @Test("a longer sequence goes on where a shorter one ends")
  func prefix() {
    #expect(
      source(sequenceLength: 300).sequence(at: 5).starts(
        with: source(sequenceLength: 100).sequence(at: 5)))
  }

  @Test("no training seed gives the validation text, nor another seed's")
  func streams() {
    let streams = [.validation] + (0..<50).map { SyntheticSource.Stream.training(seed: $0) }
    let texts = streams.flatMap { stream in
      (0..<20).map { source(stream, sequenceLength: 32).sequence(at: $0) }
    }
    #expect(Set(texts).count == texts.count)
  }

  @Test("a model of one language does worse than a guess on another")
  func seeds() {
    let text = source(seed: 2).sequence(at: 0)
    let losses = source(seed: 1).language.idealLosses(of: text)
    let own = source(seed: 2).language.idealLosses(of: text)
    #expect(losses.reduce(0, +) > 1.5 * own.reduce(0, +))
  }

  @Test("a sequence is one longer than what a model predicts, and there is no last")
  func shape() {
    let source = source(sequenceLength: 40)
    #expect(source.sequence(at: 1_000_000_007).count == 41)
    #expect(source.sequencesPerEpoch == nil)
    #expect(source.vocabulary == 64)
  }
}
