"""What kind of norm a cited basis is, as far as its title tells.

Order 809, article 14: only a law, an administrative regulation or a State Council decision may
forbid sharing; a local or departmental rule may not.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["law", "administrative_regulation", "state_council_decision", "local", "unknown"]

_LOCAL = re.compile(
    r"(省|(?<!城)市|自治区|自治州|自治县|县|(?<!社)(?<!地)区)"
    r"(人大|人民代表大会|人民政府|政府|[^《》，。；]{0,30}(条例|办法|规定|细则|决定|规则))"
    r"|[沪京粤浙苏鲁渝黔津冀晋蒙辽吉黑皖闽赣豫鄂湘桂琼川云藏陕甘青宁新]府"
)
_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("state_council_decision", re.compile(r"国务院(?!令).{0,40}决定|国发〔?\[?\d{4}")),
    ("administrative_regulation", re.compile(r"国务院令|行政法规")),
    (
        "local",
        re.compile(r"部令|(部|委|局|署|办公室).{0,20}(办法|规定|规章|细则)|地方性法规|规范性文件|通知"),
    ),
    ("law", re.compile(r"(?<![办方做])法(?=》|第|（|\(|\s|$)|主席令")),
    ("administrative_regulation", re.compile(r"(条例|实施条例)(?=》|第|（|\(|\s|$)")),
)


def basis_kind(basis: str) -> Kind:
    """Say what kind of norm ``basis`` names, or ``unknown`` when its words do not tell.

    Example:
        >>> basis_kind("《中华人民共和国统计法》第二十五条")
        'law'
        >>> basis_kind("《上海市数据条例》第三十八条")
        'local'
        >>> basis_kind("领导口头要求")
        'unknown'
    """
    if _LOCAL.search(basis):
        return "local"
    return next((kind for kind, pattern in _RULES if pattern.search(basis)), "unknown")
