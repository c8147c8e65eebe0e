import Foundation
import Support
import Testing
import Training

@Suite(.enabled(if: SmallDisk.isAvailable, "a small disk cannot be mounted here: needs root"))
struct FullDiskTests {
  private let disk: SmallDisk
  private let checkpoints: RunCheckpoints

  init() throws {
    disk = try SmallDisk()
    checkpoints = RunCheckpoints(in: disk.path + "/checkpoints", runID: "3f9a")
  }

  /// A state of about 400 kB, by `share` in the model.
  private func content(step: Int, share: Double = 0.5) -> CheckpointContent<[Int]> {
    let weights = [Float](repeating: Float(step), count: Int(100_000 * share))
    let moments = [Float](repeating: 0, count: 100_000 - weights.count)
    return CheckpointContent(
      step: step, tokens: step, payload: [],
      model: [NamedTensor(name: "w", shape: [weights.count], scalars: weights)],
      optimizer: [NamedTensor(name: "m", shape: [moments.count], scalars: moments)])
  }

  @Test(
    "a full disk is named, leaves nothing, and what was there stays good",
    arguments: [0.01, 0.5, 0.99])
  func fullDisk(share: Double) throws {
    for step in 1...2 { try checkpoints.write(content(step: step, share: share)) }
    let path = checkpoints.folder + "/step-00000003"
    for _ in 1...2 {
      #expect(throws: CheckpointError.noSpace(path)) {
        try checkpoints.write(content(step: 3, share: share))
      }
      #expect(try checkpoints.latest()?.model.scalars(of: "w").first == 2)
      let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints.folder)
      #expect(names.sorted() == ["step-00000001", "step-00000002"])
    }
    try checkpoints.prune(keeping: 1)
    try checkpoints.write(content(step: 3, share: share))
    #expect(try checkpoints.steps() == [2, 3])
    #expect(try checkpoints.latest()?.step == 3)
  }

  @Test("a record that finds no room is named as well")
  func noRoomForRecord() throws {
    let large = CheckpointContent(
      step: 1, tokens: 1, payload: [Int](repeating: 123_456_789, count: 200_000), model: [],
      optimizer: [])
    #expect(throws: CheckpointError.noSpace(checkpoints.folder + "/step-00000001")) {
      try checkpoints.write(large)
    }
    #expect(try checkpoints.latest() == nil)
  }
}
