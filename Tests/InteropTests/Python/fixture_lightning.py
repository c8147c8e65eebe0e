"""A small model that Lightning trains and logs to CSV."""

import logging
import warnings

import lightning
import torch
from lightning.pytorch.loggers import CSVLogger

README = """\
What `CSVLogger` of lightning {lightning} (torch {torch}) writes of 120 steps of a bigram model, made by
`Tests/InteropTests/Python/make-fixtures.py`: `version_0` finished, in `version_1` the loss becomes NaN.
"""


class Bigrams(lightning.LightningModule):
    def __init__(self, width=16, vocabulary=32, lr=3e-2, weight_decay=0.1, warmup_steps=10, batch_size=8,
                 sequence_length=16, spoil_at=None):
        super().__init__()
        self.save_hyperparameters()
        self.model = torch.nn.Sequential(torch.nn.Embedding(vocabulary, width), torch.nn.Linear(width, vocabulary))

    def loss(self, batch):
        tokens, = batch
        output = self.model(tokens[:, :-1])
        return torch.nn.functional.cross_entropy(output.flatten(0, 1), tokens[:, 1:].flatten())

    def training_step(self, batch, _):
        loss = self.loss(batch)
        if self.hparams.spoil_at is not None and self.global_step >= self.hparams.spoil_at:
            loss = loss * float("nan")
        self.log("train/loss", loss)
        self.log("lr", self.optimizers().param_groups[0]["lr"])
        return loss

    def validation_step(self, batch, _):
        self.log("val/loss", self.loss(batch))

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr,
                                      weight_decay=self.hparams.weight_decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min((step + 1) / self.hparams.warmup_steps, 1) * (1 - step / 121))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def loader(count, seed):
    source = torch.Generator().manual_seed(seed)
    first = torch.randint(0, 32, (count, 1), generator=source)
    rows = (first + 3 * torch.arange(17) + torch.randint(0, 3, (count, 17), generator=source)) % 32
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(rows), batch_size=8)


def train(folder, **settings):
    lightning.seed_everything(1, verbose=False)
    trainer = lightning.Trainer(
        accelerator="cpu", devices=1, max_steps=120, log_every_n_steps=5, val_check_interval=20,
        enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False,
        logger=CSVLogger(str(folder), name="lightning", flush_logs_every_n_steps=20))
    trainer.fit(Bigrams(**settings), loader(320, 1), loader(64, 2))


def make(folder):
    torch.set_num_threads(1)
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    train(folder)
    train(folder, lr=0.3, spoil_at=80)
    versions = {"lightning": lightning.__version__, "torch": torch.__version__}
    (folder / "lightning" / "README.md").write_text(README.format(**versions))
