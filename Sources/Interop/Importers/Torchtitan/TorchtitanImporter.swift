/// Reads what torchtitan prints.
package struct TorchtitanImporter: RunImporter {
  package init() {}

  package let kind = "torchtitan"
  package let reads = "standard output of torchtitan"
  package let names = FieldNames(settings: Self.settings, metrics: Self.metrics)

  package func recognizes(_ file: LogFile) -> Bool { StandardOutputTool.torchtitan.wrote(file) }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    try TextLogReader(place, TorchtitanLines(), keeping: keeps)
  }

  /// Names of what is printed before the first step, by `TorchtitanSettings` and `TorchtitanConfigs`.
  ///
  /// Groups of the optimizer may have rates and decays of their own: what all were set to is better.
  private static let settings: [String: [SettingName]] = [
    "params_total": [SettingName(TorchtitanSettings.parameters)],
    "width": ["model.dim", "model.hidden_size"],
    "layers": ["model.n_layers", "model.num_layers"],
    "heads": ["model.n_heads", "model.num_heads"],
    "kv_heads": ["model.n_kv_heads", "model.num_kv_heads"],
    "head_width": ["model.head_dim"],
    "vocabulary": ["model.vocab_size"],
    "sequence_length": ["sequence length", "maximum context length"],
    "batch_sequences": ["global batch size"],
    "batch_tokens": ["tokens per train step"],
    "steps": ["total steps"],
    "warmup_steps": ["warmup"],
    "learning_rate": ["optimizer.lr", "optimizer.0.lr"],
    "weight_decay.value": ["optimizer.weight_decay", "optimizer.0.weight_decay"],
    "weight_decay.convention": [
      SettingName(
        "optimizer.0.name", words: ["AdamW": "decoupled", "Adam": "coupled", "Muon": "decoupled"])
    ],
    "optimizer.name": [
      "optimizer.0.name"
    ],
    "optimizer.beta1": ["optimizer.0.betas.0"],
    "optimizer.beta2": ["optimizer.0.betas.1"],
    "optimizer.epsilon": ["optimizer.0.eps"],
  ]

  /// Losses of a line without `tflops` are of older releases, some of which average over the steps
  /// since the line before, which the line does not tell.
  private static let metrics: [CurveField: [MetricName]] = [
    .loss: [MetricName("loss", .step), MetricName(TorchtitanLines.olderLoss)],
    .validationLoss: ["validate loss"],
    .gradientNorm: ["grad_norm"],
  ]
}
