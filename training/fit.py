"""Train one network on a list of items: texts rewritten every epoch, AdamW, averaged weights."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from hushu.classify.tagger_features import Features, features_of
from training import lac, resume, swap
from training.augment import Rewriter, cropped, joined
from training.corpus import Item
from training.labels import Target, quiet, silent, target
from training.network import Network, Shape
from training.resources import vocabulary_rows

NEWS_SKIPPED = 0.25  # share of the news sentences that an epoch leaves out, to save time


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. ``chars`` is the size of a batch.

    ``blind`` texts an epoch have many words replaced and serve the teacher's head alone.
    """

    epochs: int = 13
    chars: int = 1500
    rate: float = 2.5e-3
    decay: float = 0.02
    average: float = 0.995
    seed: int = 20240607
    news_weight: float = 1.0
    type_weight: float = 0.7
    teacher_weight: float = 0.3
    blind: int = 500
    shape: Shape = field(default_factory=Shape)


@dataclass(frozen=True, slots=True)
class Example:
    """Features, targets of our head and of the news head, and LAC's opinion."""

    seen: Features
    ours: Target
    news: Target
    opinion: npt.NDArray[np.float16]


def examples_of(
    items: Sequence[Item], blind: Sequence[str], teacher: lac.Teacher, asked: Sequence[bool] = ()
) -> list[Example]:
    """Compute what the network is shown and what it should say; LAC sees ``asked`` items and blind texts."""
    texts = [item.text for item in items] + list(blind)
    asked = [*(asked or [True] * len(items)), *([True] * len(blind))]
    opinions = teacher.opinions([text if ask else "" for text, ask in zip(texts, asked, strict=True)])
    seen = features_of(texts)
    out = []
    for place, text in enumerate(texts):
        ours = news = silent(len(text))
        if place < len(items):
            item = items[place]
            ours, news = (quiet(item), target(item)) if item.news else (target(item), news)
        out.append(Example(seen[place], ours, news, opinions[place]))
    return out


def epoch_items(items: Sequence[Item], rewriter: Rewriter, synth: Sequence[Item], rng: Random) -> list[Item]:
    """Return the texts of one epoch: every item once, most of them rewritten, some cropped or joined."""
    out: list[Item] = []
    for item in items:
        if item.news and rng.random() < NEWS_SKIPPED:
            continue
        fresh = rewriter.rewrite(item, rng) if rng.random() < 0.85 else item
        chance = rng.random()
        if chance < 0.1:
            fresh = cropped(fresh, rng)
        elif chance < 0.16 and not fresh.news and out and not out[-1].news:
            fresh = joined(out.pop(), fresh, rng)
        out.append(fresh)
    out.extend(synth)
    return out


def batches(examples: Sequence[Example], chars: int, rng: Random) -> Iterator[list[Example]]:
    """Group examples of like length into batches of about ``chars`` characters, in random order."""
    order = sorted(examples, key=lambda e: e.seen.ids.shape[1] * (1 + 0.1 * rng.random()))
    groups: list[list[Example]] = [[]]
    widest = 0
    for one in order:
        widest = max(widest, one.seen.ids.shape[1])
        if groups[-1] and widest * (len(groups[-1]) + 1) > chars:
            groups.append([])
            widest = one.seen.ids.shape[1]
        groups[-1].append(one)
    rng.shuffle(groups)
    yield from groups


@dataclass(frozen=True, slots=True)
class Wanted:
    """Targets of a batch; shapes (batch, length, 5), (batch, length, 2), (batch, length)."""

    borders: Tensor
    types: Tensor
    weight: Tensor


def stacked(targets: Sequence[Target], length: int) -> Wanted:
    """Pad and stack targets."""
    borders = np.zeros((len(targets), length, 5), dtype=np.float32)
    types = np.full((len(targets), length, 2), -1, dtype=np.int64)
    weight = np.zeros((len(targets), length), dtype=np.float32)
    for row, one in enumerate(targets):
        n = len(one.weight)
        borders[row, :n], types[row, :n], weight[row, :n] = one.borders, one.types, one.weight
    return Wanted(torch.from_numpy(borders), torch.from_numpy(types), torch.from_numpy(weight))


