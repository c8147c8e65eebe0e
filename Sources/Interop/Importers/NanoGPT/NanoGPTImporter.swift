/// Reads what nanoGPT prints.
package struct NanoGPTImporter: RunImporter {
  package init() {}

  package let kind = "nanogpt"
  package let reads = "standard output of nanoGPT"
  package let names = FieldNames(settings: Self.settings, metrics: Self.metrics)

  package func recognizes(_ file: LogFile) -> Bool { StandardOutputTool.nanoGPT.wrote(file) }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    try TextLogReader(place, NanoGPTLines(), keeping: keeps)
  }

  /// Names of its configuration; what stands at its default is not printed.
  private static let settings: [String: [SettingName]] = [
    "params_total": [
      SettingName(NanoGPTLines.parameters),
      SettingName(NanoGPTLines.millionsOfParameters, factor: 1e6),
    ],
    "width": ["n_embd"],
    "layers": ["n_layer"],
    "heads": ["n_head"],
    "vocabulary": ["vocab_size"],
    "sequence_length": ["block_size"],
    "batch_tokens": [SettingName(NanoGPTLines.batchTokens)],
    "steps": ["max_iters"],
    "learning_rate": ["learning_rate"],
    "min_learning_rate": ["min_lr"],
    "warmup_steps": ["warmup_iters"],
    "decay_steps": ["lr_decay_iters"],
    "schedule.kind": [SettingName("decay_lr", words: ["true": "cosine", "false": "constant"])],
    "weight_decay.value": ["weight_decay"],
    "optimizer.beta1": ["beta1"],
    "optimizer.beta2": ["beta2"],
    "optimizer.clip": ["grad_clip"],
  ]

  /// A line of an iteration has the loss of its last micro-batch; one of a step has the means over
  /// batches drawn for evaluation, all at the weights of that step.
  private static let metrics: [CurveField: [MetricName]] = [
    .loss: [MetricName("iter loss", .step), "step train loss"],
    .validationLoss: ["step val loss"],
    .learningRate: ["iter lr", "step lr"],
  ]
}
