"""The pages of the error codes: what each says, why it comes about and what to do, in both languages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def pages() -> dict[str, dict[str, Any]]:
    """Return every page by its code; ``title``, ``why`` and ``fix`` hold ``zh`` and ``en``.

    Example:
        >>> pages()["HS-E101"]["title"]["en"]
        'unknown pack'
    """
    import yaml

    found: dict[str, dict[str, Any]] = {}
    for path in (files("hushu.cli") / "codes").iterdir():
        if path.name.endswith(".yaml"):
            for page in yaml.safe_load(path.read_text("utf-8")) or []:
                found[page["code"]] = page
    return found


def text_of(page: dict[str, Any], part: str, lang: str) -> str:
    """Return one part of a page in a language, in English when it has no other."""
    text = page.get(part, "")
    if isinstance(text, dict):
        return str(text.get(lang) or text.get("en") or "")
    return str(text)
