extension FieldNames {
  /// The names that people and trainers use wherever they log to: known besides each tool's own.
  ///
  /// A loss under a name that trainers mean differently has no average: `train/loss` is a mean since
  /// the last line (Hugging Face), of one step (levanter), of several batches (nanoGPT) or a moving
  /// average (nanochat).
  package static let common = FieldNames(
    settings: trainerSettings.mapValues { $0.map { SettingName($0) } },
    metrics: trainerMetrics)

  private static let trainerMetrics: [CurveField: [MetricName]] = [
    .loss: [
      MetricName("loss_metrics/global_avg_loss", .step), MetricName("lm loss", .step),
      MetricName("lm_loss", .step), MetricName("train/CE loss", .step),
      MetricName("train/CrossEntropyLoss", .step), MetricName("loss/train/total", .step),
      MetricName("train_loss_step", .step), MetricName("train/loss_step", .step), "train/loss",
      "train_loss", "loss", "Loss/train", "loss/train", "training_loss", "training/loss",
    ],
    .validationLoss: [
      "validation_metrics/loss", "lm loss validation", "eval/loss", "val/loss", "val_loss",
      "eval_loss", "valid/loss", "valid_loss", "validation/loss", "validation_loss", "Loss/val",
      "loss/val", "Loss/valid", "Loss/validation", "eval/lm/*/CE loss", "eval/*/CrossEntropyLoss",
      "metrics/eval/LanguageCrossEntropy", MetricName("val/bpb", unit: .bitsPerByte),
      MetricName("eval/bpb", unit: .bitsPerByte),
    ],
    .learningRate: [
      "learning-rate", "learning_rate", "train/learning_rate", "optim/learning_rate",
      "optim/LR (group 0)", "optim/LR", "optim/LR (*)", "optim/learning_rate_group0", "train/lr",
      "lr", "LR", "lr/*", "lr-*", "optimizer/lr", "trainer/learning_rate",
    ],
    .tokens: [
      "n_tokens_seen", "consumed_tokens", "throughput/total_tokens", "throughput/total tokens",
      "train/num_input_tokens_seen", "num_input_tokens_seen", "train/total_tokens",
      "train/tokens", "total_tokens", "tokens_seen", "tokens", "time/token",
    ],
    .samples: ["samples vs steps", "consumed_samples", "consumed samples", "time/sample"],
    .step: [
      "train/global_step", "trainer/global_step", "global_step", "iteration", "iter", "time/batch",
    ],
    .batchSequences: ["batch-size"],
    .gradientNorm: [
      "grad_norm", "grad-norm", "train/grad_norm", "optim/total grad norm",
      "optim/total_grad_norm", "grad/norm/total", "l2_norm/grad/global", "gradient_norm",
    ],
  ]

