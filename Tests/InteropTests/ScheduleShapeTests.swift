import Foundation
import Interop
import Testing

@Suite struct ScheduleShapeTests {
  /// The shape of a rate that is told every 10 steps.
  private static func shape(to last: Int = 1000, _ rate: (Double) -> Double) -> ScheduleShape? {
    var series = MetricSeries(name: "lr")
    for step in stride(from: 10, through: last, by: 10) {
      series.append(3e-4 * rate(Double(step)), at: step)
    }
    return ScheduleShape(series)
  }

  private static func cosine(_ step: Double, floor: Double = 0, warmup: Double = 100) -> Double {
    let done = (step - warmup) / (1000 - warmup)
    return step < warmup ? step / warmup : floor + (1 - floor) * (1 + cos(.pi * done)) / 2
  }

  @Test("an even rate is constant, with a warm-up or without", arguments: [1.0, 200])
  func constant(warmup: Double) throws {
    let shape = try #require(Self.shape { min(1, $0 / warmup) })
    #expect(shape.kind == "constant")
    #expect(shape.peakSteps == max(10, Int(warmup))...1000)
    #expect(shape.end == 1)
    #expect(abs(shape.peak - 3e-4) < 1e-12)
    #expect(shape.decayFraction == nil)
  }

  @Test("an even rate that falls at the end is wsd, with the part in which it falls")
  func stableAndDecay() throws {
    for part in [0.1, 0.2, 0.5] {
      let shape = try #require(
        Self.shape { step in min(step / 50, 1, max(0, (1000 - step) / (1000 * part))) })
      #expect(shape.kind == "wsd")
      #expect(shape.decayFraction == part)
      #expect(shape.end == 0)
    }
  }

  @Test("a fall that is most of the run is that of wsd where the rate was even before it")
  func longDecay() throws {
    let shape = try #require(
      Self.shape { $0 < 50 ? $0 / 50 : $0 < 250 ? 1 : (1000 - $0) / 750 })
    #expect(shape.kind == "wsd")
    #expect(shape.decayFraction == 0.75)
  }

  @Test("a cosine is known by its form, whatever it falls to", arguments: [0, 0.1, 0.5])
  func cosine(floor: Double) throws {
    let shape = try #require(Self.shape { Self.cosine($0, floor: floor) })
    #expect(shape.kind == "cosine")
    #expect(abs(shape.end - floor) < 1e-9)
    #expect(shape.peakSteps.contains(100))
    #expect(shape.peakSteps.upperBound < 180)
  }

  @Test("a straight fall is linear", arguments: [0, 0.1])
  func linear(floor: Double) throws {
    let shape = try #require(
      Self.shape { $0 < 100 ? $0 / 100 : 1 - (1 - floor) * ($0 - 100) / 900 })
    #expect(shape.kind == "linear")
  }

  @Test("a fall with the root of the step is inverse_sqrt")
  func inverseRoot() throws {
    let shape = try #require(Self.shape { $0 < 100 ? $0 / 100 : (100 / $0).squareRoot() })
    #expect(shape.kind == "inverse_sqrt")
  }

  @Test("a fall with the root of the step may begin at step 0")
  func inverseRootFromZero() {
    var series = MetricSeries(name: "lr")
    for step in stride(from: 0, through: 1000, by: 10) {
      series.append(1e-3 / Double(max(step, 1)).squareRoot(), at: step)
    }
    #expect(ScheduleShape(series)?.kind == "inverse_sqrt")
  }

  @Test("a fall of another form, or of few points, has no known shape")
  func otherFalls() {
    #expect(Self.shape { $0 < 50 ? $0 / 50 : exp((50 - $0) / 150) }?.kind == nil)
    #expect(Self.shape(to: 100) { $0 <= 80 ? $0 / 80 : (100 - $0) / 20 }?.kind == nil)
  }

  @Test("a rate below zero is none, and passed over")
  func negativeRate() {
    #expect(Self.shape { $0 == 500 ? -1 : 1 }?.kind == "constant")
  }

  @Test("a run that was cut in its warm-up has no known shape")
  func cutInWarmup() throws {
    let shape = try #require(Self.shape(to: 500) { $0 / 1000 })
    #expect(shape.kind == nil)
    #expect(shape.peakSteps == 500...500)
  }

  @Test("a cosine that was cut ends where it was cut")
  func cutCosine() throws {
    let shape = try #require(Self.shape(to: 550) { Self.cosine($0) })
    #expect(shape.kind != "wsd" && shape.kind != "constant")
    #expect(abs(shape.end - 0.5) < 1e-9)
  }

  @Test("wsd that was cut before its decay is constant so far")
  func cutStable() throws {
    #expect(Self.shape(to: 700) { min(1, $0 / 50) }?.kind == "constant")
  }

  @Test("a rate that goes up and down has no known shape")
  func wild() throws {
    #expect(Self.shape { 0.6 + 0.4 * sin($0 / 40) }?.kind == nil)
  }

  @Test("too few points, or none that are rates, have no shape")
  func noShape() {
    #expect(Self.shape(to: 70) { _ in 1 } == nil)
    #expect(Self.shape(to: 80) { _ in 1 } != nil)
    #expect(Self.shape { _ in 0 } == nil)
    #expect(Self.shape { _ in .nan } == nil)
  }
}
