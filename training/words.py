"""Word lists of the generators: ``data/words/NAME.txt``, one entry a line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "words"


@cache
def words(name: str) -> list[str]:
    """Return the list ``name`` in the order of the file; repeats make an entry more likely."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
