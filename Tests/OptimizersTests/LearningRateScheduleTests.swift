import Optimizers
import Runs
import Testing

@Suite struct LearningRateScheduleTests {
  private func schedule(
    _ shape: ScheduleDescription.Shape = .linear, floor: Double = 0, warmup: Int = 100,
    kind: ScheduleDescription.Kind = .wsd
  ) -> LearningRateSchedule {
    var description = ScheduleDescription(kind)
    description.warmupTokens = warmup
    description.decayFraction = 0.2
    description.decayShape = shape
    description.floor = floor
    return LearningRateSchedule(description, horizon: 1000)
  }

  @Test("a warm-up, a plateau and a decay meet their knots", arguments: [0, 0.1])
  func knots(floor: Double) {
    for shape in ScheduleDescription.Shape.allCases {
      let schedule = schedule(shape, floor: floor)
      #expect(schedule.factor(at: 0) == 0)
      #expect(schedule.factor(at: 50) == 0.5)
      #expect(schedule.factor(at: 100) == 1)
      #expect(schedule.factor(at: 800) == 1)
      #expect(schedule.factor(at: 1000) == floor)
    }
  }

  @Test("each decay has its shape")
  func shapes() {
    // A quarter of the way into the decay.
    #expect(schedule(.linear).factor(at: 850) == 0.75)
    #expect(schedule(.squareRoot).factor(at: 850) == 0.5)
    #expect(abs(schedule(.cosine).factor(at: 850) - (1 + 0.5.squareRoot()) / 2) < 1e-15)
    // The floor takes its part of every factor.
    #expect(schedule(.linear, floor: 0.2).factor(at: 850) == 0.8)
  }

  @Test("the other kinds decay from the end of the warm-up, or never")
  func kinds() {
    var cosine = schedule(.cosine, kind: .cosine)
    #expect(cosine.factor(at: 100) == 1)
    #expect(abs(cosine.factor(at: 550) - 0.5) < 1e-15)
    cosine = schedule(.linear, kind: .linear)
    #expect(abs(cosine.factor(at: 325) - 0.75) < 1e-15)
    #expect(schedule(kind: .constant).factor(at: 999) == 1)
  }

  @Test("what decays all along comes down to its floor, at the pace of what is above it")
  func floors() {
    for kind in [ScheduleDescription.Kind.cosine, .linear, .rex] {
      var description = ScheduleDescription(kind)
      description.warmupTokens = 100
      let bare = LearningRateSchedule(description, horizon: 1000)
      description.floor = 0.1
      let floored = LearningRateSchedule(description, horizon: 1000)
      for tokens in [100.0, 325, 550, 999, 1000] {
        let expected = 0.1 + 0.9 * bare.factor(at: tokens)
        #expect(abs(floored.factor(at: tokens) - expected) < 1e-15, "\(kind) \(tokens)")
      }
      #expect(abs(floored.factor(at: 1000) - 0.1) < 1e-15)
    }
  }

  @Test("kinds without an end decay at theirs from where they are")
  func endless() {
    var root = ScheduleDescription(.inverseSquareRoot)
    (root.warmupTokens, root.decayFraction) = (100, 0.2)
    let schedule = LearningRateSchedule(root, horizon: 1000)
    #expect(schedule.factor(at: 100) == 1)
    #expect(schedule.factor(at: 400) == 0.5)
    #expect(schedule.factor(at: 800) == 0.125.squareRoot())
    #expect(abs(schedule.factor(at: 900) - 0.125.squareRoot() / 2) < 1e-15)
    #expect(schedule.factor(at: 1000) == 0)

    var power = ScheduleDescription(.power)
    (power.warmupTokens, power.exponent, power.powerTokens) = (100, -0.5, 200)
    let powered = LearningRateSchedule(power, horizon: 1000)
    #expect(powered.factor(at: 150) == 1)
    #expect(abs(powered.factor(at: 800) - 0.5) < 1e-15)

    var infinite = ScheduleDescription(.infinite)
    (infinite.warmupTokens, infinite.cooldownTokens, infinite.plateau) = (100, 200, 0.5)
    let plateau = LearningRateSchedule(infinite, horizon: 1000)
    #expect(abs(plateau.factor(at: 200) - 0.75) < 1e-15)
    #expect(plateau.factor(at: 300) == 0.5 && plateau.factor(at: 800) == 0.5)
    #expect(abs(plateau.factor(at: 900) - 0.25) < 1e-15)
  }

