import Foundation
import Runs
import Support
import Training

/// A run that takes a fraction of a second, in a folder of its own.
struct SmallRun {
  let folder: TemporaryFolder
  var description: RunDescription

  init(_ change: (inout RunDescription) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    // Text with something to learn: words in an order that mostly repeats.
    var random = KeyedRandom(seed: 9, 1)
    let words = ["one ", "two ", "three ", "four ", "five ", "six ", "seven "]
    func text(_ count: Int) -> String {
      var word = 0
      return (0..<count).map { _ in
        word = random.uniform() < 0.8 ? (word + 1) % 7 : random.index(below: 7)
        return words[word]
      }.joined()
    }
    try folder.write(text(6000), to: "train.txt")
    try folder.write(text(1000), to: "valid.txt")
    var fields = ModelFields()
    (fields.family, fields.width, fields.layers, fields.heads) = (.llama, 16, 2, 2)
    (fields.vocabulary, fields.sequenceLength) = (256, 32)
    description = RunDescription(
      corpus: .bytes(path: "train.txt", validation: "valid.txt"),
      model: try ModelDescription(fields), tokens: 30 * 128, learningRate: 1e-2)
    description.batchTokens = 128
    description.schedule.warmupTokens = 512
    description.validation.tokens = 640
    description.validation.every = 10 * 128
    description.checkpoint.every = 8 * 128
    change(&description)
  }

  func prepared() throws -> TrainingRun {
    try TrainingRun(description, relativeTo: URL(fileURLWithPath: folder.path))
  }

  func folder(_ name: String) -> RunFolder { RunFolder(URL(fileURLWithPath: folder.file(name))) }

  /// Trains in the folder of this name; stops before the step after `stop`, if given.
  @discardableResult
  func train(_ name: String = "run", stop: Int? = nil) throws -> RunState {
    var step = 0
    return try prepared().train(
      in: folder(name),
      TrainingRun.Observer(
        event: { step = $0.step }, isStopped: { stop.map { step >= $0 } ?? false }))
  }

  func log(_ name: String = "run") throws -> String {
    try folder.read("\(name)/events.jsonl")
  }
}
