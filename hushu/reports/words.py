"""The sentences of the reports, in Chinese and English, kept in ``words.yaml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from hushu.errors import ConfigError
from hushu.rules.shipped import shipped

LANGUAGES = ("zh", "en")

Say = Callable[..., str]


def speaker(lang: str) -> Say:
    """Return ``say(key, **values)`` for one language.

    Raises:
        ConfigError: HS-E102, a language other than zh and en.

    Example:
        >>> speaker("en")("cover.source")
        'Source'
    """
    if lang not in LANGUAGES:
        raise ConfigError("unknown language", where=f"lang={lang!r}", fix="zh | en", code="HS-E102")
    sentences = load()

    def say(key: str, /, **values: Any) -> str:
        return sentences[key][lang].format(**values)

    return say


@lru_cache(maxsize=1)
def load() -> Mapping[str, Mapping[str, str]]:
    """Return every sentence by key: ``{key: {"zh": …, "en": …}}``."""
    sentences: dict[str, dict[str, str]] = shipped("hushu.reports", "words.yaml")
    return sentences
