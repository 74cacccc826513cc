"""Start a network from a shipped model: tables and convolutions out of their 8-bit form.

A tuned model is trained in two steps: ``training.train`` from nothing, then ``--start`` with fewer epochs, a
lower rate and the texts as they are by then.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from training.network import Network

TABLES = ("char", "bigram", "word", "pos", "run", "flag")
Arrays = dict[str, npt.NDArray[np.generic]]


def _unpacked(arrays: Arrays, name: str) -> npt.NDArray[np.float32]:
    """Return a convolution's weights, one scale an output channel."""
    scale = np.atleast_1d(arrays[f"{name}_scale"]).reshape(-1, 1, 1, 1)
    zero = np.atleast_1d(arrays[f"{name}_zero_point"]).astype(np.float32).reshape(-1, 1, 1, 1)
    values = (arrays[f"{name}_quantized"].astype(np.float32) - zero) * scale
    return values[:, :, 0, :].astype(np.float32)


def load(network: Network, path: Path) -> None:
    """Copy the weights of the model at ``path`` (and of the news head beside it) into ``network``."""
    arrays: Arrays = {i.name: numpy_helper.to_array(i) for i in onnx.load(str(path)).graph.initializer}
    widths = [arrays[f"{name}_table"].shape[1] for name in TABLES]
    scales = np.split(arrays["embedded_scale"], np.cumsum(widths)[:-1])
    tables = {
        name: torch.from_numpy((arrays[f"{name}_table"] * scale).astype(np.float32))
        for name, scale in zip(TABLES, scales, strict=True)
    }
    embed, head = network.embed, np.load(path.with_name(f"{path.stem}_news.npz"))
    with torch.no_grad():
        # The shipped character table is the sum of the two parts; give LAC's part all it can explain.
        matrix = torch.linalg.lstsq(embed.lac, tables["char"]).solution
        embed.project.weight.copy_(matrix.T)
        embed.char.weight.copy_(tables["char"] - embed.lac @ matrix)
        for name in ("bigram", "word", "pos", "run"):
            getattr(embed, name).weight.copy_(tables[name])
        bits = [1 << bit for bit in range(embed.flag.in_features)]
        embed.flag.bias.copy_(tables["flag"][0])
        embed.flag.weight.copy_((tables["flag"][bits] - tables["flag"][0]).T)
        for layer, name in (
            (network.first, "first"),
            *((b, f"block{k}") for k, b in enumerate(network.blocks)),
        ):
            layer.weight.copy_(torch.from_numpy(_unpacked(arrays, f"{name}_w")))
            layer.bias.copy_(torch.from_numpy(_bias(arrays, name)))
        network.head.weight.copy_(torch.from_numpy(arrays["ours_w"].T.copy()))
        network.head.bias.copy_(torch.from_numpy(arrays["ours_b"].copy()))
        network.news.weight.copy_(torch.from_numpy(head["weight"]))
        network.news.bias.copy_(torch.from_numpy(head["bias"]))


def _bias(arrays: Arrays, name: str) -> npt.NDArray[np.float32]:
    if f"{name}_b" in arrays:
        return arrays[f"{name}_b"].astype(np.float32).copy()
    return (arrays[f"{name}_b_quantized"] * arrays[f"{name}_b_quantized_scale"]).astype(np.float32)