def padded(group: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Stack the inputs of a batch and LAC's opinions: (batch, 5, length), twice (batch, length), (…, 57)."""
    size, length = len(group), max(e.seen.ids.shape[1] for e in group)
    ids = np.zeros((size, 5, length), dtype=np.int64)
    flags = np.zeros((size, length), dtype=np.int64)
    mask = np.zeros((size, length), dtype=np.float32)
    opinion = np.zeros((size, length, lac.KNOWN_TAGS), dtype=np.float32)
    for row, one in enumerate(group):
        n = one.seen.ids.shape[1]
        ids[row, :, :n], flags[row, :n], mask[row, :n] = one.seen.ids, one.seen.flags, 1
        opinion[row, : len(one.opinion)] = one.opinion  # empty where LAC was not asked
    ids_, flags_, mask_, opinion_ = (torch.from_numpy(a) for a in (ids, flags, mask, opinion))
    return ids_, flags_, mask_, opinion_


def loss_of(logits: Tensor, wanted: Wanted, type_weight: float) -> Tensor:
    """Negative log share of the accepted borders, and of the accepted types inside spans; summed."""
    border = torch.log_softmax(logits[..., :5], dim=-1)
    accepted = torch.where(wanted.borders > 0, wanted.borders.clamp_min(1e-6).log(), torch.tensor(-30.0))
    loss = -(torch.logsumexp(border + accepted, dim=-1).clamp_max(0) * wanted.weight).sum()
    inside = wanted.types[..., 0] >= 0
    if inside.any():
        kind = torch.log_softmax(logits[..., 5:][inside], dim=-1)
        rows = wanted.types[inside]
        first, second = kind.gather(1, rows[:, :1]), kind.gather(1, rows[:, 1:])
        both = torch.where(rows[:, :1] == rows[:, 1:], first, torch.logaddexp(first, second))
        loss = loss - type_weight * (both[:, 0] * wanted.weight[inside]).sum()
    return loss


def batch_loss(network: Network, group: Sequence[Example], settings: Settings) -> Tensor:
    """Return the loss of one batch, mean a character."""
    ids, flags, mask, opinion = padded(group)
    ours, news, teacher = network(ids, flags, mask)
    length = ids.shape[2]
    loss = loss_of(ours, stacked([e.ours for e in group], length), settings.type_weight)
    loss = loss + settings.news_weight * loss_of(news, stacked([e.news for e in group], length), 1.0)
    doubt = -(opinion * torch.log_softmax(teacher, dim=-1)).sum()
    return (loss + settings.teacher_weight * doubt) / mask.sum()


class Average:
    """A running average of the weights, moved every fourth step: what is shipped."""

    def __init__(self, network: nn.Module, share: float) -> None:
        self.network = copy.deepcopy(network).eval()
        self.share = share
        self.steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Move the average towards the current weights."""
        self.steps += 1
        share = min(self.share, self.steps / (self.steps + 20))
        for mine, other in zip(self.network.parameters(), network.parameters(), strict=True):
            mine.lerp_(other, 1 - share)


def pretrained() -> npt.NDArray[np.float32]:
    """Return LAC's vector for every row of the character table; zeros for padding, unknown and line end."""
    edge = np.zeros((2, 128), np.float32)
    return np.concatenate([edge, lac.vectors(vocabulary_rows()), edge[:1]])


def _groups(network: nn.Module, settings: Settings) -> list[dict[str, object]]:
    """Parameter groups: the large tables decay more than the rest."""
    large = [p for p in network.parameters() if p.ndim == 2 and len(p) > 2000]
    rest = [p for p in network.parameters() if not (p.ndim == 2 and len(p) > 2000)]
    return [{"params": large, "weight_decay": settings.decay}, {"params": rest, "weight_decay": 0.01}]


Synth = Callable[[Random], Sequence[Item]]


def fit(
    items: Sequence[Item], settings: Settings, synth: Synth, log: str = "", start: Path | None = None
) -> Network:
    """Train on ``items``; ``synth`` draws the synthetic items of one epoch, ``start`` is a model to go on from."""
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    rng = Random(settings.seed)
    network = Network(settings.shape, pretrained())
    if start:
        resume.load(network, start)
    average = Average(network, settings.average)
    optimizer = torch.optim.AdamW(_groups(network, settings), lr=settings.rate, betas=(0.9, 0.98), fused=True)
    rewriter = Rewriter(items)
    teacher = lac.Teacher()
    for epoch in range(settings.epochs):
        started, total = time.time(), 0.0
        fresh = epoch_items(items, rewriter, synth(rng), rng)
        fresh = [item for item in fresh if item.text]
        blind = [
            swap.swapped(item.text, 0.5, rng) for item in rng.sample(fresh, min(settings.blind, len(fresh)))
        ]
        asked = [rng.random() < 0.3 for _ in fresh]
        groups = list(batches(examples_of(fresh, blind, teacher, asked), settings.chars, rng))
        for step, group in enumerate(groups):
            done = (epoch + step / len(groups)) / settings.epochs
            rate = settings.rate * min(1, done * 25 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * done))
            for part in optimizer.param_groups:
                part["lr"] = rate
            loss = batch_loss(network, group, settings)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            if step % 4 == 0:
                average.update(network)
            total += loss.item()
        if log:
            seen = sum(e.seen.ids.shape[1] for group in groups for e in group)
            mean = total / len(groups)
            print(
                f"{log} epoch {epoch} loss {mean:.4f} {seen} chars {time.time() - started:.0f} s", flush=True
            )
    return average.network
