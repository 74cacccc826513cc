"""Marks of state secrecy: a table that bears one is not read at all.

What counts as a mark is data: the rules of the national pack that carry the flag
``state-secret-stop`` (数据安全法, article 53: state secrets follow their own law).
"""

from __future__ import annotations

from functools import lru_cache

from hushu.rules.conditions import marks
from hushu.rules.packload import load_pack

STOP_FLAG = "state-secret-stop"
WHY = (
    "HS-W210 the name or comment bears a mark of state secrecy: nothing was read; "
    "hand it to the secrecy office (涉密字样，未读取，交保密部门)"
)


def is_marked(*texts: str) -> bool:
    """Say whether the name or comment of a table bears a mark of state secrecy.

    Example:
        >>> is_marked("t_person", "机密★10年"), is_marked("t_person", "非涉密人员")
        (True, False)
    """
    return bool(marks(" ".join(texts), _patterns()))


@lru_cache(maxsize=1)
def _patterns() -> frozenset[str]:
    rules = load_pack("cn-national").rules
    return frozenset(rule.when.marked for rule in rules if STOP_FLAG in rule.effect.flags)
