"""Write a trained reader: ``reader.onnx``, the graph, and ``reader.npz``, its tables and 4-bit weights.

The layers' weights stand outside the graph; the package unpacks them to 8 bits when it loads. Activations are
quantised by the range of each text (dynamic quantisation); the reader runs on one text at a time, so that the
answer for a text does not depend on the texts beside it. The graph is made of the fused operators of
onnxruntime (domain ``com.microsoft``).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from training import pretrained
from training.export import Graph
from training.labels import NEWS_TYPES, TYPES
from training.reader import Layer, Reader, ReaderShape, Window

FUSED = "com.microsoft"
STRETCH = 256  # pieces that the reader is ever shown at once


def _numpy(values: Tensor) -> np.ndarray:
    return values.detach().numpy().astype(np.float32)


def _outside(graph: Graph, name: str, kind: int, *shape: int) -> str:
    """Declare a constant that is given when the graph is loaded."""
    tensor = onnx.TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="reader.npz")
    graph.constants.append(tensor)
    return name


def _packed_product(graph: Graph, x: str, layer: nn.Linear, name: str) -> str:
    """Multiply in 8 bits with weights that come from ``reader.npz``."""
    size = layer.out_features
    inputs = (
        x,
        _outside(graph, f"{name}_w", TensorProto.INT8, layer.in_features, size),
        _outside(graph, f"{name}_scale", TensorProto.FLOAT, size),
        graph.constant(f"{name}_zero", np.zeros(size, np.int8)),
        graph.constant(f"{name}_b", _numpy(layer.bias)),
    )
    return graph.add("DynamicQuantizeMatMul", inputs, name, domain=FUSED)


def _product(graph: Graph, x: str, layer: nn.Linear, name: str) -> str:
    """Multiply in 8 bits: weights with one scale an output, activations by their own range."""
    weight = _numpy(layer.weight).T
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 127
    inputs = (
        x,
        graph.constant(f"{name}_w", np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)),
        graph.constant(f"{name}_scale", scale.astype(np.float32)),
        graph.constant(f"{name}_zero", np.zeros(len(scale), np.int8)),
        graph.constant(f"{name}_b", _numpy(layer.bias)),
    )
    return graph.add("DynamicQuantizeMatMul", inputs, name, domain=FUSED)


def _normed(graph: Graph, x: str, change: str, norm: nn.LayerNorm, name: str) -> str:
    gain, bias = _numpy(norm.weight), _numpy(norm.bias)
    inputs = (x, change, graph.constant(f"{name}_g", gain), graph.constant(f"{name}_h", bias))
    return graph.add("SkipLayerNormalization", inputs, name, domain=FUSED, epsilon=norm.eps)


def _layer(graph: Graph, x: str, layer: Layer, name: str) -> str:
    mixed = _packed_product(graph, x, layer.qkv, f"{name}_qkv")
    parts = [f"{name}_{part}" for part in "qkv"]
    graph.nodes.append(helper.make_node("Split", [mixed], parts, axis=2, name=f"{name}_split"))
    seen = graph.add("MultiHeadAttention", parts, f"{name}_seen", domain=FUSED, num_heads=layer.heads)
    seen = _packed_product(graph, seen, layer.out, f"{name}_out")
    x = _normed(graph, x, seen, layer.norm1, f"{name}_norm1")
    inner = _packed_product(graph, x, layer.inner, f"{name}_inner")
    inner = graph.add("Gelu", (inner,), f"{name}_gelu", domain=FUSED)
    outer = _packed_product(graph, inner, layer.outer, f"{name}_outer")
    return _normed(graph, x, outer, layer.norm2, f"{name}_norm2")


def _window(graph: Graph, x: str, window: Window, name: str) -> str:
    """Join each character with its neighbours at ``gap``; beyond the ends stand zeros."""
    gap = window.gap
    pads = graph.constant(f"{name}_pads", np.array([0, gap, 0, 0, gap, 0], np.int64))
    wide = graph.add("Pad", (x, pads), f"{name}_wide")
    axis = graph.constant(f"{name}_axis", np.array([1], np.int64))
    parts = []
    for number, (start, end) in enumerate(((0, -2 * gap), (gap, -gap), (2 * gap, np.iinfo(np.int64).max))):
        ends = [
            graph.constant(f"{name}_{number}_{side}", np.array([at], np.int64))
            for side, at in (("from", start), ("to", end))
        ]
        parts.append(graph.add("Slice", (wide, *ends, axis), f"{name}_{number}"))
    joined = graph.add("Concat", parts, f"{name}_joined", axis=2)
    return graph.add("Relu", (_product(graph, joined, window.product, f"{name}_product"),), f"{name}_relu")


def _head(graph: Graph, x: str, layer: nn.Linear, name: str) -> None:
    weight = graph.constant(f"{name}_w", _numpy(layer.weight).T.copy())
    product = graph.add("MatMul", (x, weight), f"{name}_product")
    graph.add("Add", (product, graph.constant(f"{name}_b", _numpy(layer.bias))), name)


def _graph(reader: Reader) -> onnx.ModelProto:
    """Build the graph: ``embedded`` (1, pieces, width), ``where`` (length,), ``characters`` (1, length, …)."""
    graph = Graph()
    gain = graph.constant("norm_g", _numpy(reader.norm.weight))
    bias = graph.constant("norm_h", _numpy(reader.norm.bias))
    x = graph.add("LayerNormalization", ("embedded", gain, bias), "norm", epsilon=reader.norm.eps)
    for number, layer in enumerate(reader.layers):
        x = _layer(graph, x, layer, f"layer{number}")
    x = _product(graph, x, reader.context, "context")
    x = graph.add("Gather", (x, "where"), "spread", axis=1)
    x = graph.add("Concat", (x, "characters"), "both", axis=2)
    x = _window(graph, x, reader.first, "first")
    for number, window in enumerate(reader.windows):
        x = graph.add("Add", (x, _window(graph, x, window, f"window{number}")), f"window{number}_sum")
    _head(graph, x, reader.head, "ours")
    _head(graph, x, reader.news, "news")
    shapes = {
        "embedded": (1, "pieces", reader.places.shape[1]),
        "characters": (1, "length", reader.characters.width),
    }
    inputs = [helper.make_tensor_value_info(k, TensorProto.FLOAT, v) for k, v in shapes.items()]
    inputs.append(helper.make_tensor_value_info("where", TensorProto.INT64, ["length"]))
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "length", 5 + count])
        for name, count in (("ours", len(TYPES)), ("news", len(NEWS_TYPES)))
    ]
    body = helper.make_graph(graph.nodes, "hushu_reader", inputs, outputs, graph.constants)
    sets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    model = helper.make_model(body, opset_imports=sets)
    model.ir_version = 9
    helper.set_model_props(model, {"types": json.dumps(TYPES), "news": json.dumps(NEWS_TYPES)})
    return model


def _weights(reader: Reader) -> dict[str, np.ndarray]:
    """Return the layers' products as 4-bit blocks."""
    out = {}
    for number, layer in enumerate(reader.layers):
        for name in ("qkv", "out", "inner", "outer"):
            table = pretrained.packed(_numpy(getattr(layer, name).weight))
            out[f"layer{number}_{name}_packed"] = table.packed
            out[f"layer{number}_{name}_scales"] = table.scales
    return out


