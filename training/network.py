"""The network: embeddings of six features a character, residual dilated convolutions, two small heads.

The border head says outside, begin, inside, end or single; the type head says what the span is. Both exist
twice: once for our labels, once for UNER's (``news``), whose conventions differ; the second keeps them from
mixing and is what the news figure is measured with. A third head repeats what LAC says of every character: it
makes the layers learn words and parts of speech from a network that has read far more. It is not shipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from hushu.classify.tagger_features import BIGRAM_BUCKETS, FLAGS, POS_BUCKETS, RUN_BUCKETS, WORD_BUCKETS
from training.labels import NEWS_TYPES, TYPES
from training.lac import KNOWN_TAGS


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths of the network; ``dilations`` has one entry a block."""

    char: int = 64
    bigram: int = 32
    word: int = 32
    pos: int = 20
    run: int = 8
    flag: int = 12
    hidden: int = 224
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1)
    dropout: float = 0.25


class Embeddings(nn.Module):
    """The input layer. Characters are LAC's vectors (frozen) through a matrix, plus a difference."""

    def __init__(self, shape: Shape, pretrained: np.ndarray) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("lac", torch.from_numpy(pretrained))
        self.project = nn.Linear(pretrained.shape[1], shape.char, bias=False)
        self.char = nn.Embedding(len(pretrained), shape.char, padding_idx=0)
        self.bigram = nn.Embedding(BIGRAM_BUCKETS, shape.bigram, padding_idx=0)
        self.word = nn.Embedding(WORD_BUCKETS, shape.word, padding_idx=0)
        self.pos = nn.Embedding(POS_BUCKETS, shape.pos, padding_idx=0)
        self.run = nn.Embedding(RUN_BUCKETS, shape.run)
        self.flag = nn.Linear(FLAGS, shape.flag)
        bits = (np.arange(1 << FLAGS)[:, None] >> np.arange(FLAGS)) & 1
        self.register_buffer("bits", torch.from_numpy(bits.astype(np.float32)))
        for table, scale in (
            (self.char, 0.1),
            (self.bigram, 0.3),
            (self.word, 0.3),
            (self.pos, 0.4),
            (self.run, 0.4),
        ):
            nn.init.normal_(table.weight, std=scale)
            with torch.no_grad():
                table.weight[0] = 0

    @property
    def width(self) -> int:
        """Number of values a character enters the network with."""
        s = self.shape
        return s.char + s.bigram + s.word + s.pos + s.run + s.flag

    def forward(self, ids: Tensor, flags: Tensor) -> Tensor:
        """Embed ``ids`` (batch, 5, length) and ``flags`` (batch, length); returns (batch, length, width)."""
        char, bigram, word, pos, run = ids.unbind(1)
        if self.training:
            # A character or pair seen once is a name learnt by heart: hide some of them.
            char = hidden_some(char, 0.03, 1)
            bigram, word = hidden_some(bigram, 0.25, 0), hidden_some(word, 0.25, 0)
        parts = (
            self.project(self.lac[char]) + self.char(char),
            self.bigram(bigram),
            self.word(word),
            self.pos(pos),
            self.run(run),
            self.flag(self.bits[flags]),
        )
        return torch.cat(parts, dim=2)


def hidden_some(ids: Tensor, share: float, stand_in: int) -> Tensor:
    """Replace a share of the ids by ``stand_in``."""
    return torch.where((torch.rand(ids.shape) < share) & (ids > 1), torch.full_like(ids, stand_in), ids)


class Network(nn.Module):
    """Embeddings, convolutions and heads."""

    def __init__(self, shape: Shape, pretrained: np.ndarray) -> None:
        super().__init__()
        self.shape = shape
        self.embed = Embeddings(shape, pretrained)
        self.drop = nn.Dropout(shape.dropout)
        self.first = nn.Conv1d(self.embed.width, shape.hidden, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Conv1d(shape.hidden, shape.hidden, 3, padding=gap, dilation=gap) for gap in shape.dilations
        )
        self.head = nn.Linear(shape.hidden, 5 + len(TYPES))
        self.news = nn.Linear(shape.hidden, 5 + len(NEWS_TYPES))
        self.teacher = nn.Linear(shape.hidden, KNOWN_TAGS)

    def encode(self, ids: Tensor, flags: Tensor, mask: Tensor) -> Tensor:
        """Return the hidden states (batch, length, hidden)."""
        keep = mask[:, None, :]
        x = self.drop(self.embed(ids, flags)).transpose(1, 2) * keep
        x = torch.relu(self.first(x)) * keep
        for block in self.blocks:
            x = x + torch.relu(block(self._thinned(x))) * keep
        return self.drop(x).transpose(1, 2)

    def _thinned(self, x: Tensor) -> Tensor:
        """Drop whole channels of a text: as good as dropping single values, and far cheaper."""
        if not self.training:
            return x
        share = self.shape.dropout * 0.6
        keep = (torch.rand(x.shape[0], x.shape[1], 1) >= share).to(x.dtype) / (1 - share)
        return x * keep

    def forward(self, ids: Tensor, flags: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the logits of our labels, of the news labels, and of LAC's tags (in training only)."""
        # bfloat16 halves the time of training; the weights stay float32 and run time is 8-bit anyway.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            hidden = self.encode(ids, flags, mask)
        hidden = hidden.float()
        return self.head(hidden), self.news(hidden), self.teacher(hidden)
