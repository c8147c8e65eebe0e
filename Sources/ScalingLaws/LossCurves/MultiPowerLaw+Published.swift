extension MultiPowerLaw {
  /// What the authors publish for one model size: the constants, and their error on curves left out.
  package struct Published: Hashable, Sendable {
    package var model: String
    package var law: MultiPowerLaw
    /// Means over the six curves that were not fitted.
    package var heldOut: CurveAccuracy
  }

  /// Their models of 25M, 100M and 400M parameters at a peak rate of 3e-4, fitted to cosine-24k,
  /// constant-24k and the two-stage curve that drops to 9e-5.
  ///
  /// Source: the code of the paper, github.com/thu-yao-01-luo/MultiPowerLaw, its configuration for the
  /// constants and its description for the errors.
  package static let published = [
    Published(
      model: "25M",
      law: MultiPowerLaw(
        floor: 3.040_454_06, amplitude: 0.524_686_04, exponent: 0.507_868_57,
        decayScale: 363.787_516_22, saturation: 2.065_608_12, saturationExponent: 0.582_790_13,
        rateExponent: 0.641_422_57),
      heldOut: CurveAccuracy(
        determination: 0.9988, meanAbsolute: 0.00376, rootMeanSquare: 0.00465,
        meanRelative: 0.00110, worstRelative: 0.00409)),
    Published(
      model: "100M",
      law: MultiPowerLaw(
        floor: 2.651_447_7, amplitude: 0.601_151_52, exponent: 0.452_958_11,
        decayScale: 437.946_427_6, saturation: 2.132_456_12, saturationExponent: 0.597_851_99,
        rateExponent: 0.655_236_44),
      heldOut: CurveAccuracy(
        determination: 0.9983, meanAbsolute: 0.00435, rootMeanSquare: 0.00592,
        meanRelative: 0.00142, worstRelative: 0.00583)),
    Published(
      model: "400M",
      law: MultiPowerLaw(
        floor: 2.374_744_66, amplitude: 0.654_212_16, exponent: 0.428_787_31,
        decayScale: 523.424_643_71, saturation: 2.024_627_35, saturationExponent: 0.593_504_93,
        rateExponent: 0.634_724_57),
      heldOut: CurveAccuracy(
        determination: 0.9978, meanAbsolute: 0.00484, rootMeanSquare: 0.00730,
        meanRelative: 0.00168, worstRelative: 0.00995)),
  ]
}
