import Foundation
import Studies
import Testing

@Suite struct SpikeSearchTests {
  private func search(_ count: Int = 400, _ value: (Int) -> Double) -> SpikeSearch {
    SpikeSearch(
      (1...count).map { ($0, value($0) + SimulatedRun.noise($0, 0.02)) }, leastRise: 0.1)
  }

  @Test("noise, a fall and a slow rise are no spikes")
  func none() {
    #expect(search { _ in 2 }.episodes.isEmpty)
    #expect(search { 2 + 4 / Double($0) }.episodes.isEmpty)
    #expect(search { 2 + 0.002 * Double($0) }.episodes.isEmpty)
  }

  @Test("a spike is one episode: when, how high, and when it is back")
  func one() throws {
    let found = search { step in
      (200..<230).contains(step) ? 2 + 1.5 * (1 - Double(step - 200) / 30) : 2
    }
    let episode = try #require(found.episodes.first)
    #expect(found.episodes.count == 1)
    #expect(episode.step == 200 && (200...202).contains(episode.peakStep))
    #expect(abs(episode.height - 1.5) < 0.15)
    #expect((225...240).contains(try #require(episode.backStep)))
  }

  @Test("two spikes are told apart, and one that stays up is never back")
  func two() throws {
    let found = search { $0 == 100 || $0 == 101 ? 3 : $0 >= 300 ? 4 : 2 }
    #expect(found.episodes.map(\.step) == [100, 300])
    #expect(found.episodes[0].backStep != nil && found.episodes[1].backStep == nil)
  }

  @Test("a loss that is no number is passed over")
  func notFinite() {
    #expect(search { $0 == 200 ? .nan : 2 }.episodes.isEmpty)
  }
}

@Suite struct TrendTests {
  @Test("a line is found with its change, and noise is none")
  func lines() throws {
    let points = (0..<40).map { (place: Double($0), value: 0.05 * Double($0)) }
    let noisy = points.map { ($0.place, $0.value + SimulatedRun.noise(Int($0.place), 0.1)) }
    let trend = try #require(Trend(noisy))
    #expect(abs(trend.change - 0.05 * 39) < 4 * trend.error && trend.isClearRise)
    #expect(try #require(Trend(noisy.map { ($0.0, -$0.1) })).isClearFall)
  }

  @Test("a line is seen in noise by chance less than once in a hundred times")
  func falseAlarms() throws {
    let alarms = try (0..<500).count { series in
      let trend = try #require(
        Trend((0..<20).map { (Double($0), SimulatedRun.noise(1000 * series + $0, 1)) }))
      return trend.isClearRise || trend.isClearFall
    }
    #expect(alarms < 5)
  }

  @Test("values that go with their neighbours make no line of few steps")
  func randomWalks() throws {
    var alarms = 0
    for series in 0..<300 {
      var place = 0.0
      let walk = (0..<20).map { step -> (Double, Double) in
        // Forgets half of what it was: nothing that grows.
        place = 0.5 * place + SimulatedRun.noise(1_000_000 + 1000 * series + step, 1)
        return (Double(step), place)
      }
      let trend = try #require(Trend(walk))
      if trend.isClearRise || trend.isClearFall { alarms += 1 }
    }
    #expect(alarms < 9)
  }

  @Test("few points are no trend")
  func few() {
    #expect(Trend((0..<5).map { (Double($0), Double($0)) }) == nil)
  }
}
