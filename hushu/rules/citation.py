"""How a reason is cited. What was only remembered never stands as a basis without its mark."""

from __future__ import annotations

import re

from hushu.model import Reason

_ARTICLE = re.compile(r"第(\d+)条")

MARKS = {
    "memory": {"zh": "〔待核：仅凭记忆〕", "en": "[unverified: from memory]"},
    "excerpt": {"zh": "〔据摘录〕", "en": "[from an excerpt]"},
    "fulltext": {"zh": "", "en": ""},
}


def mark(verified: str, lang: str = "zh") -> str:
    """Return the mark of a statement that was not read in full, or an empty string.

    Anything but ``fulltext`` and ``excerpt`` counts as memory.

    Example:
        >>> mark("memory", "en")
        '[unverified: from memory]'
    """
    return MARKS.get(verified, MARKS["memory"])["zh" if lang == "zh" else "en"]


def cite(reason: Reason, lang: str = "zh") -> str:
    """Return source and article of ``reason`` as one line, with its mark.

    Args:
        reason: a rule that fired.
        lang: ``zh`` or ``en``.

    Example:
        >>> cite(Reason(rule="r", text="", source="PIPL", article="第28条", verified="fulltext"), "en")
        'PIPL Art. 28'
        >>> cite(Reason(rule="r", text="", source="GB/T X", article="6.5", verified="memory"), "zh")
        'GB/T X 6.5〔待核：仅凭记忆〕'
    """
    article = reason.article if lang == "zh" else _ARTICLE.sub(r"Art. \1", reason.article)
    line = f"{reason.source} {article}".strip()
    note = mark(reason.verified, lang)
    return f"{line}{note}" if lang == "zh" else f"{line} {note}".strip()
