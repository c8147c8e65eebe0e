/// Reads what Megatron-LM and its relatives print.
package struct MegatronImporter: RunImporter {
  package init() {}

  package let kind = "megatron"
  package let reads = "standard output of Megatron-LM"
  package let names = FieldNames(settings: Self.settings, metrics: Self.metrics)

  package func recognizes(_ file: LogFile) -> Bool { StandardOutputTool.megatron.wrote(file) }

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    try TextLogReader(place, MegatronLines(), keeping: keeps)
  }

  /// Names of arguments, and those that `MegatronLines` makes.
  private static let settings: [String: [SettingName]] = [
    "params_total": [SettingName(MegatronParameters.total)],
    "params_per_rank": [SettingName(MegatronParameters.firstRank)],
    "width": ["hidden_size"],
    "layers": ["num_layers", "encoder_num_layers"],
    "heads": ["num_attention_heads"],
    "kv_heads": ["num_query_groups"],
    "head_width": ["kv_channels"],
    "ffn_width": ["ffn_hidden_size"],
    "vocabulary": [SettingName(MegatronLines.paddedVocabulary), "padded_vocab_size", "vocab_size"],
    "tied": [
      SettingName(
        "untie_embeddings_and_output_weights", words: ["true": "false", "false": "true"])
    ],
    "experts": ["num_experts"],
    "experts_active": ["moe_router_topk"],
    "sequence_length": ["seq_length", "encoder_seq_length"],
    "batch_sequences": ["global_batch_size"],
    "steps": ["train_iters", SettingName(MegatronLines.iterations)],
    "learning_rate": ["lr"],
    "min_learning_rate": ["min_lr"],
    "warmup_steps": ["lr_warmup_iters"],
    "decay_steps": ["lr_wsd_decay_iters", "lr_decay_iters"],
    "schedule.kind": ["lr_decay_style"],
    "weight_decay.value": ["weight_decay"],
    "weight_decay.convention": [
      SettingName("decoupled_weight_decay", words: ["true": "decoupled", "false": "coupled"]),
      SettingName("optimizer", words: conventions),
    ],
    "optimizer.name": [SettingName("optimizer", words: ["adam": "adamw"])],
    "optimizer.beta1": ["adam_beta1"],
    "optimizer.beta2": ["adam_beta2"],
    "optimizer.epsilon": ["adam_eps"],
    "optimizer.clip": ["clip_grad"],
    "seed": ["seed"],
    "devices": ["world_size"],
  ]

  /// How its optimizers decay weights, where no argument says.
  private static let conventions = [
    "adam": "decoupled", "sgd": "coupled", "muon": "decoupled", "dist_muon": "decoupled",
    "lion": "decoupled",
  ]

  /// The loss of a line is the mean since the line before.
  private static let metrics: [CurveField: [MetricName]] = [
    .loss: [MetricName("lm loss", .window), MetricName("loss", .window)],
    .validationLoss: [
      "lm loss validation", "lm loss validation-0", "lm loss validation on validation set",
      "lm loss validation*",
    ],
    .learningRate: ["learning rate"],
    .tokens: ["consumed tokens"],
    .samples: ["consumed samples"],
    .batchSequences: ["global batch size"],
    .gradientNorm: ["grad norm"],
  ]
}
