import Foundation
import Runs
import Testing
import Training

@Suite struct SyntheticLanguageTests {
  static let vocabularies = [4, 32, 64, 256]
  static let language = SyntheticLanguage(seed: 1, vocabulary: 64)

  @Test("the ideal loss of long text agrees with the entropy", arguments: vocabularies)
  func entropy(vocabulary: Int) {
    let language = SyntheticLanguage(seed: 1, vocabulary: vocabulary)
    let losses = texts(in: language).flatMap { language.idealLosses(of: $0) }
    #expect(isMean(of: losses, within: 4, standardErrorsOf: language.entropyPerToken))
  }

  @Test("the first letters are as hard to predict as the last", arguments: [1, 2, 3, 255])
  func everyPosition(position: Int) {
    let texts = texts(in: Self.language, count: 2000)
    let losses = texts.map { Self.language.idealLosses(of: $0)[position - 1] }
    #expect(isMean(of: losses, within: 4, standardErrorsOf: Self.language.entropyPerToken))
  }

  @Test("probabilities sum to one at each position, and have the entropy", arguments: vocabularies)
  func probabilities(vocabulary: Int) {
    let language = SyntheticLanguage(seed: 2, vocabulary: vocabulary)
    let text = texts(in: language, count: 1)[0]
    for position in 1..<text.count {
      let probabilities = language.probabilities(after: Array(text[..<position]))
      #expect(probabilities.count == vocabulary)
      // A sum of at most 256 numbers below one is off by no more than so many roundings.
      #expect(abs(probabilities.reduce(0, +) - 1) < 256 * .ulpOfOne)
      let entropy = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      #expect(abs(entropy - language.entropyPerToken) < 1024 * .ulpOfOne)
    }
  }

  @Test("the ideal loss is that of the probabilities")
  func idealLosses() {
    let text = texts(in: Self.language, count: 1)[0]
    let losses = Self.language.idealLosses(of: text)
    #expect(losses.count == text.count - 1)
    for position in 1..<text.count {
      let probabilities = Self.language.probabilities(after: Array(text[..<position]))
      // A loss is at most 10 nats, of which the logarithm may miss the last bit.
      let loss = -log(probabilities[Int(text[position])])
      #expect(abs(losses[position - 1] - loss) < 16 * .ulpOfOne)
    }
  }

  @Test("the ideal loss is below that of letter counts, and of counts of pairs")
  func belowCounts() {
    let texts = texts(in: Self.language, count: 2000)
    let unigrams = countedLoss(of: texts) { _ in 0 }
    let bigrams = countedLoss(of: texts) { $0[0] }
    #expect(Self.language.entropyPerToken < bigrams - 0.3)
    #expect(bigrams < unigrams - 0.1)
  }

  @Test("a text is its topic and then letters, all in the vocabulary", arguments: vocabularies)
  func tokens(vocabulary: Int) {
    let language = SyntheticLanguage(seed: 3, vocabulary: vocabulary)
    let topics = Int32(language.topics)
    let texts = texts(in: language)
    #expect(texts.allSatisfy { (0..<topics).contains($0[0]) })
    #expect(texts.allSatisfy { $0.dropFirst().allSatisfy((topics..<Int32(vocabulary)).contains) })
    #expect(Set(texts.joined()).count == vocabulary)
  }

  @Test(
    "what comes next depends on the topic and the six last letters",
    arguments: [0, 250, 251, 252, 253, 254, 255])
  func dependence(position: Int) {
    let text = texts(in: Self.language, count: 1)[0].dropLast()
    var changed = text
    changed[position] = position == 0 ? 15 - text[0] : 16 + (text[position] - 15) % 48
    let probabilities = [text, changed].map { Self.language.probabilities(after: Array($0)) }
    #expect(probabilities[0] != probabilities[1])
  }

  @Test("the first topic is as common as Zipf's law has it")
  func topics() {
    let texts = texts(in: Self.language, count: 4000, length: 1)
    let share = Double(texts.count { $0[0] == 0 }) / Double(texts.count)
    let expected = 1 / (1...Self.language.topics).reduce(0) { $0 + 1 / Double($1) }
    let error = (expected * (1 - expected) / Double(texts.count)).squareRoot()
    #expect(abs(share - expected) < 4 * error)
  }

  private func texts(
    in language: SyntheticLanguage, count: Int = 400, length: Int = 256
  ) -> [[Int32]] {
    let source = SyntheticSource(
      language: language, stream: .validation, sequenceLength: length)
    return (0..<count).map { source.sequence(at: $0) }
  }

  private func isMean(
    of values: [Double], within factor: Double, standardErrorsOf expected: Double
  ) -> Bool {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return abs(mean - expected) < factor * (variance / count).squareRoot()
  }

  /// The entropy of letters given some of the text before them, by counts in the same text.
  private func countedLoss(of texts: [[Int32]], given context: ([Int32]) -> Int32) -> Double {
    var counts: [Int32: [Int32: Double]] = [:]
    for text in texts {
      for position in 1..<text.count {
        counts[context([text[position - 1]]), default: [:]][text[position], default: 0] += 1
      }
    }
    let total = counts.values.reduce(0) { $0 + $1.values.reduce(0, +) }
    return counts.values.reduce(0) { sum, letters in
      let all = letters.values.reduce(0, +)
      return letters.values.reduce(sum) { $0 - $1 / total * log($1 / all) }
    }
  }
}
