"""Logs in the format of Megatron-LM's stdout. Nothing is trained: the values are made up."""

import datetime
import math
import random

README = """\
NOT made by Megatron-LM, which needs a GPU: written by `Tests/InteropTests/Python/make-fixtures.py` to the format
that `megatron/training/training.py` and `arguments.py` print (2026-08; `older.log`: 2023). The values are made up.

- `current.log`: lines with a time, throughput, a first line after one iteration, tensor and pipeline parallel
  of 2 (so four lines of parameters, which count the norms of a pipeline stage twice and padding of the
  vocabulary), validation on the way and at the end. It stops after iteration 130 and is started again
  from a checkpoint at 100, with its arguments printed a second time: iterations 110 to 130 come twice.
- `older.log`: no time, `learning rate` of three digits, fp16 with a loss scale, skipped iterations; from
  iteration 160 the loss is NaN: `lm loss` is left out and the iterations are counted as nan.
- `moe.log`: each line behind the rank of `srun --label`, times without fractions, load balancing
  losses, a batch that is ramped up, two validation sets, CRLF; the last line is cut off.
"""

MODEL = {
    "num_layers": 8, "hidden_size": 512, "ffn_hidden_size": 1376, "num_attention_heads": 8,
    "num_query_groups": 4, "group_query_attention": True, "kv_channels": 64, "seq_length": 2048,
    "max_position_embeddings": 2048, "vocab_size": 32000, "padded_vocab_size": 32128,
    "make_vocab_size_divisible_by": 128, "untie_embeddings_and_output_weights": True, "swiglu": True,
    "normalization": "RMSNorm", "add_bias_linear": False, "position_embedding_type": "rope",
    "rotary_base": 10000, "num_experts": None, "moe_router_topk": 2, "moe_ffn_hidden_size": None,
    "qk_layernorm": False,
}
TRAINING = {
    "lr": 0.003, "min_lr": 0.0003, "lr_decay_style": "cosine", "lr_decay_iters": None, "lr_decay_samples": None,
    "lr_warmup_iters": 20, "lr_warmup_fraction": None, "lr_warmup_samples": 0, "lr_warmup_init": 0.0,
    "lr_wsd_decay_style": "exponential", "lr_wsd_decay_iters": None, "decoupled_lr": None,
    "decoupled_min_lr": None, "weight_decay": 0.1, "start_weight_decay": 0.1, "end_weight_decay": 0.1,
    "weight_decay_incr_style": "constant", "optimizer": "adam", "adam_beta1": 0.9, "adam_beta2": 0.95,
    "adam_eps": 1e-08, "clip_grad": 1.0, "seed": 1234, "train_iters": 200, "train_samples": None,
    "global_batch_size": 128, "micro_batch_size": 4, "rampup_batch_size": None, "log_interval": 10,
    "eval_interval": 50, "eval_iters": 10, "save": "checkpoints", "load": "checkpoints", "save_interval": 100,
    "init_method_std": 0.02, "use_mup": False, "mup_base_hidden_size": None, "mup_embedding_mult": 1.0,
    "mup_output_mult": 1.0, "bf16": True, "fp16": False, "params_dtype": "torch.bfloat16", "loss_scale": None,
    "data_path": ["1.0", "data/web_text_document"], "split": "98,2,0", "tokenizer_type": "GPTSentencePieceTokenizer",
    "tensor_model_parallel_size": 2, "pipeline_model_parallel_size": 2, "context_parallel_size": 1,
    "expert_model_parallel_size": 1, "data_parallel_size": 2, "world_size": 8, "rank": 0,
    "sequence_parallel": True, "use_distributed_optimizer": True, "exit_duration_in_mins": None,
    "consumed_train_samples": 0, "consumed_valid_samples": 0, "iteration": 0, "transformer_impl": "transformer_engine",
}


