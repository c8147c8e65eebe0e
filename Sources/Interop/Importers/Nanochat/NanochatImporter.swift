/// Reads what nanochat's pre-training prints.
package struct NanochatImporter: RunImporter {
  package init() {}

  package let kind = "nanochat"
  package let reads = "standard output of nanochat's pre-training"
  package let names = FieldNames(settings: Self.settings, metrics: Self.metrics)

  package func recognizes(_ file: LogFile) -> Bool { StandardOutputTool.nanochat.wrote(file) }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    try TextLogReader(place, NanochatLines(), keeping: keeps)
  }

  /// What newer releases print as `Model config:`, and older ones line by line.
  private static let settings: [String: [SettingName]] = [
    "params_total": ["total", "Number of parameters"],
    "width": ["n_embd", "model_dim"],
    "layers": ["n_layer", "num_layers"],
    "heads": ["n_head", "num_heads"],
    "kv_heads": ["n_kv_head", "num_kv_heads"],
    "vocabulary": ["vocab_size", "Vocab size"],
    "sequence_length": ["sequence_len", SettingName(NanochatLines.sequenceLength)],
    "batch_tokens": [SettingName(NanochatLines.batchTokens)],
    "steps": [SettingName(NanochatLines.steps)],
    "tokens": ["Total number of training tokens"],
  ]

  /// The loss is an average over the batches before, and validation is not in nats.
  ///
  /// Learning rates are not told: `lrm` is what all of them are multiplied by.
  private static let metrics: [CurveField: [MetricName]] = [
    .loss: [MetricName("loss", .movingAverage)],
    .validationLoss: [MetricName("Validation bpb", unit: .bitsPerByte)],
  ]
}
