/// The study that the quickstart sweeps: a made-up language, small enough for two cores and minutes.
///
/// The batch is small, so that even the shortest horizon has some tens of steps; held-out text is
/// measured rarely, as that takes time too.
enum QuickstartStudy {
  static let yaml = """
    version: 1
    corpus: {kind: synthetic, seed: 0, vocabulary: 32}
    model:
      family: llama
      sequence_length: 128
      sizes: [{width: 16, layers: 2}, {width: 24, layers: 2}, {width: 32, layers: 2}]
    tokens: [150k, 300k, 600k, 1200k]
    predict_tokens: [1600k]
    learning_rates: {from: 4e-3, to: 6.4e-2, points: 5}
    batch_tokens: [4096]
    schedule: {kind: wsd, warmup_tokens: 40k, decay_fraction: 0.2}
    optimizer: {name: adamw, weight_decay: 0.1, clip: 1.0}
    validation: {tokens: 65536, every: 400k}
    checkpoint: {every: 400k}
    hold_out: {model: {width: 48, layers: 2}, tokens: 1600k}
    target: {params: 1M, tokens: 30M}
    """
}