class Log:
    """The lines of one file; `stamp` is how times are written, or none."""

    def __init__(self, seed, stamp=None):
        self.lines, self.noise, self.stamp = [], random.Random(seed), stamp
        self.time = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)

    def add(self, *lines):
        self.lines.extend(lines)

    def arguments(self, values):
        self.add("------------------------ arguments ------------------------")
        for name in sorted(values, key=str.lower):
            self.add(f"  {name} {'.' * (48 - len(name))} {values[name]}")
        self.add("-------------------- end of arguments ---------------------")

    def iteration(self, number, total, samples, batch, rate, losses, skipped=0, nan=0, norm=True, extra=(),
                  scale=1.0, throughput=True, rate_digits=6):
        self.time += datetime.timedelta(seconds=8.7)
        line = f" [{self.time.strftime(self.stamp)}]" if self.stamp else ""
        milliseconds = 870 + self.noise.random()
        line += f" iteration {number:8d}/{total:8d} | consumed samples: {samples:12d} |"
        line += f" elapsed time per iteration (ms): {milliseconds:.1f} |"
        if throughput:
            line += f" throughput per GPU (TFLOP/s/GPU): {312 + self.noise.random():.1f} |"
        line += f" learning rate: {rate:.{rate_digits}E} | global batch size: {batch:5d} |"
        for key, value in losses:
            line += f" {key}: {value:.6E} |"
        for key, value in extra:
            line += f" {key}: {value:.6E} |"
        line += f" loss scale: {scale:.1f} |"
        if norm:
            line += f" grad norm: {0.4 + 0.2 * self.noise.random():.3f} |"
            line += f" num zeros: {self.noise.randrange(900)} | params norm: {180 + number / 10:.3f} |"
        line += f" number of skipped iterations: {skipped:3d} | number of nan iterations: {nan:3d} |"
        self.add(line)

    def validation(self, where, loss, suffix=""):
        line = f" validation{suffix} loss at {where} | lm loss value: {loss:.6E} |"
        line += f" lm loss PPL: {math.exp(min(20, loss)):.6E} | "
        self.add("-" * (len(line) + 1), line, "-" * (len(line) + 1))


def rate(iteration, peak=3e-3, floor=3e-4, warmup=20, total=200):
    if iteration <= warmup:
        return peak * iteration / warmup
    return floor + (peak - floor) / 2 * (1 + math.cos(math.pi * (iteration - warmup) / (total - warmup)))


def loss(iteration, noise):
    return 2.4 + 8.2 * (1 + iteration / 4) ** -0.55 + noise.gauss(0, 0.01)


def window(first, last, noise):
    """The mean over the iterations since the last line."""
    values = [loss(iteration, noise) for iteration in range(first, last + 1)]
    return [("lm loss", sum(values) / len(values))]


def start(log, values, ranks):
    log.add("using world size: 8, data-parallel size: 2, context-parallel size: 1, "
            "hierarchical context-parallel sizes: None, tensor-model-parallel size: 2, "
            "pipeline-model-parallel size: 2",
            "using torch.bfloat16 for parameters ...")
    log.arguments(values)
    log.add("> building GPTSentencePieceTokenizer tokenizer ...",
            " > padded vocab (size: 32000) with 128 dummy tokens (new size: 32128)",
            "> initializing torch distributed ...",
            "time to initialize megatron (seconds): 12.345",
            "[after megatron is initialized] datetime: 2026-01-02 03:03:40 ",
            "building GPT model ...")
    for tensor, pipeline, count in ranks:
        log.add(f" > number of parameters on (tensor, pipeline) model parallel rank ({tensor}, {pipeline}): {count}")
    log.add(f"> learning rate decay style: {values['lr_decay_style']}")


# 8,224,768 of the embedding or the output, four layers of 1,451,008, and the last norm.
RANKS = [(0, 0, 14_028_800), (1, 0, 14_028_800), (0, 1, 14_029_312), (1, 1, 14_029_312)]