  @Test("REX, cycles and exponential decays have their forms")
  func forms() {
    var rex = ScheduleDescription(.rex)
    rex.warmupTokens = 0
    #expect(abs(LearningRateSchedule(rex, horizon: 1000).factor(at: 500) - 0.5 / 0.75) < 1e-15)

    var cyclic = ScheduleDescription(.cyclic)
    (cyclic.cycleTokens, cyclic.floor) = (200, 0.2)
    let cycles = LearningRateSchedule(cyclic, horizon: 1000)
    for start in [0.0, 200, 800] {
      #expect(abs(cycles.factor(at: start) - 0.2) < 1e-15)
      #expect(abs(cycles.factor(at: start + 50) - 0.6) < 1e-15)
      #expect(abs(cycles.factor(at: start + 100) - 1) < 1e-15)
    }

    let exponential = schedule(.exponential, floor: 0.01)
    #expect(abs(exponential.factor(at: 900) - 0.1) < 1e-15)
    #expect(abs(schedule(.square).factor(at: 900) - 0.75) < 1e-15)
  }

  private func refusal(_ schedule: String) -> String {
    let yaml = """
      version: 1
      corpus: {kind: synthetic, seed: 0}
      model: {family: llama, width: 16, layers: 1, heads: 2, sequence_length: 32}
      tokens: 1M
      learning_rate: 1e-2
      schedule: {\(schedule)}
      """
    do {
      try RunDescription(yaml: yaml, file: "run.yaml").checkConsistency()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test("schedules that could not be followed are refused by name")
  func refused() {
    let infinite = "kind: infinite, warmup_tokens: 1000, cooldown_tokens: 1000, plateau: 0.1"
    let root = "kind: inverse-sqrt, warmup_tokens: 1000, decay_fraction: 0.2"
    let power = "kind: power, exponent: -0.5, warmup_tokens: 10k"
    let cases = [
      (infinite + ", floor: 0.5", "`schedule.floor` 0.5 is above 0.1"),
      (infinite + ", floor: 0.1", "nothing"),
      // The root of 1000 over 800,000.
      (root + ", floor: 0.036", "`schedule.floor` 0.036 is above 0.0354"),
      (root + ", floor: 0.035", "nothing"),
      (
        power + ", power_tokens: 9k",
        "`schedule.power_tokens` 9000 is below `schedule.warmup_tokens` 10000"
      ),
      (power + ", power_tokens: 10k", "nothing"),
      (
        power + ", power_tokens: 10k, decay_fraction: 0.5, floor: 0.2",
        "`schedule.floor` 0.2 is above 0.141"
      ),
      ("kind: cyclic, cycle_tokens: 1100k", "`schedule.cycle_tokens` 1100000 is longer"),
      ("kind: cyclic, cycle_tokens: 1M", "nothing"),
    ]
    for (schedule, expected) in cases {
      let message = refusal(schedule)
      #expect(message.contains(expected), "\(schedule): \(message)")
    }
  }

  @Test("no warm-up begins at the peak")
  func noWarmup() {
    #expect(schedule(warmup: 0).factor(at: 0) == 1)
  }

  /// The sum of the factors times tokens is what a larger batch must not change.
  @Test("the mean factor of a run is the same for every batch size")
  func batches() {
    func mean(_ batch: Int) -> Double {
      let steps = 1000 / batch
      return (0..<steps).reduce(0) {
        $0 + schedule().factor(before: $1 * batch, batchTokens: batch)
      } / Double(steps)
    }
    // Half the warm-up and half the decay are lost: 1 - 0.05 - 0.1.
    for batch in [1, 10, 50, 100] { #expect(abs(mean(batch) - 0.85) < 1e-12) }
  }
}
