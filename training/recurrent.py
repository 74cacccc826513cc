"""The teacher of the shipped network: LAC's own recurrent layers, tuned on our labels.

Too slow to ship (a third of the speed we ask for), but it starts from what LAC has read. Its opinions on rewritten
and on unlabelled texts are what the convolutional network is taught, beside the annotations.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from hushu.classify.tagger_features import BIGRAM_BUCKETS, FLAGS, POS_BUCKETS, RUN_BUCKETS, WORD_BUCKETS
from training import lac
from training.labels import NEWS_TYPES, TYPES
from training.network import hidden_some


class Recurrent(nn.Module):
    """LAC's embedding and two bidirectional GRU layers; our other features are added to the embedding."""

    def __init__(self, pretrained: np.ndarray, dropout: float = 0.25) -> None:
        super().__init__()
        self.char = nn.Embedding.from_pretrained(torch.from_numpy(pretrained * 5.0), freeze=False)
        self.bigram = nn.Embedding(BIGRAM_BUCKETS, 32, padding_idx=0)
        self.word = nn.Embedding(WORD_BUCKETS, 32, padding_idx=0)
        self.pos = nn.Embedding(POS_BUCKETS, 20, padding_idx=0)
        self.run = nn.Embedding(RUN_BUCKETS, 8)
        bits = (np.arange(1 << FLAGS)[:, None] >> np.arange(FLAGS)) & 1
        self.register_buffer("bits", torch.from_numpy(bits.astype(np.float32)))
        self.extra = nn.Conv1d(32 + 32 + 20 + 8 + FLAGS, 128, 3, padding=1)
        nn.init.zeros_(self.extra.weight)
        nn.init.zeros_(self.extra.bias)
        self.gru = nn.GRU(128, 128, num_layers=2, bidirectional=True, batch_first=True)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(256 + 128, 5 + len(TYPES))
        self.news = nn.Linear(256 + 128, 5 + len(NEWS_TYPES))
        self.teacher = nn.Linear(256, lac.KNOWN_TAGS)
        self.side = nn.Conv1d(32 + 32 + 20 + 8 + FLAGS, 128, 3, padding=1)
        _load_lac(self.gru)

    def forward(self, ids: Tensor, flags: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the logits of our labels, of the news labels and of LAC's tags."""
        char, bigram, word, pos, run = ids.unbind(1)
        if self.training:
            char = hidden_some(char, 0.03, 1)
            bigram, word = hidden_some(bigram, 0.25, 0), hidden_some(word, 0.25, 0)
        parts = (self.bigram(bigram), self.word(word), self.pos(pos), self.run(run), self.bits[flags])
        side = self.drop(torch.cat(parts, dim=2)).transpose(1, 2)
        x = self.char(char) + self.extra(side).transpose(1, 2)
        lengths = mask.sum(1).to(torch.int64)
        packed = nn.utils.rnn.pack_padded_sequence(
            self.drop(x), lengths, batch_first=True, enforce_sorted=False
        )
        hidden, _ = nn.utils.rnn.pad_packed_sequence(
            self.gru(packed)[0], batch_first=True, total_length=ids.shape[2]
        )
        hidden = self.drop(hidden)
        both = torch.cat([hidden, torch.relu(self.side(side)).transpose(1, 2)], dim=2)
        return self.head(both), self.news(both), self.teacher(hidden)


def _load_lac(gru: nn.GRU) -> None:
    """Copy LAC's weights; ONNX orders the gates z, r, h and torch r, z, n."""
    model = onnx.load(lac.model_path())
    arrays = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    layers = [node for node in model.graph.node if node.op_type == "GRU"]
    for row, node in enumerate(layers):
        weight, recurrent, bias = (arrays[node.input[k]] for k in (1, 2, 3))
        for way, suffix in enumerate(("", "_reverse")):
            with torch.no_grad():
                getattr(gru, f"weight_ih_l{row}{suffix}").copy_(_gates(weight[way]))
                getattr(gru, f"weight_hh_l{row}{suffix}").copy_(_gates(recurrent[way]))
                getattr(gru, f"bias_ih_l{row}{suffix}").copy_(_gates(bias[way][:384]))
                getattr(gru, f"bias_hh_l{row}{suffix}").copy_(_gates(bias[way][384:]))


def _gates(array: np.ndarray) -> Tensor:
    update, reset, new = np.split(array, 3)
    return torch.from_numpy(np.concatenate([reset, update, new]).copy())
