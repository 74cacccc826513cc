"""What the columns of one table say about each other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice

from hushu.classify.headerwords import canonical, has_han
from hushu.classify.score import TABLE, Tally
from hushu.classify.tablekind import PERSONAL, TableKind
from hushu.classify.tableview import ColumnView
from hushu.model import Evidence
from hushu.rules.vocabulary import TypeEntry, load

PAIRED = 4.5
ABSORBED = 1.5
REGISTER = 0.3  # support of the table's name from which a table is a register
CERTAIN = 1.0
NAMED = 4.0  # evidence of a header that may be a coordinate (jd, wd)

PARTLY = 2.0  # evidence of a header that means the type in some tables only
VARIED = 2  # distinct notes
WORDED = (("FREE_TEXT", 5.0, 3, 4.5), ("ORGANIZATION", 5.9, 3, 3.8))
"""Type, least evidence of its header, Chinese characters of the shortest word, weight."""
_HAN = re.compile("[\u3400-\u9fff]")
REPEATED = -2.0
HEADS = -6.0  # the same under a name that ends like a count
NEARLY_UNIQUE = 0.9
NO_PERSON = -4.0
PARTY = 7.0
WHO = frozenset(["PERSON", "ORGANIZATION", "EMPLOYER"])
OWN = ("CN_RESIDENT_ID", "GENDER", "BIRTH_DATE", "ETHNICITY", "NATIONALITY", "MARITAL_STATUS")
HANDLE = 1.5
_LOGIN = re.compile(r"[a-z][a-z0-9._\-]*[a-z0-9]", re.ASCII)
_COUNT = re.compile(r"(?i)nums?$|[a-z]N$|数$")
_LATIN = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def consider(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]], table: TableKind) -> None:
    """Add what neighbours say to the tallies, in place."""
    _coordinates(columns, tallies)
    _beside(columns, tallies)
    _parties(columns, tallies)
    _handles(columns, tallies)
    _counted(columns, tallies)
    _noted(columns, tallies)
    if table.about != "person" and not any(_certain(t, p) for t in tallies for p in PERSONAL):
        for tally in tallies:
            _without_person(tally)
    registers = {
        entry.id
        for entry in _absorbing()
        if table.about != "person"
        and (
            table.support.get(entry.id, (0.0, ""))[0] >= REGISTER
            or any(_certain(t, entry.id) for t in tallies)
        )
    }
    for tally in tallies:
        for type_id in sorted(registers):
            _absorb(tally, type_id, table)


def _certain(tally: Mapping[str, Tally], type_id: str) -> bool:
    one = tally.get(type_id)
    return one is not None and one.score > CERTAIN and max(tally.values(), key=lambda t: t.score) is one


def _likely(tally: Mapping[str, Tally], type_id: str) -> bool:
    one = tally.get(type_id)
    return one is not None and one.score > 0 and max(tally.values(), key=lambda t: t.score) is one


def _coordinates(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """A longitude beside a latitude supports both."""
    kinds = [_axis(c, t) for c, t in zip(columns, tallies, strict=True)]
    for left in range(len(kinds) - 1):
        pair = {kinds[left], kinds[left + 1]}
        if pair == {"longitude", "latitude"} or pair == {"named"}:
            for at in (left, left + 1):
                tallies[at]["GEO_COORDINATE"].add(
                    Evidence(kind="combination", rule="pair", weight=PAIRED, note="longitude beside latitude")
                )


def _beside(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """Add what the header of another column says for a type: 逾期天数 beside 贷款金额 is a credit record."""
    spoken = [(f"{c.name} {c.comment}", _tokens(c.name)) for c in columns]

    @cache
    def saying(word: str) -> list[int]:
        """Return two columns at most that say the word: one of them is another than the one asked about."""
        han = has_han(word)
        hits = (at for at, (text, tokens) in enumerate(spoken) if word in (text if han else tokens))
        return list(islice(hits, 2))

    for at, tally in enumerate(tallies):
        for type_id, word, weight in _speaking():
            one = tally.get(type_id)
            if one is None or not any(e.kind == "header" and e.weight > PARTLY for e in one.evidence):
                continue
            if any(e.rule == "beside" for e in one.evidence):
                continue
            if any(other != at for other in saying(word)):
                one.add(
                    Evidence(kind="combination", rule="beside", weight=round(TABLE * weight, 3), note=word)
                )


def _parties(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """Who has a number, a sex or a birth of their own is a person: msr beside msr_sfzh."""
    owned = sorted(
        column.name.lower()
        for column, tally in zip(columns, tallies, strict=True)
        if any(_likely(tally, kind) for kind in OWN)
    )
    for column, tally in zip(columns, tallies, strict=True):
        name = column.name.lower()
        at = bisect_right(owned, name)
        if len(name) < 2 or name.isdigit() or at == len(owned) or not owned[at].startswith(name):
            continue
        one = tally.get("PERSON")
        if one is not None and any(e.kind == "value" and e.rule == "absence" for e in one.evidence):
            continue
        if any(t.score > CERTAIN for kind, t in tally.items() if kind not in WHO):
            continue
        one = tally.setdefault("PERSON", Tally("PERSON"))
        one.add(Evidence(kind="combination", rule="party", weight=PARTY, note=owned[at][:40]))


def _handles(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """Logins under the header of a person (reviewer, oper_name) are accounts."""
    for column, tally in zip(columns, tallies, strict=True):
        who, login = tally.get("PERSON"), tally.get("USERNAME")
        if who is None or login is None or len(column.cells) < VARIED:
            continue
        if not any(e.kind == "header" and e.weight > PARTLY for e in who.evidence):
            continue
        if any(e.rule == "names" and e.weight > 1 for e in who.evidence):
            continue
        hits = sum(bool(_LOGIN.fullmatch(v)) for v in column.cells)
        if hits > NEARLY_UNIQUE * len(column.cells) and login.score < HANDLE:
            login.add(
                Evidence(kind="value", rule="handles", matched=hits, weight=round(HANDLE - login.score, 3))
            )


def _counted(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """Numbers that identify hardly repeat and share their length: 136, 44, 9 under emp_num count heads."""
    for column, tally in zip(columns, tallies, strict=True):
        cells = column.cells
        if (
            len(cells) < 2
            or not all(v.isdigit() and len(v) < 5 and v[0] != "0" for v in cells)
            or len(set(map(len, cells))) < 2
            or len(cells) > NEARLY_UNIQUE * sum(cells.values())
        ):
            continue
        weight = HEADS if _COUNT.search(column.name) else REPEATED
        for one in tally.values():
            if load()[one.type].identifies == "direct" and load()[one.type].format_checkable == "no":
                one.add(Evidence(kind="value", rule="repeated", weight=weight))


def _noted(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """Words that are nothing else are what a sure header says: 已电话通知本人 is a remark."""
    for column, tally in zip(columns, tallies, strict=True):
        if any(other.score >= 0 for other in tally.values()):
            continue
        for type_id, sure, shortest, weight in WORDED:
            one = tally.get(type_id)
            if one is None or not any(e.rule == "word" and e.weight > sure for e in one.evidence):
                continue
            notes = {v: n for v, n in column.cells.items() if len(_HAN.findall(v)) >= shortest}
            if len(notes) >= VARIED and sum(notes.values()) >= 0.4 * sum(column.cells.values()):
                one.add(Evidence(kind="value", rule="notes", matched=len(notes), weight=weight))


def _without_person(tally: dict[str, Tally]) -> None:
    """Where no column is about a person, an organisation employs nobody that we see."""
    one, other = tally.get("EMPLOYER"), tally.get("ORGANIZATION")
    if one is not None and other is not None and any(e.kind == "value" for e in one.evidence):
        one.add(Evidence(kind="table", rule="no person", weight=NO_PERSON))


def _tokens(name: str) -> frozenset[str]:
    return frozenset(canonical(w.lower() for w in _LATIN.findall(name)))


@lru_cache(maxsize=1)
def _speaking() -> tuple[tuple[str, str, float], ...]:
    """Return every word of a neighbour's header that speaks for a type, and how strongly."""
    return tuple(
        (entry.id, word[1:], weight)
        for entry in load().values()
        for word, weight in entry.tables.items()
        if word[0] == "+"
    )


