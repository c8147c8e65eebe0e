extension FieldNames {
  /// `config.` is the model's config.json, `args.` the TrainingArguments where a user wrote them.
  static let huggingFace = FieldNames(
    settings: [
      "params_total": ["safetensors.params_total", "counted.params_total"],
      "params_non_embedding": [
        "safetensors.params_non_embedding", "counted.params_non_embedding",
      ],
      "params_active": ["counted.params_active"],
      "family": config("model_type"),
      "width": config("hidden_size", "n_embd", "d_model"),
      "layers": config("num_hidden_layers", "n_layer"),
      "heads": config("num_attention_heads", "n_head"),
      "kv_heads": config("num_key_value_heads"),
      "head_width": config("head_dim"),
      "ffn_width": config("intermediate_size", "n_inner"),
      "vocabulary": config("vocab_size"),
      "tied": config("tie_word_embeddings"),
      "experts": config("num_experts", "num_local_experts", "n_routed_experts"),
      "experts_active": config("num_experts_per_tok"),
      "steps": ["max_steps"],
      "tokens": ["num_input_tokens_seen"],
      "devices": ["args.world_size", "args.num_processes"],
    ].merging(trainingArguments(under: "args.")) { $0 + $1 },
    metrics: [
      .loss: [MetricName("loss", .window)],
      .validationLoss: ["eval_loss", "eval_*_loss"],
      .learningRate: ["learning_rate"],
      .gradientNorm: ["grad_norm"],
      .tokens: ["num_input_tokens_seen"],
    ])

  /// The TrainingArguments of transformers, under any prefix.
  static func trainingArguments(under prefix: String) -> [String: [SettingName]] {
    func named(_ keys: String..., words: [String: String] = [:]) -> [SettingName] {
      keys.map { SettingName(prefix + $0, words: words) }
    }
    return [
      "learning_rate": named("learning_rate"),
      "min_learning_rate": named("lr_scheduler_kwargs.min_lr"),
      "schedule.kind": named("lr_scheduler_type", words: schedules),
      "schedule.floor": named("lr_scheduler_kwargs.min_lr_rate"),
      "warmup_steps": named("warmup_steps"),
      "decay_steps": named("lr_scheduler_kwargs.num_decay_steps"),
      "weight_decay.value": named("weight_decay"),
      "weight_decay.convention": named("optim", words: decays),
      "optimizer.name": named("optim", words: optimizers),
      "optimizer.beta1": named("adam_beta1"),
      "optimizer.beta2": named("adam_beta2"),
      "optimizer.epsilon": named("adam_epsilon"),
      "optimizer.clip": named("max_grad_norm"),
      "sequence_length": named("max_seq_length", "block_size", "max_length"),
      "seed": named("seed"),
    ]
  }

  private static func config(_ keys: String...) -> [SettingName] {
    (keys.map { "config." + $0 } + keys.map { "config.text_config." + $0 }).map {
      SettingName($0)
    }
  }

  private static let schedules = [
    "constant_with_warmup": "constant", "cosine_with_min_lr": "cosine",
    "warmup_stable_decay": "wsd",
  ]

  private static let adamW = [
    "adamw_torch", "adamw_torch_fused", "adamw_torch_xla", "adamw_torch_npu_fused", "adamw_hf",
    "adamw_apex_fused", "adamw_anyprecision", "adamw_bnb_8bit", "adamw_8bit",
    "adamw_torch_8bit", "adamw_torch_4bit", "paged_adamw", "paged_adamw_32bit",
    "paged_adamw_8bit", "stable_adamw",
  ]

  private static let optimizers =
    Dictionary(uniqueKeysWithValues: adamW.map { ($0, "adamw") })
    .merging(["lion_32bit": "lion", "lion_8bit": "lion"]) { first, _ in first }

  /// In torch, AdamW shrinks weights by the learning rate times λ, and SGD adds λ to gradients.
  private static let decays =
    Dictionary(uniqueKeysWithValues: adamW.map { ($0, "decoupled") })
    .merging(
      [
        "lion_32bit": "decoupled", "lion_8bit": "decoupled", "adafactor": "decoupled",
        "sgd": "coupled", "adagrad": "coupled", "rmsprop": "coupled",
      ]) { first, _ in first }
}
