"""Move all dates of one person by one secret number of weeks.

Threat model. (1) *Weekday*: a shift by days is betrayed by the rhythm of the dates (an office has
no Sunday); whole weeks keep every weekday, so the rhythm says nothing about the offset.
(2) *Known event*: who knows the true date of one row of a person learns that row's shift. With
``jitter_weeks`` 0 intervals are exact and that shift is the person's offset: all other dates of the
person follow. That is no weakness of the key but of exact intervals themselves. With
``jitter_weeks`` J each event moves J weeks more or less by a draw of its own: whatever the attacker
knows of other events, each of 2J+1 places stays equally likely for an event once the offset is known,
so no guess is right more often than once in 2J+1; intervals hold to within 2J weeks. It says nothing
about other persons in either case. Plans choose J = 2 unless exact intervals are asked for by hand;
the certificate carries what the attack got out of the release itself (``known_event_attack``).
(3) *Calendar*: events on the same day of every month, or the lowest days of a year, can show the
offset of a person with many events, the jitter of none; dates beyond the last day of the source show
that they moved forward. Use ``date_part`` when that matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator, Reads
from hushu.anonymize.values import digests
from hushu.anonymize.values.dates import as_dates, parse
from hushu.anonymize.values.hashes import HashName
from hushu.anonymize.values.normalizing import as_text

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class DateShift(Operator):
    """Dates move by whole weeks, one offset a person, the same in every table of the release.

    Args:
        weeks: offsets are drawn from ±(jitter_weeks + 1 … weeks), so no date stays where it was.
        jitter_weeks: how far single events move on top of that; 0 keeps intervals exactly.
        hash: ``sha256`` or ``sm3``.

    Raises:
        ConfigError: HS-E151, fewer than 8 weeks of room; HS-E157, no entity column.
        KeyMaterialError: HS-E401, no key.
    """

    name: ClassVar[str] = "date_shift"
    needs_key: ClassVar[bool] = True
    reads: ClassVar[Reads] = "entity"
    text: ClassVar = {
        "zh": "日期按人整周平移（±{weeks} 周内，单个事件另有 ±{jitter_weeks} 周扰动）",
        "en": "dates move by whole weeks per person (within ±{weeks}, single events ±{jitter_weeks} more)",
    }
    weeks: int = 52
    jitter_weeks: int = 0
    hash: HashName = "sha256"

    def __post_init__(self) -> None:
        if self.jitter_weeks < 0:
            raise self.wrong("jitter_weeks", f"it is {self.jitter_weeks}", "0 or more")
        if self.weeks - self.jitter_weeks < 8:
            raise self.wrong(
                "weeks", "fewer than 16 offsets could be told by trying", "jitter_weeks + 8 or more"
            )
        if self.hash not in ("sha256", "sm3"):
            raise self.wrong("hash", f"it is {self.hash}", "sha256 or sm3")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n dates of the column's kind; text that is not a date, and rows of nobody, become null."""
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        persons = context.persons(self.name)
        days = as_dates(array, context.column)
        shift = pa.array(7 * self._weeks(persons, days, context), pa.int32())
        shift = pc.if_else(pc.is_valid(persons), shift, pa.scalar(None, pa.int32()))
        if pa.types.is_date(array.type):
            return _moved(days, shift).cast(array.type)
        if pa.types.is_timestamp(array.type):
            return pc.add(array, pc.multiply(shift.cast(pa.int64()), _DAY).cast(pa.duration("s")))
        return _written(array, _moved(days, shift))

    def _weeks(self, persons: pa.Array, days: pa.Array, context: Context) -> np.ndarray:
        key = context.scope(self.hash).derive("date shift", context.entity_type or "VALUE")
        drawn = digests.uniform(self.hash, key, persons)
        room = self.weeks - self.jitter_weeks
        place = (drawn % np.uint64(2 * room)).astype(np.int64)  # bias below 2**-50
        offset = np.where(place < room, place - self.weeks, place - room + self.jitter_weeks + 1)
        if self.jitter_weeks == 0:
            return offset
        event = pc.binary_join_element_wise(
            pc.fill_null(persons, ""), pc.fill_null(days.cast(pa.string()), ""), "\x00"
        )
        key = context.scope(self.hash).derive("date jitter", context.entity_type or "VALUE")
        own = digests.uniform(self.hash, key, event) % np.uint64(2 * self.jitter_weeks + 1)
        return offset + own.astype(np.int64) - self.jitter_weeks


def _moved(days: pa.Array, shift: pa.Array) -> pa.Array:
    return pc.add(days.cast(pa.int32()), shift).cast(pa.date32())


def _written(array: pa.Array, moved: pa.Array) -> pa.Array:
    # Text keeps its time of day; the date is written ISO 8601 whatever it was before.
    text = as_text(array)
    times = text.dictionary_encode()
    after = [found[1] if (found := parse(value)) else "" for value in times.dictionary.to_pylist()]
    tail = pa.array(after, pa.string()).take(times.indices)
    return pc.binary_join_element_wise(moved.cast(pa.string()), tail, "")
