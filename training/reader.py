"""The reader: some pretrained layers over word pieces, joined with a few features of every character.

It answers what the tagger answers (border state and type of every character) for the texts where something
may be. Its layers are trained as 4-bit weights from the first step on: they come as such, and ship as such.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from hushu.classify.reader_tokens import PAD
from hushu.classify.tagger_features import FLAGS, POS_BUCKETS, RUN_BUCKETS
from training import lac, pretrained
from training.labels import NEWS_TYPES, TYPES
from training.resources import vocabulary_rows

BUCKETS = 1 << 14  # of pairs and of words: half of the tagger's, to stay small


@dataclass(frozen=True, slots=True)
class ReaderShape:
    """Sizes of the reader."""

    layers: int = 6
    context: int = 192
    char: int = 48
    bigram: int = 16
    word: int = 16
    pos: int = 16
    run: int = 8
    flag: int = 12
    hidden: int = 192
    gaps: tuple[int, ...] = (1, 2, 4)
    dropout: float = 0.1


class _Rounded(torch.autograd.Function):
    """Round to 4-bit blocks on the way in; let the gradient pass as it is."""

    @staticmethod
    def forward(ctx: object, weight: Tensor) -> Tensor:  # type: ignore[override]
        blocks = weight.view(weight.shape[0], -1, pretrained.BLOCK)
        largest = blocks.gather(2, blocks.abs().argmax(2, keepdim=True))
        scale = largest / -8
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        signed = (blocks / scale + 8.5).floor().clamp(0, 15)
        return ((signed - 8) * scale).view_as(weight)

    @staticmethod
    def backward(ctx: object, slope: Tensor) -> Tensor:  # type: ignore[override]
        return slope


class Quarters(nn.Linear):
    """A linear layer whose weights are rounded to 4 bits wherever they are used."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (…, inputs) to (…, outputs)."""
        return functional.linear(x, _Rounded.apply(self.weight), self.bias)


class Layer(nn.Module):
    """One encoder layer, normalised after each half (BERT)."""

    def __init__(self, number: int, dropout: float) -> None:
        super().__init__()
        file = pretrained.wheel()
        width = file.width
        self.heads = file.heads
        self.qkv, self.out = Quarters(width, 3 * width), Quarters(width, width)
        self.inner, self.outer = Quarters(width, file.inner), Quarters(file.inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, 1e-12), nn.LayerNorm(width, 1e-12)
        self.drop = nn.Dropout(dropout)
        self._fill(f"l{number}.")

    @torch.no_grad()
    def _fill(self, prefix: str) -> None:
        file = pretrained.wheel()
        width = file.width

        def weight(name: str, rows: int, columns: int) -> Tensor:
            return torch.from_numpy(pretrained.unpacked(file.quarters(prefix + name + ".w", rows, columns)))

        def vector(name: str, size: int = width) -> Tensor:
            return torch.from_numpy(file.floats(prefix + name, size))

        self.qkv.weight.copy_(torch.cat([weight(name, width, width) for name in "qkv"]))
        self.qkv.bias.copy_(torch.cat([vector(f"{name}.b") for name in "qkv"]))
        for layer, name in ((self.out, "ao"), (self.inner, "fi"), (self.outer, "fo")):
            layer.weight.copy_(weight(name, layer.out_features, layer.in_features))
            layer.bias.copy_(vector(f"{name}.b", layer.out_features))
        for norm, name in ((self.norm1, "aln"), (self.norm2, "oln")):
            norm.weight.copy_(vector(f"{name}.w"))
            norm.bias.copy_(vector(f"{name}.b"))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Map (batch, pieces, width) to the same shape; ``mask`` is false at padding."""
        batch, count, width = x.shape
        parts = self.qkv(x).view(batch, count, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, count, width))))
        return self.norm2(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


class Window(nn.Module):
    """A convolution of width 3 as one product, so that it runs on 8-bit integers."""

    def __init__(self, inputs: int, outputs: int, gap: int) -> None:
        super().__init__()
        self.product = nn.Linear(3 * inputs, outputs)
        self.gap = gap

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, length, inputs) to (batch, length, outputs)."""
        edge = torch.zeros_like(x[:, :1]).expand(-1, self.gap, -1)
        length = x.shape[1]
        wide = torch.cat([edge, x, edge], dim=1)
        parts = [wide[:, start : start + length] for start in (0, self.gap, 2 * self.gap)]
        return torch.relu(self.product(torch.cat(parts, dim=2)))


