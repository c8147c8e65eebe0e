import Foundation

import ScalingLaws

/// Public loss curves, where the tests find them.
enum PublicCurves {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data/multipowerlaw").standardizedFileURL
  static let isThere = FileManager.default.fileExists(atPath: folder.path)

  static let fitted = ["cosine_24000", "constant_24000", "wsdcon_9"]
  static let heldOut = [
    "constant_72000", "cosine_72000", "wsd_20000_24000", "wsdld_20000_24000", "wsdcon_3",
    "wsdcon_18",
  ]

  static func curve(_ name: String, size: String) throws -> LossCurve {
    let file = folder.appending(path: "csv_\(size)/\(name).csv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst()
    return try LossCurve(
      name: name,
      points: rows.map { row in
        let values = row.split(separator: ",").compactMap { Double($0) }
        return LossCurve.Point(
          step: Int(values[0]), learningRate: values[1], loss: values[2])
      })
  }
}

/// Curves made by a law, so that its constants are known.
enum PlantedCurves {
  static let law = MultiPowerLaw(
    floor: 2.6, amplitude: 0.6, exponent: 0.45, decayScale: 450, saturation: 1.5,
    saturationExponent: 0.6, rateExponent: 0.55)
  static let warmupSteps = 1000

  /// The rate of each logged step, and the losses of `law` with `noise`.
  static func curve(
    _ name: String, by law: any LossCurveLaw = law, steps: Int = 12_000, noise: Double = 0,
    every interval: Int = 100, rate: (Double) -> Double
  ) throws -> LossCurve {
    let places = stride(from: warmupSteps, through: steps, by: interval)
    let points = places.map { step in
      LossCurve.Point(
        step: step,
        learningRate: 3e-4 * rate(Double(step - warmupSteps) / Double(steps - warmupSteps)),
        loss: 1)
    }
    let blank = PacedCurve(
      try LossCurve(name: name, points: points), warmupSteps: warmupSteps)
    let losses = law.losses(along: blank.path)
    let clean = interpolate(
      zip(blank.curve.points, blank.knots).map { ($0.step, losses[$1]) }, at: places.map { $0 })
    var state: UInt64 = 88_172_645_463_325_252 &+ UInt64(name.utf8.reduce(0) { $0 + Int($1) })
    return try LossCurve(
      name: name,
      points: points.enumerated().map { place, point in
        var sum = 0.0
        for _ in 0..<12 {
          state ^= state << 13
          state ^= state >> 7
          state ^= state << 17
          sum += Double(state >> 11) * 0x1p-53
        }
        return LossCurve.Point(
          step: point.step, learningRate: point.learningRate,
          loss: clean[place] * (1 + noise * (sum - 6)))
      })
  }

  /// The losses between those of ascending known steps, of which a long curve keeps some only.
  private static func interpolate(
    _ known: [(step: Int, loss: Double)], at steps: [Int]
  ) -> [Double] {
    var place = 0
    return steps.map { step in
      while place + 2 < known.count, known[place + 1].step < step { place += 1 }
      let (start, end) = (known[place], known[place + 1])
      if step == start.step { return start.loss }
      if step == end.step { return end.loss }
      let share = Double(step - start.step) / Double(end.step - start.step)
      return start.loss + share * (end.loss - start.loss)
    }
  }

  static func constant(_ share: Double) -> Double { 1 }
  static func cosine(_ share: Double) -> Double { 0.1 + 0.45 * (1 + cos(.pi * share)) }
  static func twoStage(_ share: Double) -> Double { share < 0.4 ? 1 : 0.3 }
  static func decayed(_ share: Double) -> Double { share < 0.8 ? 1 : 1 - 4.5 * (share - 0.8) }

  static func three(by law: any LossCurveLaw = law, noise: Double = 0) throws -> [LossCurve] {
    [
      try curve("constant", by: law, noise: noise, rate: constant),
      try curve("cosine", by: law, noise: noise, rate: cosine),
      try curve("two-stage", by: law, noise: noise, rate: twoStage),
    ]
  }
}
