import RealModule
import Runs

/// The loss jumped.
struct LossSpikeRule: RunRule {
  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    let (run, spikes) = (diagnosis.run, diagnosis.lossSpikes)
    guard let highest = spikes.max(by: { $0.height < $1.height }) else { return [] }
    // A spike at the very end had no time to come back.
    let lost = spikes.filter {
      $0.backStep == nil && run.stepsMade - $0.step >= SpikeSearch.window
    }
    let back = highest.backStep.map { "back after \(($0 - highest.step).counted("step"))" }
    return [
      Finding(
        .lossSpikes, lost.isEmpty ? .caution : .danger,
        seen: "\(spikes.count.counted("loss spike")), the highest by "
          + "\(highest.height.rounded(significant: 2)) nats at step \(highest.peakStep), "
          + (back ?? "not back by the end"),
        meaning:
          "the rate is near the edge of what is stable here, and a longer or larger run is less "
          + "stable: prefer a lower rate, a longer warm-up, a smaller second beta or qk_norm",
        source: "arXiv 2309.14322",
        evidence: [
          .init("count", Double(spikes.count)), .init("highest_nats", highest.height),
          .init("highest_step", Double(highest.peakStep)),
          .init("not_back", Double(lost.count)),
          .init("deviations", SpikeSearch.deviations),
        ])
    ]
  }
}

/// The gradient's norm jumped.
struct GradientSpikeRule: RunRule {
  func findings(in diagnosis: RunDiagnosis) -> [Finding] {
    let spikes = diagnosis.gradientSpikes
    guard let highest = spikes.max(by: { $0.height < $1.height }) else { return [] }
    let factor = Double.exp(highest.height)
    let clip = diagnosis.run.description?.optimizer.clip
    return [
      Finding(
        .gradientSpikes, .note,
        seen: "\(spikes.count.counted("spike")) of the gradient's norm, the highest a factor of "
          + "\(factor.rounded(significant: 2)) at step \(highest.peakStep)",
        meaning: clip.map {
          "clipping at \($0.plain) bounds what they do; where the loss has spikes too, lower the rate"
        } ?? "nothing is clipped: set `clip: 1.0` in the optimizer's settings",
        evidence: [
          .init("count", Double(spikes.count)), .init("highest_factor", factor),
          .init("highest_step", Double(highest.peakStep)),
        ])
    ]
  }
}
