import Testing
import Training

@Suite struct DivergenceWatchTests {
  private func step(_ loss: Double, norm: Double = 1) -> TrainingState.StepResult {
    TrainingState.StepResult(loss: loss, gradientNorm: norm)
  }

  @Test("a loss or gradient that is no number ends a run at once")
  func notANumber() {
    for bad in [step(.nan), step(.infinity), step(1, norm: .nan), step(1, norm: .infinity)] {
      var watch = DivergenceWatch(steps: 1000)
      #expect(watch.add(step(5)) == nil)
      #expect(watch.add(bad) != nil)
    }
  }

  @Test("a loss above its start ends a run when it stays there")
  func above() {
    var watch = DivergenceWatch(steps: 2000)
    #expect(watch.patience == 100)
    #expect(watch.add(step(5)) == nil)
    for _ in 0..<99 { #expect(watch.add(step(5.1)) == nil) }
    #expect(watch.add(step(5.1)) != nil)
  }

  @Test("a spike ends nothing")
  func spike() {
    var watch = DivergenceWatch(steps: 2000)
    #expect(watch.add(step(5)) == nil)
    for round in 0..<500 { #expect(watch.add(step(round % 50 == 0 ? 4.9 : 9)) == nil) }
  }
}
