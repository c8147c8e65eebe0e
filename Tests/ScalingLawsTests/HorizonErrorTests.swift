import ScalingLaws
import Testing

@Suite struct HorizonErrorTests {
  @Test("the error of predicted horizons is relative to what was measured")
  func error() {
    let cells = [3.0, 5].map { measured in
      HorizonTest.Cell(
        params: 1e5, learningRate: 1e-3, tokens: 1e6, measured: measured,
        predicted: Estimate(
          value: 1.02 * measured, lower: measured, upper: 2 * measured, confidence: 0.9))
    }
    let test = HorizonTest(cells: cells)
    #expect(abs(test.errorPercent - 2) < 1e-9)
    #expect(test.coveredCount == 2)
  }
}