def current():
    log = Log(1, "%Y-%m-%d %H:%M:%S.%f")

    def part(first, last):
        log.add("[before the start of training step] datetime: 2026-01-02 03:04:00 ")
        for iteration in range(first, last + 1, 10):
            if iteration == 10:
                log.iteration(1, 200, 128, 128, rate(1), window(1, 1, log.noise))
                log.add("Number of parameters in transformer block in billions:  0.02",
                        "Number of parameters in embedding layers in billions: 0.03",
                        "Total number of parameters in billions: 0.06",
                        "[Rank 0] (after 1 iterations) memory (MB) | allocated: 512.25 | max allocated: 2048.5 | "
                        "reserved: 2304.0 | max reserved: 2304.0")
            log.iteration(iteration, 200, 128 * iteration, 128, rate(iteration),
                          window(iteration - 9, iteration, log.noise))
            if iteration % 50 == 0:
                log.add("(min, max) time across ranks (ms):",
                        "    evaluate .......................................: (1234.56, 1234.78)")
                log.validation(f"iteration {iteration}", loss(iteration, log.noise) + 0.03)
            if iteration % 100 == 0:
                log.add(f"saving checkpoint at iteration {iteration:7d} to checkpoints in torch_dist format",
                        f"  successfully saved checkpoint from iteration {iteration:7d} to checkpoints "
                        "[ t 1/2, p 1/2 ]")

    values = {**MODEL, **TRAINING}
    start(log, values, RANKS)
    log.add("WARNING: could not find the metadata file checkpoints/latest_checkpointed_iteration.txt",
            "    will not load any checkpoints and will start from random")
    part(10, 130)
    log.add("slurmstepd: error: *** STEP 12345.0 CANCELLED DUE TO NODE FAILURE ***")
    start(log, values, RANKS)
    log.add(" loading distributed checkpoint from checkpoints at iteration 100",
            "  successfully loaded checkpoint from checkpoints [ t 1/2, p 1/2 ] at iteration 100")
    part(110, 200)
    log.add("[after training is done] datetime: 2026-01-02 03:40:00 ")
    log.validation("iteration 200 on validation set", 2.871234)
    log.validation("iteration 200 on test set", 2.881234)
    return "\n".join(log.lines) + "\n"


def older():
    log = Log(2)
    old = {"lr_decay_style": "linear", "fp16": True, "bf16": False, "params_dtype": "torch.float16", "lr": 0.03,
           "tensor_model_parallel_size": 1, "pipeline_model_parallel_size": 1, "data_parallel_size": 8,
           "normalization": "LayerNorm"}
    values = {name: value for name, value in {**MODEL, **TRAINING, **old}.items()
              if not name.startswith(("use_mup", "mup_", "lr_wsd", "decoupled", "context", "group_query"))}
    log.add("using world size: 8, data-parallel-size: 8, tensor-model-parallel size: 1, "
            "pipeline-model-parallel size: 1 ")
    log.arguments(values)
    log.add(" > number of parameters on (tensor, pipeline) model parallel rank (0, 0): 56111616",
            "> learning rate decay style: linear",
            "[before the start of training step] datetime: 2023-01-02 03:04:00 ")
    for iteration in range(10, 201, 10):
        gone = iteration >= 160
        losses = [] if gone else window(iteration - 9, iteration, log.noise)
        log.iteration(iteration, 200, 128 * iteration, 128, 0.03 * (1 - iteration / 200), losses,
                      skipped=1 if iteration == 10 else 0, nan=10 if gone else 0, norm=not gone,
                      scale=65536.0 if iteration < 50 else 32768.0, throughput=False, rate_digits=3)
        if iteration % 100 == 0:
            log.validation(f"iteration {iteration}", loss(iteration, log.noise) if not gone else math.nan)
    return "\n".join(log.lines) + "\n"


def moe():
    log = Log(3, "%Y-%m-%d %H:%M:%S")
    values = {**MODEL, **TRAINING, "num_experts": 8, "moe_ffn_hidden_size": 688, "ffn_hidden_size": 688,
              "moe_aux_loss_coeff": 0.01, "moe_z_loss_coeff": 0.001, "rampup_batch_size": ["64", "64", "12800"],
              "multiple_validation_sets": True, "train_iters": 300, "train_samples": None}
    start(log, values, [(t, p, 34_567_890 + p) for p in (0, 1) for t in (0, 1)])
    samples = 0
    for iteration in range(10, 301, 10):
        batch = 64 if samples < 6400 else 128
        samples += 10 * batch
        log.iteration(iteration, 300, samples, batch, rate(iteration, total=300),
                      window(iteration - 9, iteration, log.noise),
                      extra=[("load_balancing_loss", 1 + 0.1 * log.noise.random()), ("z_loss", 0.003)])
        if iteration % 100 == 0:
            for index in (0, 1):
                log.validation(f"iteration {iteration}", loss(iteration, log.noise) + index, f"-{index}")
    labelled = "".join(f"7: {line}\r\n" for line in log.lines)
    return labelled[:labelled.rindex("loss scale")]


def make(folder):
    kept = folder / "megatron"
    kept.mkdir()
    for name, text in (("current", current()), ("older", older()), ("moe", moe())):
        (kept / f"{name}.log").write_bytes(text.encode())
    (kept / "README.md").write_text(README)
