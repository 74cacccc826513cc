"""How a reason is cited. What was only remembered never stands as a basis without its mark."""

from __future__ import annotations

import re
from functools import lru_cache

from hushu.model import Reason

_WORDS = (
    (re.compile(r"第([\d、-]+)条"), r"Art. \1"),
    (re.compile(r"第([\d、]+)项"), r"(\1)"),
    (re.compile(r"附录"), "Annex "),
    (re.compile(r"附表(\d+)"), r"Schedule \1"),
    (re.compile(r"第(\d+)原则"), r"Principle \1"),
    (re.compile(r"表(?=[A-Z\d])"), "Table "),
    (re.compile(r"、"), ", "),
)

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


def article_in(article: str, lang: str) -> str:
    """Return an article in the reader's language; what has no word of ours stays as it is.

    Example:
        >>> article_in("第55条第3、4项", "en"), article_in("附录B", "en"), article_in("6.5", "en")
        ('Art. 55(3, 4)', 'Annex B', '6.5')
    """
    if lang != "zh":
        for chinese, english in _WORDS:
            article = chinese.sub(english, article)
    return article


def source_in(title: str, number: str) -> str:
    """Return the title of a source with its number, as reasons carry it."""
    return f"{title}（{number}）" if number else title


@lru_cache(maxsize=1024)
def _source_in_english(reason: Reason) -> str:
    from hushu.rules.packload import load_pack, pack_ids

    pack_id, _, rule_id = reason.rule.partition("/")
    if pack_id not in pack_ids():
        return reason.source
    pack = load_pack(pack_id)
    sources = [pack.sources[rule.source] for rule in (*pack.rules, *pack.duties) if rule.id == rule_id]
    return next(
        (
            f"{source.title.en} ({source.number})" if source.number else source.title.en
            for source in sources
            if source_in(source.title.zh, source.number) == reason.source
        ),
        reason.source,
    )


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
    source = reason.source if lang == "zh" else _source_in_english(reason)
    line = f"{source} {article_in(reason.article, lang)}".strip()
    note = mark(reason.verified, lang)
    return f"{line}{note}" if lang == "zh" else f"{line} {note}".strip()
