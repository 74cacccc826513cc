"""How the Chinese character tagger of ``hushu.classify`` is made: data, generators, network, training."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
TEXTS = HERE / "data" / "text"
MORE = HERE / "data" / "more"
MODELS = HERE.parent / "hushu" / "classify" / "models"