  /// Keys of settings, best first.
  private static let trainerSettings: [String: [String]] = [
    "params_total": [
      "params_total", "parameter_count", "num_parameters", "n_params", "num_params",
      "model/num_parameters", "total_params", "params",
    ],
    "params_non_embedding": [
      "params_non_embedding", "non_embedding_params", "num_non_embedding_params",
    ],
    "width": [
      "width", "hidden_size", "hidden_dim", "d_model", "n_embd", "dim", "model.hidden_size",
      "model.hidden_dim", "model.d_model", "model.n_embd", "model.dim", "model.width",
      "model.model_config.hidden_size", "model_config.hidden_size", "model_config.n_embd",
    ],
    "layers": [
      "layers", "num_layers", "num_hidden_layers", "n_layer", "n_layers", "depth",
      "model.num_layers", "model.num_hidden_layers", "model.n_layer", "model.n_layers",
      "model.layers", "model.model_config.num_hidden_layers", "model_config.num_hidden_layers",
      "model_config.n_layer",
    ],
    "heads": [
      "heads", "num_attention_heads", "num_heads", "n_head", "n_heads", "model.num_heads",
      "model.num_attention_heads", "model.n_head", "model.n_heads", "model.heads",
      "model.model_config.num_attention_heads", "model_config.num_attention_heads",
    ],
    "kv_heads": [
      "kv_heads", "num_key_value_heads", "num_query_groups", "n_kv_heads", "num_kv_heads",
      "n_query_groups", "model.num_kv_heads", "model.num_key_value_heads", "model.n_kv_heads",
      "model.model_config.num_key_value_heads", "model_config.num_key_value_heads",
    ],
    "head_width": ["head_width", "head_dim", "kv_channels", "head_size", "model.head_dim"],
    "ffn_width": [
      "ffn_width", "intermediate_size", "ffn_hidden_size", "intermediate_dim", "mlp_hidden_size",
      "model.intermediate_dim", "model.intermediate_size", "model.mlp_hidden_size",
      "model.model_config.intermediate_size", "model_config.intermediate_size",
    ],
    "vocabulary": [
      "vocabulary", "vocab_size", "padded_vocab_size", "model.vocab_size", "model.vocabulary",
      "model.model_config.vocab_size", "model_config.vocab_size",
    ],
    "tied": [
      "tied", "tie_word_embeddings", "weight_tying", "tie_embeddings", "model.tied",
      "model.tie_word_embeddings", "model.weight_tying",
      "model.model_config.tie_word_embeddings", "model_config.tie_word_embeddings",
    ],
    "experts": ["experts", "num_experts", "num_local_experts", "n_experts", "model.num_experts"],
    "experts_active": [
      "experts_active", "moe_router_topk", "num_experts_per_tok", "top_k_experts",
      "model.num_experts_per_tok",
    ],
    "sequence_length": [
      "sequence_length", "seq_length", "seq_len", "max_seq_length", "max_seq_len",
      "max_sequence_length", "block_size", "context_length", "training.seq_len",
      "train.max_seq_length", "train_seq_len", "model.max_sequence_length", "model.seq_len",
      "tokens.sequence_length", "dataset.sequence_length", "n_positions",
      "max_position_embeddings", "model_config.max_position_embeddings",
    ],
    "batch_tokens": [
      "batch_tokens", "tokens_per_batch", "tokens_per_step", "batch_size_in_tokens",
      "total_batch_size", "tokens_per_iter", "training.num_tokens_per_train_step",
      "data_loader.global_batch_size",
    ],
    "batch_sequences": [
      "batch_sequences", "global_batch_size", "global_train_batch_size",
      "training.global_batch_size", "train.global_batch_size", "trainer.train_batch_size",
    ],
    // All sequences of a step, unless gradients are accumulated.
    "batch_size": ["batch_size", "training.batch_size"],
    // Where a trainer says no batch but its parts; `batch_size` is such a part beside the second.
    "batch_sequences_per_device": [
      "per_device_train_batch_size", "args.per_device_train_batch_size", "micro_batch_size",
      "train.micro_batch_size", "training.local_batch_size", "tokens.micro_batch_size",
      "device_batch_size",
    ],
    "accumulation_steps": [
      "gradient_accumulation_steps", "args.gradient_accumulation_steps",
      "accumulate_grad_batches", "tokens.batch_accumulation_per_replica",
    ],
    "steps": [
      "steps", "train_steps", "max_steps", "num_train_steps", "total_steps", "train_iters",
      "max_iters", "num_iterations", "num_steps", "training.steps", "train.max_steps",
      "trainer.num_train_steps", "tokens.train_steps", "args.max_steps",
    ],
    "tokens": [
      "tokens", "total_tokens", "max_tokens", "train_tokens", "train.max_tokens", "token_budget",
    ],
    "learning_rate": [
      "learning_rate", "lr", "max_lr", "peak_lr", "optimizer.lr", "optimizer.learning_rate",
      "optim.lr", "optim.learning_rate", "training.lr", "training.learning_rate",
      "optimizer.learning_rate_scheduler.learning_rate", "train_module.optim.lr",
      "args.learning_rate", "train.learning_rate",
    ],
    "min_learning_rate": [
      "min_learning_rate", "min_lr", "final_lr", "schedule.min_lr", "optimizer.min_lr",
      "scheduler.min_lr", "optimizer.learning_rate_scheduler.min_decay_lr", "train.min_lr",
    ],
    "schedule.floor": [
      "min_lr_ratio", "optimizer.min_lr_ratio", "lr_scheduler.min_lr_factor", "scheduler.alpha_f",
      "train_module.scheduler.alpha_f",
    ],
    "warmup_steps": [
      "warmup_steps", "warmup_iters", "lr_warmup_iters", "num_warmup_steps", "lr_warmup_steps",
      "schedule.warmup_steps", "scheduler.warmup_steps", "training.warmup_steps",
      "lr_scheduler.warmup_steps", "scheduler.t_warmup", "train.lr_warmup_steps",
      "train_module.scheduler.warmup", "train_module.scheduler.warmup_steps",
      "optimizer.learning_rate_scheduler.lr_warmup_steps", "args.warmup_steps",
    ],
    "decay_steps": [
      "decay_steps", "lr_wsd_decay_iters", "cooldown_steps", "schedule.decay_steps",
      "optimizer.learning_rate_scheduler.lr_decay_steps", "train_module.scheduler.decay_steps",
    ],
    "schedule.decay": ["decay_fraction", "lr_scheduler.decay_ratio", "warmdown_ratio"],
    "weight_decay.value": [
      "weight_decay", "wd", "optimizer.weight_decay", "optim.weight_decay", "optimizer.wd",
      "training.weight_decay", "train_module.optim.weight_decay", "args.weight_decay",
    ],
    "optimizer.beta1": [
      "beta1", "adam_beta1", "optimizer.beta1", "optimizer.betas.0", "optim.betas.0", "betas.0",
      "optimizer.optimizer_factory.adam_beta1", "train_module.optim.betas.0", "args.adam_beta1",
    ],
    "optimizer.beta2": [
      "beta2", "adam_beta2", "optimizer.beta2", "optimizer.betas.1", "optim.betas.1", "betas.1",
      "optimizer.optimizer_factory.adam_beta2", "train_module.optim.betas.1", "args.adam_beta2",
    ],
    "optimizer.epsilon": [
      "eps", "epsilon", "adam_eps", "adam_epsilon", "optimizer.eps", "optimizer.epsilon",
      "optim.eps", "optimizer.optimizer_factory.adam_eps", "args.adam_epsilon",
    ],
    "optimizer.clip": [
      "grad_clip", "clip_grad", "max_grad_norm", "gradient_clip_val", "gradient_clipping",
      "optimizer.max_grad_norm", "optimizer.clip_grad", "optimizer.grad_clip", "training.max_norm",
      "train.max_norm", "train_module.max_grad_norm", "args.max_grad_norm",
    ],
    "seed": ["seed", "trainer.seed", "training.seed", "general.seed", "random_seed", "args.seed"],
    "optimizer.name": [
      "optimizer.name", "optimizer.type", "optimizer_name", "optim.name", "optimizer", "optim",
      "args.optim", "optimizer.optimizer_factory.name", "opt",
    ],
    "schedule.kind": [
      "schedule.kind", "lr_decay_style", "lr_schedule", "lr_scheduler", "scheduler", "schedule",
      "scheduler.name", "optimizer.lr_schedule", "lr_scheduler.decay_type", "lr_scheduler_type",
      "args.lr_scheduler_type", "optimizer.learning_rate_scheduler.lr_decay_style",
    ],
    "devices": ["devices", "world_size", "num_devices", "n_gpus"],
    "family": ["family", "model.family", "model_type", "model.model_type"],
    "warmup_ratio": ["warmup_ratio", "args.warmup_ratio", "lr_warmup_fraction", "warmup_fraction"],
    "params_active": ["params_active", "active_params", "num_active_params"],
    "schedule.warmup": ["warmup_tokens", "schedule.warmup_tokens"],
    "weight_decay.convention": ["weight_decay_convention", "decay_convention"],
    "parametrization": ["parametrization"],
    "corpus": ["corpus", "dataset", "dataset_name", "data.name"],
    "corpus_digest": ["corpus_digest"],
    "tokenizer": ["tokenizer", "tokenizer_name"],
    "trunk": ["trunk"],
  ]
}