class Characters(nn.Module):
    """What the reader knows of a character beside its piece: itself, part of speech, run, flags."""

    def __init__(self, shape: ReaderShape) -> None:
        super().__init__()
        vectors = torch.from_numpy(lac.vectors(vocabulary_rows()))
        edge = torch.zeros(2, vectors.shape[1])
        self.register_buffer("lac", torch.cat([edge, vectors, edge[:1]]), persistent=False)
        self.project = nn.Linear(vectors.shape[1], shape.char, bias=False)
        self.bigram = nn.Embedding(BUCKETS, shape.bigram)
        self.word = nn.Embedding(BUCKETS, shape.word)
        self.pos = nn.Embedding(POS_BUCKETS, shape.pos)
        self.run = nn.Embedding(RUN_BUCKETS, shape.run)
        self.flag = nn.Linear(FLAGS, shape.flag)
        bits = (np.arange(1 << FLAGS)[:, None] >> np.arange(FLAGS)) & 1
        self.register_buffer("bits", torch.from_numpy(bits.astype(np.float32)), persistent=False)
        self.width = shape.char + shape.bigram + shape.word + shape.pos + shape.run + shape.flag
        for table in (self.bigram, self.word, self.pos, self.run):
            nn.init.normal_(table.weight, std=0.3)

    def tables(self) -> tuple[Tensor, ...]:
        """Return one table a feature; a character is the rows of its ids side by side."""
        learnt = (table.weight for table in (self.bigram, self.word, self.pos, self.run))
        return self.project(self.lac), *learnt, self.flag(self.bits)

    def forward(self, ids: Tensor, flags: Tensor) -> Tensor:
        """Map ``ids`` (batch, 5, length) and ``flags`` (batch, length) to (batch, length, width)."""
        char, bigram, word, pos, run = ids.unbind(1)
        bigram, word = bigram % BUCKETS, word % BUCKETS
        if self.training:
            # A pair or word seen once is a name learnt by heart: hide some of them.
            bigram, word = (
                torch.where(torch.rand(x.shape) < 0.25, torch.zeros_like(x), x) for x in (bigram, word)
            )
        parts = (
            self.project(self.lac[char]),
            self.bigram(bigram),
            self.word(word),
            self.pos(pos),
            self.run(run),
            self.flag(self.bits[flags]),
        )
        return torch.cat(parts, dim=2)


class Reader(nn.Module):
    """Pretrained layers, then windows over characters and two heads."""

    def __init__(self, shape: ReaderShape) -> None:
        super().__init__()
        file = pretrained.wheel()
        self.shape = shape
        words = pretrained.unpacked(pretrained.table())
        self.register_buffer("words", torch.from_numpy(words), persistent=False)
        places = file.floats("emb.pos", file.places, file.width) + file.floats("emb.type", 2, file.width)[0]
        self.register_buffer("places", torch.from_numpy(places), persistent=False)
        self.norm = nn.LayerNorm(file.width, 1e-12)
        with torch.no_grad():
            self.norm.weight.copy_(torch.from_numpy(file.floats("emb.ln.w", file.width)))
            self.norm.bias.copy_(torch.from_numpy(file.floats("emb.ln.b", file.width)))
        self.layers = nn.ModuleList(Layer(number, shape.dropout) for number in range(shape.layers))
        self.drop = nn.Dropout(shape.dropout)
        self.wide_drop = nn.Dropout(2 * shape.dropout)
        self.context = nn.Linear(file.width, shape.context)
        self.characters = Characters(shape)
        self.first = Window(shape.context + self.characters.width, shape.hidden, 1)
        self.windows = nn.ModuleList(Window(shape.hidden, shape.hidden, gap) for gap in shape.gaps)
        self.head = nn.Linear(shape.hidden, 5 + len(TYPES))
        self.news = nn.Linear(shape.hidden, 5 + len(NEWS_TYPES))

    def forward(
        self, ids: Tensor, flags: Tensor, pieces: Tensor, where: Tensor, keep: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the logits of our labels and of the news labels.

        Args:
            ids: the tagger's features, (batch, 5, length); flags: (batch, length).
            pieces: rows of the word table, (batch, pieces).
            where: the place of each character's piece, (batch, length).
            keep: 1 where a text is, 0 behind its end, (batch, length).
        """
        mask = (pieces != PAD)[:, None, None, :]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            x = self.drop(self.norm(self.words[pieces] + self.places[: pieces.shape[1]]))
            for layer in self.layers:
                x = layer(x, mask)
            x = self.context(x)
            x = torch.gather(x, 1, where[..., None].expand(-1, -1, x.shape[2]))
            x = torch.cat([x, self.characters(ids, flags).to(x.dtype)], dim=2) * keep[..., None].to(x.dtype)
            x = self.first(self.wide_drop(x)) * keep[..., None].to(x.dtype)
            for window in self.windows:
                x = x + window(self.wide_drop(x)) * keep[..., None].to(x.dtype)
        x = x.float()
        return self.head(x), self.news(x)
