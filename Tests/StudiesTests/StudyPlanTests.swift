import Foundation
import Runs
import Studies
import Testing

@Suite struct StudyPlanTests {
  private func plan(_ change: (inout StudyDescription) -> Void = { _ in }) throws -> [PlannedRun] {
    let study = try SmallStudy(change).study
    return try StudyPlan(study, StudyCorpora(study)).runs
  }

  @Test("horizons share one trunk, which ends where the longest begins to decay")
  func trunks() throws {
    let runs = try plan()
    #expect(runs.count == 2 * 4 * (1 + 4))
    #expect(Set(runs.map(\.id)).count == runs.count)
    let first = runs.prefix(5)
    #expect(first.map(\.role) == [.trunk, .branch, .branch, .branch, .branch])
    #expect(first.dropFirst().allSatisfy { $0.trunk == first[0].id })
    // Four fifths of 10, 20, 30 and 40 steps.
    #expect(first.compactMap(\.branchStep) == [8, 16, 24, 32])
    #expect(first[0].description.steps == 32)
    #expect(first[0].description.schedule.kind == .constant)
    #expect(first.map(\.ownSteps) == [32, 2, 4, 6, 8])
    #expect(first[4].operations == first[4].operationsPerToken * 8 * 128)
    #expect(first[4].operations(upTo: 36) == first[4].operationsPerToken * 4 * 128)
    #expect(first[4].operations(upTo: 3) == 0)
  }

  @Test("horizons that merge checkpoints share what comes up to the first of these")
  func mergingTrunks() throws {
    let runs = try plan { $0.schedule.kind = .wsm }
    let first = runs.prefix(5)
    #expect(first.map(\.role) == [.trunk, .branch, .branch, .branch, .branch])
    // The first checkpoint of each is after four fifths.
    #expect(first.compactMap(\.branchStep) == [8, 16, 24, 32])
    #expect(first[0].description.steps == 32)
  }

  @Test("horizons with a batch ramp share a trunk that is longer than the ramp")
  func rampedTrunks() throws {
    func ramped(_ tokens: [Int]) throws -> [PlannedRun] {
      try plan {
        $0.tokens = tokens
        $0.batchRamp = BatchRamp(from: 64, tokens: 1152, learningRate: .none)
      }
    }
    let runs = try ramped([1280, 2560, 3840, 5120])
    let first = runs.prefix(5)
    // 18 steps of half a batch, in which the first horizon begins to decay.
    #expect(first.map(\.role) == [.trunk, .whole, .branch, .branch, .branch])
    #expect(first.compactMap(\.branchStep) == [25, 33, 41])
    #expect(first[0].description.tokens == 32 * 128)
    let short = try ramped([1280])
    #expect(short.allSatisfy { $0.role == .whole })
    #expect(Set(short.map(\.id)).isSubset(of: runs.map(\.id)))
  }

  @Test("a trunk is a run: one that would end in its warm-up is none")
  func shortTrunks() throws {
    for kind in [ScheduleDescription.Kind.wsd, .wsm] {
      let runs = try plan {
        $0.schedule.kind = kind
        $0.tokens = [1280]
        $0.schedule.warmupTokens = 1024
      }
      #expect(runs.first?.role == .trunk && runs.first?.description.tokens == 1024)
      let whole = try plan {
        $0.schedule.kind = kind
        $0.tokens = [1664]
        $0.schedule.warmupTokens = 1300
      }
      #expect(whole.allSatisfy { $0.role == .whole })
    }
  }

  @Test("a longer horizon leaves the trunk and the other branches what they are")
  func longer() throws {
    let (short, long) = (try plan(), try plan { $0.tokens.append(10_240) })
    #expect(Set(short.map(\.id)).isSubset(of: long.map(\.id)))
    #expect(long.count == short.count + 8)
  }

  @Test("a study file with a longer horizon asks for the runs that it asked for before, and more")
  func longerFile() throws {
    let text = SmallStudy.yaml.replacingOccurrences(
      of: "validation: {tokens: 640, every: 1280}", with: "validation: {tokens: 640}")
    let longer = text.replacingOccurrences(of: "5120]", with: "5120, 10240]")
    let ids = try [text, longer].map { text in
      let study = try StudyDescription(yaml: text, file: "study.yaml")
      return Set(try StudyPlan(study, StudyCorpora(study)).runs.map(\.id))
    }
    #expect(ids[0].count == 40 && ids[0].isSubset(of: ids[1]))
  }

  @Test("a horizon that decays from its start has no trunk to leave")
  func noPeak() throws {
    let runs = try plan {
      $0.tokens = [128, 5120]
      $0.schedule.warmupTokens = 0
    }
    #expect(runs.prefix(3).map(\.role) == [.trunk, .whole, .branch])
    let all = try plan {
      $0.schedule.decayFraction = 1
      $0.schedule.warmupTokens = 0
    }
    #expect(all.allSatisfy { $0.role == .whole })
  }

  @Test("without a shared trunk every run is whole")
  func whole() throws {
    let runs = try plan { $0.sharesTrunk = false }
    #expect(runs.count == 2 * 4 * 4)
    #expect(runs.allSatisfy { $0.role == .whole && $0.trunk == nil })
    let cosine = try plan {
      $0.sharesTrunk = false
      $0.schedule = ScheduleDescription(.cosine)
      $0.schedule.warmupTokens = 512
    }
    #expect(Set(cosine.map(\.id)).isDisjoint(with: runs.map(\.id)))
  }

  @Test("seeds and batch sizes are runs of their own")
  func seeds() throws {
    let runs = try plan {
      $0.seeds = [0, 1]
      $0.batchTokens = [128, 256]
    }
    #expect(runs.count == 4 * 40)
    #expect(Set(runs.map(\.id)).count == runs.count)
    #expect(
      Set(runs.filter { $0.description.batchTokens == 256 }.compactMap(\.branchStep)) == [
        4, 8, 12, 16,
      ])
  }

  @Test("what the trainer cannot do is refused before anything is written")
  func refused() throws {
    #expect(throws: (any Error).self) { try plan { $0.parametrization = "unheard-of" } }
    #expect(throws: (any Error).self) { try plan { $0.optimizer.name = "unheard-of" } }
    #expect(throws: StudyError.unknownTrainer) {
      try plan { $0.trainer = .command(argv: ["x"], log: "l", format: "f") }
    }
  }
}