def _tables(reader: Reader) -> dict[str, np.ndarray]:
    """Return the character tables, 8 bits with one scale a column."""
    out = {}
    for name, values in zip(
        ("char", "bigram", "word", "pos", "run", "flag"), reader.characters.tables(), strict=True
    ):
        table = _numpy(values)
        scale = np.maximum(np.abs(table).max(axis=0), 1e-8) / 127
        out[f"{name}_table"] = np.rint(table / scale).astype(np.int8)
        out[f"{name}_scale"] = scale.astype(np.float32)
    return out


def export(reader: Reader, folder: Path) -> None:
    """Write ``reader.onnx`` and ``reader.npz`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reader.onnx").write_bytes(_graph(reader.eval()).SerializeToString())
    file, table, known = pretrained.wheel(), pretrained.table(), pretrained.kept()
    np.savez_compressed(
        folder / "reader.npz",
        pieces=np.frombuffer("\n".join(file.pieces[row] for row in known).encode(), np.uint8),
        scores=np.array([file.scores[row] for row in known], np.float32),
        words_packed=table.packed,
        words_scales=table.scales,
        places=_numpy(reader.places)[:STRETCH].astype(np.float16),
        **_weights(reader),
        **_tables(reader),
    )


def main() -> None:
    """Export float weights kept by ``training.fit_reader --weights``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    reader = Reader(ReaderShape())
    reader.load_state_dict(torch.load(options.weights))
    export(reader, options.folder)


if __name__ == "__main__":
    main()