def _axis(column: ColumnView, tally: dict[str, Tally]) -> str:
    one = tally.get("GEO_COORDINATE")
    if (
        one is not None
        and not column.cells
        and any(e.weight > NAMED for e in one.evidence if e.kind == "header")
    ):
        return "named"
    if one is None or not any(e.kind == "value" and e.rule == "single" for e in one.evidence):
        return ""
    numbers = sorted(float(v) for v in column.cells if v.replace(".", "", 1).isdigit())
    if not numbers:
        return ""
    return "longitude" if numbers[len(numbers) // 2] >= 73 else "latitude"


def _absorb(tally: dict[str, Tally], type_id: str, table: TableKind) -> None:
    """In a register of facilities their coordinates and addresses are what the facility's type says."""
    best = max((tally[t].score for t in load()[type_id].absorbs if t in tally), default=0.0)
    if best <= 0:
        return
    one = tally.setdefault(type_id, Tally(type_id))
    if one.score < best + ABSORBED:
        word = table.support.get(type_id, (0.0, "a column beside it"))[1]
        one.add(
            Evidence(kind="table", rule="absorbs", weight=round(best + ABSORBED - one.score, 3), note=word)
        )


@lru_cache(maxsize=1)
def _absorbing() -> tuple[TypeEntry, ...]:
    return tuple(entry for entry in load().values() if entry.absorbs)
