"""What is in the data: column scanner, value matcher, header reader, text recognisers.

Presidio and spaCy users take what they need from here: :func:`recognizers`, :func:`engine`
and :func:`pipeline` are loaded when first used.
"""

from __future__ import annotations

from typing import Any

__all__ = ["engine", "pipeline", "recognizers"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("hushu.classify.presidio"), name)
    raise AttributeError(f"module 'hushu.classify' has no attribute {name!r}")
