import Optimizers
import Runs
import Testing

@Suite struct CheckpointMergeTests {
  private let batches = BatchStages(batchTokens: 10, ramp: nil)

  private func merge(
    _ shape: ScheduleDescription.Shape, floor: Double = 0, fraction: Double = 0.2,
    checkpoints: Int = 20
  ) throws -> CheckpointMerge {
    var schedule = ScheduleDescription(.wsm)
    (schedule.decayShape, schedule.floor) = (shape, floor)
    (schedule.decayFraction, schedule.checkpoints) = (fraction, checkpoints)
    return try #require(CheckpointMerge(schedule, horizon: 1000, batches: batches))
  }

  @Test(
    "updates count in the merge as the decay that it stands for scales them",
    arguments: ScheduleDescription.Shape.allCases)
  func standsForDecay(shape: ScheduleDescription.Shape) throws {
    var decaying = ScheduleDescription(.wsd)
    (decaying.decayShape, decaying.decayFraction) = (shape, 0.2)
    (decaying.warmupTokens, decaying.floor) = (0, 0.1)
    let schedule = LearningRateSchedule(decaying, horizon: 1000)
    let merge = try merge(shape, floor: 0.1)
    // An update before step s is in every checkpoint after it.
    var counts = 0.0
    for step in stride(from: 100, through: 1, by: -1) {
      counts += merge.share(after: step) ?? 0
      let factor = schedule.factor(before: 10 * (step - 1), batchTokens: 10)
      #expect(abs(counts - factor) < 1e-12, "\(step)")
    }
    #expect(abs(counts - 1) < 1e-12)
  }

  @Test("a linear decay is a mean of checkpoints, of whose ends a half counts")
  func mean() throws {
    let merge = try merge(.linear, checkpoints: 4)
    let shares = [80, 85, 90, 95, 100].map { merge.share(after: $0) ?? 0 }
    for (share, expected) in zip(shares, [0.125, 0.25, 0.25, 0.25, 0.125]) {
      #expect(abs(share - expected) < 1e-12)
    }
    #expect(merge.share(after: 81) == nil)
    #expect(merge.lastStep == 100)
  }

  @Test("more checkpoints than steps share steps")
  func crowded() throws {
    let merge = try merge(.linear, fraction: 0.02, checkpoints: 100)
    let sum = (1...100).compactMap { merge.share(after: $0) }.reduce(0, +)
    #expect(abs(sum - 1) < 1e-12)
  }

  @Test("no other schedule merges")
  func others() {
    for kind in ScheduleDescription.Kind.allCases where kind != .wsm {
      #expect(CheckpointMerge(ScheduleDescription(kind), horizon: 1000, batches: batches) == nil)
    }
  }
}
