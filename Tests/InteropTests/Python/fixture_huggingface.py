"""A small Llama that the Trainer of transformers trains on tokens of chance."""

import os
import shutil

os.environ["HF_HUB_OFFLINE"] = "1"

import accelerate
import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainingArguments

README = """\
What the Trainer of transformers {transformers} (accelerate {accelerate}, torch {torch}) leaves of 60 steps of a
Llama of width 32 on the CPU, made by `Tests/InteropTests/Python/make-fixtures.py`.

`run` is a run with a cosine schedule and warm-up, evaluated on the way, with its checkpoints at steps 30
and 60; `run/trainer_state.json` and `run/model.safetensors` are of its end. In `diverged` weights become NaN at
step 8. Weights of checkpoints, optimizer states and pickles (`training_args.bin`) are left out.
"""

KEPT = {"trainer_state.json", "config.json", "generation_config.json", "model.safetensors", "train_results.json",
        "eval_results.json", "all_results.json"}


class Tokens(torch.utils.data.Dataset):
    def __init__(self, count, seed):
        source = torch.Generator().manual_seed(seed)
        first = torch.randint(0, 64, (count, 1), generator=source)
        stride = torch.randint(1, 4, (count, 1), generator=source)
        self.rows = (first + stride * torch.arange(33)) % 64

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return {"input_ids": self.rows[index], "labels": self.rows[index]}


def train(folder, rate, steps, spoil_at=None):
    transformers.set_seed(1)
    model = LlamaForCausalLM(LlamaConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, vocab_size=64, max_position_embeddings=64, tie_word_embeddings=False))
    arguments = TrainingArguments(
        output_dir=str(folder), max_steps=steps, per_device_train_batch_size=8, gradient_accumulation_steps=2,
        learning_rate=rate, weight_decay=0.1, lr_scheduler_type="cosine", warmup_steps=6, logging_steps=5,
        logging_first_step=True, eval_strategy="steps", eval_steps=20, save_steps=30, report_to=[],
        use_cpu=True, disable_tqdm=False, seed=1, logging_nan_inf_filter=False,
        include_num_input_tokens_seen="all", save_only_model=True)

    class Spoil(transformers.TrainerCallback):
        def on_step_end(self, arguments, state, control, model=None, **others):
            if state.global_step == spoil_at:
                with torch.no_grad():
                    model.lm_head.weight.fill_(float("nan"))

    trainer = Trainer(model=model, args=arguments, train_dataset=Tokens(512, 1), eval_dataset=Tokens(64, 2),
                      callbacks=[Spoil()])
    result = trainer.train()
    trainer.save_model()
    trainer.save_metrics("train", result.metrics)
    trainer.save_metrics("eval", trainer.evaluate())
    trainer.save_state()


def make(folder):
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    kept = folder / "huggingface"
    train(kept / "run", rate=1e-2, steps=60)
    train(kept / "diverged", rate=1e-2, steps=20, spoil_at=8)
    for file in kept.rglob("*"):
        if file.is_file() and file.name not in KEPT:
            file.unlink()
    for file in kept.glob("*/**/*.safetensors"):
        if file != kept / "run" / "model.safetensors":
            file.unlink()
    versions = {"transformers": transformers.__version__, "accelerate": accelerate.__version__,
                "torch": torch.__version__}
    (kept / "README.md").write_text(README.format(**versions))
