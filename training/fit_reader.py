"""Train the reader.

python -m training.fit_reader --uner uner_train.jsonl                            the packaged reader
python -m training.fit_reader --uner uner_train.jsonl --hold a-hotline -o DIR     measured on a-hotline alone

One thread, fixed seeds: the same machine gives the same file again. ``--weights`` keeps the float weights.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from hushu.classify.reader_tokens import END, PAD, START, UNKNOWN, Pieces
from hushu.classify.tagger import foreign_share
from hushu.classify.tagger_features import Features, features_of
from training import MODELS, pretrained
from training.augment import Rewriter
from training.corpus import Item
from training.export_reader import export
from training.fit import batches, epoch_items, loss_of, stacked
from training.labels import Target, quiet, silent, target
from training.reader import Reader, ReaderShape
from training.synth import synthetic
from training.train import news, texts

LONGEST = 510  # pieces


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. ``chars`` is the size of a batch; the rates are the highest of layers and heads.

    ``plain`` is the share of the all but purely Chinese texts that an epoch shows: the reader is not asked there.
    """

    epochs: int = 5
    chars: int = 3000
    layer_rate: float = 1e-4
    head_rate: float = 1.5e-3
    synthetic: int = 300
    news: int = 4000
    plain: float = 0.33
    hidden_pieces: float = 0.02
    seed: int = 20261122


@dataclass(frozen=True, slots=True)
class Example:
    """What the reader sees of a text, and what it should say."""

    seen: Features
    pieces: list[int]
    where: npt.NDArray[np.int64]
    ours: Target
    news: Target


@cache
def pieces() -> Pieces:
    """Return the reader's pieces."""
    file, rows = pretrained.wheel(), pretrained.kept()
    return Pieces([file.pieces[row] for row in rows], [float(file.scores[row]) for row in rows])


def examples_of(items: Sequence[Item]) -> list[Example]:
    """Compute features and targets."""
    out = []
    for item, seen in zip(items, features_of([item.text for item in items]), strict=True):
        nothing = silent(len(item.text))
        ours, news = (quiet(item), target(item)) if item.news else (target(item), nothing)
        out.append(Example(seen, *pieces().cut(item.text), ours, news))
    return out


def padded(group: Sequence[Example]) -> tuple[Tensor, ...]:
    """Stack a batch: ids (batch, 5, length), flags, piece rows (batch, pieces), places, mask (batch, length)."""
    size, length = len(group), max(e.seen.ids.shape[1] for e in group)
    count = min(LONGEST, max(len(e.pieces) for e in group)) + 2
    ids = np.zeros((size, 5, length), dtype=np.int64)
    flags = np.zeros((size, length), dtype=np.int64)
    mask = np.zeros((size, length), dtype=np.float32)
    rows = np.full((size, count), PAD, dtype=np.int64)
    where = np.zeros((size, length), dtype=np.int64)
    for row, one in enumerate(group):
        n = one.seen.ids.shape[1]
        ids[row, :, :n], flags[row, :n], mask[row, :n] = one.seen.ids, one.seen.flags, 1
        shown = [START, *one.pieces[:LONGEST], END]
        rows[row, : len(shown)] = shown
        where[row, :n] = np.minimum(one.where, len(shown) - 1)
    ids_, flags_, rows_, where_, mask_ = map(torch.from_numpy, (ids, flags, rows, where, mask))
    return ids_, flags_, rows_, where_, mask_


def batch_loss(reader: Reader, group: Sequence[Example], hidden_pieces: float) -> Tensor:
    """Return the loss of one batch, mean a character."""
    ids, flags, rows, where, mask = padded(group)
    hidden = (torch.rand(rows.shape) < hidden_pieces) & (rows > UNKNOWN)
    rows = torch.where(hidden, torch.full_like(rows, UNKNOWN), rows)
    ours, news = reader(ids, flags, rows, where, mask)
    length = ids.shape[2]
    loss = loss_of(ours, stacked([e.ours for e in group], length), 0.7)
    loss = loss + loss_of(news, stacked([e.news for e in group], length), 1.0)
    return loss / mask.sum()


def _groups(reader: Reader, settings: Settings) -> list[dict[str, object]]:
    layers = [*reader.layers.parameters(), *reader.norm.parameters()]
    known = {id(p) for p in layers}
    heads = [p for p in reader.parameters() if id(p) not in known]
    parts = ((layers, settings.layer_rate), (heads, settings.head_rate))
    return [{"params": params, "top": rate, "weight_decay": 0.01} for params, rate in parts]


def _foreign(text: str) -> bool:
    """Whether the reader should know texts of this kind well; it is asked for fewer."""
    return foreign_share(text) >= 0.08


def fit(items: Sequence[Item], uner: Sequence[Item], settings: Settings, log: str) -> Reader:
    """Train on ``items`` and, every epoch, some of the news sentences."""
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    rng = Random(settings.seed)
    reader = Reader(ReaderShape())
    optimizer = torch.optim.AdamW(_groups(reader, settings), lr=1e-4, betas=(0.9, 0.98), fused=True)
    rewriter = Rewriter(items)
    for epoch in range(settings.epochs):
        started, total = time.time(), 0.0
        some = rng.sample(list(uner), min(settings.news, len(uner)))
        shown = [item for item in items if rng.random() < settings.plain or _foreign(item.text)]
        fresh = epoch_items([*shown, *some], rewriter, synthetic(rng)[: settings.synthetic], rng)
        groups = list(batches(examples_of([item for item in fresh if item.text]), settings.chars, rng))  # type: ignore[arg-type,type-var]
        reader.train()
        for step, group in enumerate(groups):
            done = (epoch + step / len(groups)) / settings.epochs
            share = min(1, done * 20 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * done))
            for part in optimizer.param_groups:
                part["lr"] = part["top"] * share
            loss = batch_loss(reader, group, settings.hidden_pieces)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            total += loss.item()
            if step % 50 == 0:
                print(f"{log} {epoch} {step}/{len(groups)} {time.time() - started:.0f} s", flush=True)
        print(f"{log} epoch {epoch} loss {total / len(groups):.4f} {time.time() - started:.0f} s", flush=True)
    return reader.eval()


def main() -> None:
    """Parse the command line, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--uner", type=Path, required=True, nargs="+", help="UNER sentences, one JSON object a line"
    )
    parser.add_argument("--hold", default=[], nargs="+", help="stems of the files of texts to leave out")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--news", type=int, default=Settings().news, help="news sentences an epoch")
    parser.add_argument("--weights", type=Path, help="also keep the float weights here")
    parser.add_argument("-o", "--out", type=Path, default=MODELS, help="folder")
    options = parser.parse_args()
    settings = Settings(epochs=options.epochs, news=options.news)
    reader = fit(texts(options.hold), news(options.uner), settings, "+".join(options.hold) or "all")
    if options.weights:
        torch.save(reader.state_dict(), options.weights)
    export(reader, options.out)


if __name__ == "__main__":
    main()
