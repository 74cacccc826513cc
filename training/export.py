"""Write a trained network as one ONNX file: 8-bit embedding tables, 8-bit convolutions with fixed ranges.

Fixed ranges (static quantisation) keep the answer for a text independent of the texts beside it in a batch.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

from hushu.classify.tagger_features import features
from training.labels import NEWS_TYPES, TYPES
from training.network import Network

FEATURES = ("char", "bigram", "word", "pos", "run", "flag")


class Graph:
    """Collects nodes and constants of an ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def add(self, kind: str, inputs: Sequence[str], output: str, **attributes: object) -> str:
        """Add a node with one output and return that output's name."""
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=output, **attributes))
        return output


def _tables(network: Network) -> dict[str, np.ndarray]:
    embed = network.embed
    with torch.no_grad():
        return {
            "char": (embed.project(embed.lac) + embed.char.weight).numpy(),
            "bigram": embed.bigram.weight.numpy(),
            "word": embed.word.weight.numpy(),
            "pos": embed.pos.weight.numpy(),
            "run": embed.run.weight.numpy(),
            "flag": embed.flag(embed.bits).numpy(),
        }


def _graph(network: Network) -> onnx.ModelProto:
    """Build the float graph; ``ids`` (6, batch, length), ``mask`` (batch, 1, 1, length)."""
    graph = Graph()
    rows, scales = [], []
    for row, (name, table) in enumerate(_tables(network).items()):
        scale = np.maximum(np.abs(table).max(axis=0), 1e-6).astype(np.float32) / 127
        scales.append(scale)
        graph.constant(f"{name}_table", np.clip(np.rint(table / scale), -127, 127).astype(np.int8))
        graph.constant(f"{name}_row", np.array(row, dtype=np.int64))
        ids = graph.add("Gather", ("ids", f"{name}_row"), f"{name}_ids", axis=0)
        rows.append(graph.add("Gather", (f"{name}_table", ids), f"{name}_rows", axis=0))
    x = graph.add("Concat", rows, "embedded_rows", axis=2)
    x = graph.add("Cast", (x,), "embedded_cast", to=TensorProto.FLOAT)
    x = graph.add("Mul", (x, graph.constant("embedded_scale", np.concatenate(scales))), "embedded")
    graph.constant("axes", np.array([2], dtype=np.int64))
    x = graph.add("Transpose", (x,), "channels", perm=[0, 2, 1])
    x = graph.add("Unsqueeze", (x, "axes"), "plane")
    x = graph.add("Mul", (x, "mask"), "masked")
    x = _convolution(graph, network.first, x, "first", 1)
    x = graph.add("Mul", (x, "mask"), "first_masked")
    for row, (block, gap) in enumerate(zip(network.blocks, network.shape.dilations, strict=True)):
        y = _convolution(graph, block, x, f"block{row}", gap)
        x = graph.add("Add", (x, graph.add("Mul", (y, "mask"), f"block{row}_masked")), f"block{row}_sum")
    x = graph.add("Squeeze", (x, "axes"), "hidden")
    y = graph.add("Transpose", (x,), "hidden_rows", perm=[0, 2, 1])
    graph.constant("ours_w", network.head.weight.detach().numpy().T.copy())
    graph.constant("ours_b", network.head.bias.detach().numpy())
    y = graph.add("MatMul", (y, "ours_w"), "ours_product")
    graph.add("Add", (y, "ours_b"), "ours")
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT32, [6, "batch", "length"]),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["batch", 1, 1, "length"]),
    ]
    width = network.shape.hidden
    outputs = [
        helper.make_tensor_value_info("ours", TensorProto.FLOAT, ["batch", "length", 5 + len(TYPES)]),
        helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["batch", width, "length"]),
    ]
    body = helper.make_graph(graph.nodes, "hushu_tagger", inputs, outputs, graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model


def _convolution(graph: Graph, layer: torch.nn.Conv1d, x: str, name: str, gap: int) -> str:
    graph.constant(f"{name}_w", layer.weight.detach().numpy()[:, :, None, :].copy())
    graph.constant(f"{name}_b", layer.bias.detach().numpy())
    y = graph.add(
        "Conv",
        (x, f"{name}_w", f"{name}_b"),
        f"{name}_conv",
        kernel_shape=[1, 3],
        pads=[0, gap, 0, gap],
        dilations=[1, gap],
    )
    return graph.add("Relu", (y,), f"{name}_relu")


class _Texts(CalibrationDataReader):
    def __init__(self, texts: Sequence[str]) -> None:
        self.rest = iter(texts)

    def get_next(self) -> dict[str, np.ndarray] | None:
        text = next(self.rest, None)
        if text is None:
            return None
        seen = features(text)
        ids = np.concatenate([seen.ids, seen.flags[None]])[:, None, :].astype(np.int32)
        return {"ids": ids, "mask": np.ones((1, 1, 1, ids.shape[2]), np.float32)}


def export(network: Network, texts: Sequence[str], path: Path) -> None:
    """Write ``network`` to ``path``; ``texts`` fix the ranges of the 8-bit activations."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(_graph(network.eval()), str(plain))
        quantize_static(
            str(plain),
            str(path),
            _Texts([text for text in texts if text]),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["Conv"],
            calibrate_method=CalibrationMethod.MinMax,
        )
    # The news head only serves a benchmark: it stays out of the graph, which would compute it every time.
    head = {"weight": network.news.weight, "bias": network.news.bias}
    np.savez(path.with_name(f"{path.stem}_news.npz"), **{k: v.detach().numpy() for k, v in head.items()})
    model = onnx.load(str(path))
    meta = {
        "types": json.dumps(TYPES),
        "news": json.dumps(NEWS_TYPES),
        "reach": str(1 + sum(network.shape.dilations)),
    }
    helper.set_model_props(model, meta)
    onnx.save(model, str(path))