extension FieldNames {
  /// What words mean in a record, whatever tool or key they come from.
  static let words: [String: [String: String]] = [
    "optimizer.name": [
      "adamw_torch": "adamw", "adamw_torch_fused": "adamw", "adamw_hf": "adamw",
      "adamw_apex_fused": "adamw", "adamw_torch_xla": "adamw", "fusedadamw": "adamw",
      "adamw": "adamw", "adam": "adam", "muon": "muon", "lion": "lion", "sgd": "sgd",
      "optimizernames.adamw_torch": "adamw", "optimizernames.adamw_torch_fused": "adamw",
      "adafactor": "adafactor",
    ],
    "schedule.kind": [
      "cosine": "cosine", "cosine_with_min_lr": "cosine", "schedulertype.cosine": "cosine",
      "cosine_with_warmup": "cosine", "linear": "linear", "schedulertype.linear": "linear",
      "constant": "constant", "constant_with_warmup": "constant",
      "schedulertype.constant": "constant",
      "schedulertype.constant_with_warmup": "constant", "wsd": "wsd",
      "warmup_stable_decay": "wsd", "warmup-stable-decay": "wsd",
      "schedulertype.warmup_stable_decay": "wsd", "inverse-square-root": "inverse_sqrt",
      "inverse_sqrt": "inverse_sqrt",
    ],
  ]
}
