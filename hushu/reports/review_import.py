"""``hushu review import``: what people decided in 清单.xlsx, and what in it contradicts itself.

A cell counts as a person's word when it differs from what the same cell said at export (kept in the
hidden column ``_was``; without it, from what the inventory says now). Nothing is lost: what no longer
fits is listed with its row. A row that nobody signed, that cannot be understood, or that loosens
something without a reason is no decision: it is listed and left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hushu.errors import InputError
from hushu.model import Decision, Inventory, Status
from hushu.reports.review_fields import COLUMN_FIELDS, OPINIONS, SHARING, TABLE_FIELDS, Field
from hushu.reports.review_reading import FIX, Book, Line, labelled, lines, open_book, plain, text
from hushu.reports.review_rows import Row, before, key_of, rows_of_columns, rows_of_tables
from hushu.reports.review_sheets import CANDIDATE_FIELDS, PREPARED_BY, PREPARED_ON
from hushu.reports.review_values import Scales, day_of, type_of
from hushu.reports.sheets import clean
from hushu.reports.words import Say, speaker

UNEXPLAINED = "（未填理由）"
_ABOUT_THE_REVIEW = {"opinion", "by", "at", "reviewed_by", "approved_by", "reason"}
_JUDGEMENT = {"opinion", "type", "level", "sharing", "opening"}
_OWN_PLACE = {"opinion", "by", "at", "change", "basis", "reason", "level", "sharing", "opening", "type"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewResult:
    """What a reviewed workbook says: the decisions, and what a person must look at again.

    ``left_out`` counts the rows that were not taken over; each is among the conflicts.
    """

    decisions: tuple[Decision, ...]
    conflicts: tuple[str, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    name: str
    fields: tuple[Field, ...]
    needed: frozenset[str]
    rows: Callable[[Inventory], Iterator[Row]]


_COLUMNS = _Sheet(
    name="数据分类分级清单", fields=COLUMN_FIELDS, needed=frozenset({"column"}), rows=rows_of_columns
)
_TABLES = _Sheet(
    name="数据资源目录", fields=TABLE_FIELDS, needed=frozenset({"table", "columns"}), rows=rows_of_tables
)


def import_review(path: str | Path, inventory: Inventory, *, lang: str = "zh") -> ReviewResult:
    """Read a reviewed workbook back.

    Args:
        path: 清单.xlsx as people returned it; columns may be moved or added, rows deleted.
        inventory: the scan it belongs to; a newer scan of the same source is fine.
        lang: the language of the conflicts, ``zh`` or ``en``.

    Returns:
        Decisions in the order of the sheets, conflicts, each naming sheet and row, and how many rows
        were left out.

    Raises:
        InputError: HS-E201, no such file; HS-E282, not a workbook; HS-E283, no sheet is the list.
    """
    return _Reading(open_book(path), inventory, speaker(lang)).run()


class _Reading:
    """One reading of one workbook; collects the conflicts on its way."""

    def __init__(self, book: Book, inventory: Inventory, say: Say) -> None:
        self._say = say
        self._book = book
        self._inventory = inventory
        self._conflicts: list[str] = []
        self._left_out: set[str] = set()
        self._scales = Scales(inventory)
        self._cover = labelled(book, "封面")
        changed = datetime.fromtimestamp(book.path.stat().st_mtime, tz=UTC)
        self._saved = changed.date().isoformat()

    def run(self) -> ReviewResult:
        """Return what the three sheets say that carry decisions."""
        decisions = [*self._sheet(_TABLES), *self._sheet(_COLUMNS)]
        opinions = dict(self._opinions())
        merged = [self._with_opinion(d, opinions.pop((d.table, d.column), None)) for d in decisions]
        merged += opinions.values()
        self._list_doubles(merged)
        return ReviewResult(
            decisions=tuple(merged),
            conflicts=tuple(dict.fromkeys(self._conflicts)),
            left_out=len(self._left_out),
        )

    def _sheet(self, sheet: _Sheet) -> Iterator[Decision]:
        found = lines(self._book, sheet.name, sheet.fields, sheet.needed)
        if found is None:
            self._missing(sheet)
            return
        now = {str(row["_key"]): row for row in sheet.rows(self._inventory)}
        for line in found:
            place = self._say("import.place", sheet=sheet.name, row=str(line.number))
            key = self._key(sheet, line, now, place)
            decision = self._decision(sheet, line, key, now.get(key), place) if key else None
            if decision is not None:
                yield decision

    def _note(self, place: str, kind: str, **values: str) -> None:
        """List a conflict at its place."""
        told = self._say(f"import.{kind}", **values)
        self._conflicts.append(self._say("import.at", place=place, told=told) if place else told)

    def _refuse(self, place: str, kind: str, **values: str) -> None:
        """List what keeps the row at ``place`` from being a decision."""
        self._left_out.add(place)
        self._note(place, kind, **values)

    def _missing(self, sheet: _Sheet) -> None:
        if sheet is _COLUMNS:
            raise InputError(
                "no sheet of the workbook is the list",
                where=str(self._book.path),
                why="no row of headings names 数据项英文名",
                fix=FIX,
                code="HS-E283",
            )
        self._note("", "no_sheet", sheet=sheet.name)

    def _key(self, sheet: _Sheet, line: Line, now: Mapping[str, Row], place: str) -> str:
        """Return the key of the row's column or table; the names that people see outweigh the hidden key."""
        hidden = line.cells.get("_key", "")
        table, column = line.cells.get("table", ""), line.cells.get("column", "")
        if hidden in now and all(_alike(line, now[hidden], name) for name in ("table", "column")):
            return hidden
        seen = key_of(table, column if sheet is _COLUMNS else "")
        if seen in now:
            if hidden and hidden != seen:
                self._note(place, "key_unlike")
            return seen
        if hidden in now:
            self._note(place, "name_changed")
            return hidden
        if not table or (sheet is _COLUMNS and not column):
            return ""  # a note or a total that somebody wrote below the list
        return seen

    def _decision(self, sheet: _Sheet, line: Line, key: str, now: Row | None, place: str) -> Decision | None:
        self._list_formulas(sheet, line, place)
        was = self._was(sheet, line, now)
        changed = {
            field.key: line.cells[field.key]
            for field in sheet.fields
            if field.editable
            and line.cells.get(field.key, "")
            and plain(line.cells[field.key]) != plain(str(was.get(field.key, "")))
        }
        same = {key for key, said in changed.items() if self._scales.same(key, said, str(was.get(key, "")))}
        status = self._status(changed, same, place)
        if status is None:
            return None
        table, column = json.loads(key)
        if now is None:
            self._note(place, "gone", name=f"{table}.{column}".rstrip("."))
        elif "_rev" in line.cells and line.cells["_rev"] not in {"", now["_rev"]}:
            self._note(place, "stale")
        corrected = {key: said for key, said in changed.items() if key not in same}
        if not corrected.get("reason") and self._loosens(corrected, was):
            self._refuse(place, "loosened")
        made = self._made(Decision(table=table, column=column, status=status), line, corrected, now, place)
        return None if place in self._left_out else made

    def _loosens(self, corrected: Mapping[str, str], was: Mapping[str, object]) -> bool:
        """Return whether a correction may make less of the data: a lower level, or another type."""
        return "type" in corrected or any(
            self._scales.lower(key, corrected[key], str(was.get(key, "")))
            for key in self._scales.packs
            if key in corrected
        )

    def _was(self, sheet: _Sheet, line: Line, now: Row | None) -> Mapping[str, object]:
        try:
            was = json.loads(line.cells.get("_was", ""))
        except ValueError:
            was = None
        if isinstance(was, dict):
            return was
        known: dict[str, object] = json.loads(before(sheet.fields, now)) if now else {}
        return known

    def _list_formulas(self, sheet: _Sheet, line: Line, place: str) -> None:
        unread = [field for field in sheet.fields if field.key in line.ignored and field.editable]
        if not unread:
            return
        # A signed row whose level or type can't be read must not pass for agreement with the old one.
        judged = any(field.key in _JUDGEMENT for field in unread)
        told = self._refuse if judged else self._note
        told(place, "formula", fields=self._say("list.and").join(field.title for field in unread))

    def _status(self, changed: Mapping[str, str], same: set[str], place: str) -> Status | None:
        """Return what the row decides, or None when nobody has looked at it."""
        opinion = changed.get("opinion", "")
        said = OPINIONS.get(opinion)
        if opinion and said is None:
            self._refuse(place, "opinion", said=_short(opinion))
        corrected = bool(set(changed) - same - _ABOUT_THE_REVIEW)
        if said == "locked":
            return "locked"
        if corrected:
            return "overridden"
        return said or ("confirmed" if changed else None)

    def _made(
        self, decision: Decision, line: Line, changed: Mapping[str, str], now: Row | None, place: str
    ) -> Decision:
        levels = self._levels_said(line, changed, now, place)
        decided, type_id = False, None
        if "type" in changed:
            decided, type_id = type_of(changed["type"])
            if not decided:
                self._refuse(place, "type", said=_short(changed["type"]))
        attributes = {k: v for k, v in changed.items() if k not in _OWN_PLACE}
        for key in ("sharing", "opening"):
            if key in changed and key not in self._scales.packs:
                attributes[key] = changed[key]
        return replace(
            decision,
            type=type_id,
            type_decided=decided,
            levels=levels,
            attributes=attributes,
            by=self._signed(line, "by", place),
            at=self._day(line.cells.get("at", ""), place),
            kind=changed.get("change", ""),
            reason=changed.get("reason") or self._unexplained(decision.status, place),
            basis=self._basis(changed, levels),
        )

    def _levels_said(
        self, line: Line, changed: Mapping[str, str], now: Row | None, place: str
    ) -> dict[str, str]:
        """Return the levels that the row stands for: those corrected, and those left as they were."""
        levels: dict[str, str] = {}
        for key, pack in self._scales.packs.items():
            said = changed.get(key) or line.cells.get(key, "") or (str(now.get(key, "")) if now else "")
            level = self._scales.level(key, said)
            if level is not None:
                levels[pack] = level
            elif key in changed:
                self._refuse(place, "level", said=_short(said), pack=pack)
        return levels

    def _signed(self, line: Line, key: str, place: str) -> str:
        """Return who signed the row, or the whole workbook on its cover."""
        by = line.cells.get(key, "") or self._cover.get(plain(PREPARED_BY), "")
        if not by:
            self._refuse(place, "unsigned")
        return by

    def _unexplained(self, status: Status, place: str) -> str:
        if status != "overridden" or place in self._left_out:
            return ""
        self._note(place, "unexplained")
        return UNEXPLAINED

    def _day(self, said: str, place: str) -> str:
        day = day_of(said or self._cover.get(plain(PREPARED_ON), ""))
        if said and day is None:
            self._note(place, "day", day=self._saved)
        return day or self._saved

    def _basis(self, changed: Mapping[str, str], levels: Mapping[str, str]) -> str:
        # Withholding needs its law in the decision itself; in the form it stands beside the sharing type.
        law = changed.get("sharing_condition", "") if levels.get(SHARING) == "withheld" else ""
        return "；".join(part for part in (changed.get("basis", ""), law) if part)

    def _opinions(self) -> Iterator[tuple[tuple[str, str], Decision]]:
        found = lines(
            self._book, "重要数据候选清单", CANDIDATE_FIELDS, frozenset({"important_opinion", "_key"})
        )
        for line in found or ():
            said, key = line.cells.get("important_opinion", ""), line.cells.get("_key", "")
            if not said or not key:
                continue
            place = self._say("import.place", sheet="重要数据候选清单", row=str(line.number))
            try:
                table, column = json.loads(key)
            except ValueError:
                self._refuse(place, "key_broken")
                continue
            by = self._signed(line, "approved_by", place)
            if by:
                made = Decision(
                    table=table,
                    column=column,
                    attributes={"important_opinion": said},
                    by=by,
                    at=self._day(line.cells.get("at", ""), place),
                    reason="重要数据候选的单位意见",
                )
                yield (table, column), made

    def _with_opinion(self, decision: Decision, opinion: Decision | None) -> Decision:
        if opinion is None:
            return decision
        return replace(decision, attributes={**decision.attributes, **opinion.attributes})

    def _list_doubles(self, decisions: list[Decision]) -> None:
        seen: dict[tuple[str, str], Decision] = {}
        for decision in decisions:
            first = seen.setdefault((decision.table, decision.column), decision)
            if first is not decision and first != decision:
                name = f"{decision.table}.{decision.column}".rstrip(".")
                self._note(name, "double")


def _alike(line: Line, row: Row, name: str) -> bool:
    """Return whether a cell says the name of its row; cells lose spaces and marks that no sheet can hold."""
    said = line.cells.get(name, "")
    return not said or plain(said) == plain(text(clean(str(row.get(name, "")))))


def _short(said: str) -> str:
    """Return a typed word for a message; long text is not repeated, it may be about a person."""
    return said if len(said) <= 12 else f"{said[:4]}…（{len(said)} 字）"
