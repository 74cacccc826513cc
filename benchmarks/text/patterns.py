"""A plain stand-in for hushu's pattern recognisers, so that the tagger can be judged in its context.

The real ones (``hushu.rules`` and ``hushu.classify``) know more formats and check digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hushu.model import Span

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_A, _D = r"(?<![0-9A-Za-z])", r"(?<![0-9])"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(source))
    for kind, source in (
        (
            "EMAIL_ADDRESS",
            r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,60}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?![A-Za-z0-9])",
        ),
        (
            "CN_RESIDENT_ID",
            _A
            + r"[1-9]\d{5}[ -]?(?:18|19|20)\d{2} ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[0-9Xx]"
            + r"(?![0-9A-Za-z])",
        ),
        ("CN_USCC", _A + r"9[1-3]\d{6}[0-9A-HJ-NP-RTUWXY]{9}[0-9A-HJ-NP-RTUWXY](?![0-9A-Za-z])"),
        (
            "LICENSE_PLATE",
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
            r" ?[·•・.]? ?[0-9A-HJ-NP-Z]{4,5}[0-9A-HJ-NP-Z学警挂港澳](?![0-9A-Za-z])",
        ),
        ("MAC_ADDRESS", _A + r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Za-z])"),
        (
            "IP_ADDRESS",
            r"(?<![\d.])(?!127\.|0\.)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])",
        ),
        ("PHONE_NUMBER", _D + r"(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9])"),
        (
            "PHONE_NUMBER",
            _D + r"[(（]?0\d{2,3}[)）]?[ -]?[2-9]\d{3}[ -]?\d{3,4}(?:(?: ?转 ?| ?ext\.? ?)\d{2,5})?(?![0-9])",
        ),
        ("COURT_CASE_NO", r"[(（〔\[]20\d{2}[)）〕\]][\u4e00-\u9fff]\d{0,4}[\u4e00-\u9fff]{1,4}\d+号"),
    )
)


def patterns(text: str) -> list[Span]:
    """Find what a format alone gives away; sorted, not overlapping."""
    plain = text.translate(_FOLD)
    taken = bytearray(len(plain))
    out = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\1" * (end - start)
            out.append(Span(start=start, end=end, type=kind, score=0.95))
    return sorted(out, key=lambda span: span.start)


def united(text: str, tagged: Sequence[Span]) -> list[Span]:
    """Patterns first; a tagged span stays where no pattern touches it."""
    fixed = patterns(text)
    # A label such as 残疾证号 or 居住证号 tells more than the format of the number does.
    same = {(span.start, span.end): span for span in tagged}
    fixed = [same.get((span.start, span.end), span) for span in fixed]
    out = fixed + [
        span for span in tagged if not any(span.start < f.end and f.start < span.end for f in fixed)
    ]
    return sorted(out, key=lambda span: span.start)
