extension FieldNames {
  /// What people call things in MLflow; its integrations log the trainer's own arguments.
  static let mlflow = FieldNames(
    settings: own.merging(trainingArguments(under: "")) { $0 + $1 },
    metrics: [
      // The `train_loss` of the Hugging Face Trainer is one mean of the whole run, its `loss` the curve.
      .loss: [
        "train/loss", "loss", "train.loss", "train_loss", "training_loss", "train_loss_step",
      ],
      .validationLoss: [
        "val/loss", "validation/loss", "eval/loss", "eval_loss", "val_loss", "validation_loss",
        "valid_loss", "valid/loss",
      ],
      .learningRate: [
        "learning_rate", "lr", "train/lr", "train/learning_rate", "lr-AdamW", "lr-*",
      ],
      .gradientNorm: ["grad_norm", "train/grad_norm", "gradient_norm"],
      .tokens: [
        "tokens", "train/tokens", "num_input_tokens_seen", "tokens_seen", "train/tokens_seen",
        "total_tokens", "consumed_tokens",
      ],
      .samples: ["samples", "consumed_samples", "train/samples"],
    ])

  private static let own: [String: [SettingName]] = [
    "params_total": [
      "params_total", "total_params", "n_params", "num_params", "num_parameters",
      "total_parameters", "model/params_total", "model_params", "params",
    ],
    "params_non_embedding": [
      "params_non_embedding", "non_embedding_params", "num_non_embedding_params",
    ],
    "params_active": ["params_active", "active_params"],
    "width": model("width", "hidden_size", "d_model", "n_embd", "dim", "embed_dim"),
    "layers": model("layers", "num_hidden_layers", "n_layer", "n_layers", "num_layers"),
    "heads": model("heads", "num_attention_heads", "n_head", "n_heads", "num_heads"),
    "kv_heads": model("kv_heads", "num_key_value_heads", "n_kv_heads"),
    "head_width": model("head_width", "head_dim"),
    "ffn_width": model("ffn_width", "intermediate_size", "n_inner", "d_ff", "ffn_dim"),
    "vocabulary": model("vocabulary", "vocab_size"),
    "tied": model("tied", "tie_word_embeddings", "tie_embeddings"),
    "experts": model("experts", "num_experts", "num_local_experts"),
    "experts_active": model("experts_active", "num_experts_per_tok"),
    "sequence_length": model(
      "sequence_length", "seq_len", "seq_length", "block_size", "context_length"),
    "batch_tokens": ["batch_tokens", "tokens_per_batch", "tokens_per_step", "global_batch_tokens"],
    "batch_sequences": [
      "global_batch_size", "total_batch_size",
    ],
    "tokens": ["tokens", "total_tokens", "train_tokens", "max_tokens"],
    "steps": ["steps", "max_steps", "total_steps", "num_steps", "train_steps", "max_iters"],
    "devices": ["devices", "world_size", "num_devices", "n_gpus", "num_gpus"],
    "learning_rate": ["learning_rate", "lr", "max_lr", "peak_lr", "optimizer/lr", "optimizer.lr"],
    "min_learning_rate": ["min_lr", "min_learning_rate"],
    "schedule.kind": ["schedule", "scheduler", "lr_schedule", "lr_scheduler"],
    "warmup_steps": ["warmup_steps", "num_warmup_steps", "warmup_iters"],
    "decay_steps": ["decay_steps", "lr_decay_steps", "lr_decay_iters"],
    "weight_decay.value": ["weight_decay", "wd", "optimizer/weight_decay"],
    "optimizer.name": ["optimizer", "optimizer_name", "optimizer/name"],
    "optimizer.beta1": ["beta1", "adam_beta1", "betas.0", "optimizer/beta1"],
    "optimizer.beta2": ["beta2", "adam_beta2", "betas.1", "optimizer/beta2"],
    "optimizer.epsilon": ["eps", "epsilon", "adam_eps"],
    "optimizer.clip": [
      "grad_clip", "gradient_clip_val", "clip", "max_grad_norm", "clip_grad_norm",
    ],
    "seed": ["seed", "random_seed", "tags.seed"],
  ]

  /// The keys alone, and in a group of the model's.
  private static func model(_ keys: String...) -> [SettingName] {
    ["", "model/", "model.", "config/", "config."].flatMap { group in
      keys.map { SettingName(group + $0) }
    }
  }
}
