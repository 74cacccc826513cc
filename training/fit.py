"""Train one network on a list of items: rewritten texts every epoch, AdamW, averaged weights. Deterministic."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from hushu.classify.tagger_features import Features, features
from training import lac, swap
from training.augment import Rewriter, cropped, joined
from training.corpus import Item
from training.labels import Target, quiet, silent, target
from training.network import Network, Shape
from training.recurrent import Recurrent
from training.resources import vocabulary_rows


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. ``chars`` is the size of a batch; ``blind`` texts an epoch have many words replaced and serve
    the teacher's head alone.
    """

    epochs: int = 14
    chars: int = 3500
    rate: float = 2.5e-3
    decay: float = 0.02
    average: float = 0.998
    seed: int = 20240607
    news_weight: float = 0.6
    type_weight: float = 0.7
    teacher_weight: float = 0.3
    blind: int = 1200
    shape: Shape = field(default_factory=Shape)


@dataclass(frozen=True, slots=True)
class Example:
    """Features, targets of our head and of the news head, and LAC's opinion."""

    seen: Features
    ours: Target
    news: Target
    opinion: npt.NDArray[np.float16]


def examples_of(items: Sequence[Item], blind: Sequence[str], teacher: lac.Teacher) -> list[Example]:
    """Compute what the network is shown and what it should say."""
    opinions = teacher.opinions([item.text for item in items] + list(blind))
    out = []
    for item, opinion in zip(items, opinions, strict=False):
        nothing = silent(len(item.text))
        ours, news = (quiet(item), target(item)) if item.news else (target(item), nothing)
        out.append(Example(features(item.text), ours, news, opinion))
    for text, opinion in zip(blind, opinions[len(items) :], strict=True):
        out.append(Example(features(text), silent(len(text)), silent(len(text)), opinion))
    return out


def epoch_items(items: Sequence[Item], rewriter: Rewriter, synth: Sequence[Item], rng: Random) -> list[Item]:
    """Return the texts of one epoch: every item once, most of them rewritten, some cropped or joined."""
    out: list[Item] = []
    for item in items:
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
        opinion[row, :n] = one.opinion
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
    """A running average of the weights: what is shipped."""

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
    """Parameter groups: tables decay more; what LAC already learnt moves more slowly."""
    out: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        slow = isinstance(network, Recurrent) and name.startswith(("char.", "gru."))
        decay = settings.decay if parameter.ndim == 2 and len(parameter) > 2000 and not slow else 0.01
        out.setdefault((0.3 if slow else 1.0, decay), []).append(parameter)
    return [{"params": p, "weight_decay": decay, "share": share} for (share, decay), p in out.items()]


def fit(
    items: Sequence[Item], settings: Settings, synth: object = None, log: str = "", recurrent: bool = False
) -> Network | Recurrent:
    """Train on ``items``; ``synth`` maps a random source to the synthetic items of one epoch."""
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    rng = Random(settings.seed)
    network = Recurrent(pretrained()) if recurrent else Network(settings.shape, pretrained())
    average = Average(network, settings.average)
    optimizer = torch.optim.AdamW(_groups(network, settings), lr=settings.rate, betas=(0.9, 0.98))
    rewriter = Rewriter(items)
    teacher = lac.Teacher()
    for epoch in range(settings.epochs):
        started, total = time.time(), 0.0
        fresh = epoch_items(items, rewriter, synth(rng) if callable(synth) else (), rng)
        fresh = [item for item in fresh if item.text]
        blind = [
            swap.swapped(item.text, 0.5, rng) for item in rng.sample(fresh, min(settings.blind, len(fresh)))
        ]
        groups = list(batches(examples_of(fresh, blind, teacher), settings.chars, rng))
        for step, group in enumerate(groups):
            done = (epoch + step / len(groups)) / settings.epochs
            rate = settings.rate * min(1, done * 25 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * done))
            for part in optimizer.param_groups:
                part["lr"] = rate * part["share"]
            loss = batch_loss(network, group, settings)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            average.update(network)
            total += loss.item()
        if log:
            seen = sum(e.seen.ids.shape[1] for group in groups for e in group)
            mean = total / len(groups)
            print(
                f"{log} epoch {epoch} loss {mean:.4f} {seen} chars {time.time() - started:.0f} s", flush=True
            )
    return average.network
