"""What a fingerprint writes on: the parity of a number's last digit, or of a date's day.

A cell is read as a count of its column's smallest steps (0.01, 1, one day), whatever the format
it is written in, so that a mark outlives a change of format, of order and of the other columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.keys import KeyMaterial, info
from hushu.anonymize.privacy.columns import flat
from hushu.anonymize.values.digests import base32_hmac

Kind = Literal["number", "date"]
Steps: TypeAlias = npt.NDArray[np.int64]
Blocks: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

MOST_DECIMALS = 6
# A change of one step must stay below one percent of the usual value.
LEAST_STEPS = 100
LEAST_DISTINCT = 50
_DATE = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?$"
_COMPACT_DATE = r"^((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked column: its name, what its cells are, and for numbers how many decimals they have."""

    column: str
    kind: Kind
    decimals: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the mark as it stands in a certificate."""
        return {"column": self.column, "kind": self.kind, "decimals": self.decimals}


def canonical(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return cells as text that no usual change of format alters: widths, spaces, case, zeros, date style."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(pc.utf8_normalize(_as_text(array), "NFKC")))
    text = pc.replace_substring_regex(text, r"^([+-]?)0*(\d+)(?:\.0+)?$", r"\1\2")
    return flat(_iso(text))


def row_blocks(key: KeyMaterial, columns: Sequence[pa.Array | pa.ChunkedArray], scope: str) -> Blocks:
    """Return n x 16 keyed bytes that name each row by the canonical values of its key columns."""
    parts = [pc.fill_null(canonical(column), "") for column in columns]
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")
    made = base32_hmac("sha256", key.derive(info("fingerprint rows", scope)), flat(joined), "")
    data = np.frombuffer(made.buffers()[2], np.uint8)[: 16 * len(made)]
    return data.reshape(-1, 16)


def pseudorandom(secret: bytes, blocks: Blocks, column: str) -> npt.NDArray[np.uint64]:
    """Return 64 pseudorandom bits for each row, different for each column (AES as the function)."""
    import hashlib

    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    tweak = np.frombuffer(hashlib.sha256(column.encode()).digest()[:16], np.uint8)
    cipher = Cipher(algorithms.AES(secret), modes.ECB()).encryptor()  # noqa: S305 - one block, as a PRF
    out = cipher.update(np.ascontiguousarray(blocks ^ tweak).tobytes()) + cipher.finalize()
    return np.frombuffer(out, np.uint64).reshape(-1, 2)[:, 0]


def chosen(key: KeyMaterial, blocks: Blocks, column: str, scope: str, rate: float) -> tuple[Mask, Mask]:
    """Return which cells carry a bit (twice ``rate`` of them), and whether a change goes up.

    The choice does not depend on the recipient: copies that are compared show only the cells in
    which their bits differ.
    """
    random = pseudorandom(key.derive(info("fingerprint cells", scope)), blocks, column)
    return (random >> np.uint64(32)) < np.uint64(2 * rate * 2**32), (random & np.uint64(1)) == 1


def recipient_bits(key: KeyMaterial, blocks: Blocks, column: str, scope: str, recipient: str) -> Mask:
    """Return the recipient's bit for each row: True where the count of steps is to be odd."""
    random = pseudorandom(key.derive(info("fingerprint bits", scope, recipient)), blocks, column)
    return np.asarray((random & np.uint64(1)) == 1)


def steps(array: pa.Array | pa.ChunkedArray, mark: Mark) -> tuple[Steps, Mask]:
    """Return each cell as a count of steps, and which cells could be read so."""
    number = _days(array) if mark.kind == "date" else _scaled(array, mark.decimals)
    known = pc.is_valid(number).to_numpy(zero_copy_only=False)
    return pc.fill_null(number, 0).to_numpy(zero_copy_only=False).astype(np.int64), known


def describe(array: pa.Array | pa.ChunkedArray, column: str) -> tuple[Mark | None, str]:
    """Return how a column can be marked, or None and the reason why it can't."""
    days = _days(array)
    filled = len(array) - array.null_count
    if not filled:
        return None, "the column is empty"
    if pa.types.is_temporal(array.type) or days.null_count == array.null_count:
        return Mark(column, "date"), ""
    numbers = _numbers(array)
    if numbers.null_count > array.null_count:
        return None, "not every cell is a number or a date"
    decimals = _decimals(array, numbers)
    if decimals is None:
        return None, f"its numbers have more than {MOST_DECIMALS} decimals"
    mark = Mark(column, "number", decimals)
    value, known = steps(array, mark)
    value = value[known]
    if np.median(np.abs(value)) < LEAST_STEPS:
        return None, "one step would change its usual value by more than one percent"
    if len(np.unique(value[:1_000_000])) < LEAST_DISTINCT:
        return None, f"it has fewer than {LEAST_DISTINCT} different values"
    return mark, ""


def rewrite(array: pa.Array | pa.ChunkedArray, mark: Mark, change: Steps) -> pa.Array:
    """Return the column with each cell moved by ``change`` steps, in its own type and format."""
    array = flat(array)
    moved = np.flatnonzero(change)
    value, _ = steps(array, mark)
    value = value[moved] + change[moved]
    if pa.types.is_temporal(array.type) or not _is_text(array.type):
        new = _typed(array.take(pa.array(moved)), mark, value, change[moved])
    else:
        before = array.take(pa.array(moved)).to_pylist()
        new = pa.array([_written(b, mark, int(v)) for b, v in zip(before, value, strict=True)], array.type)
    mask = np.zeros(len(array), dtype=bool)
    mask[moved] = True
    return pc.replace_with_mask(array, pa.array(mask), new)


def _typed(before: pa.Array, mark: Mark, value: Steps, change: Steps) -> pa.Array:
    if mark.kind == "date":
        day = pc.cast(pa.array(change.astype("timedelta64[D]").astype("timedelta64[s]")), pa.duration("s"))
        if pa.types.is_date(before.type):
            return pc.cast(pc.add(pc.cast(before, pa.timestamp("s")), day), before.type)
        return pc.cast(pc.add(before, pc.cast(day, pa.duration(before.type.unit))), before.type)
    if pa.types.is_decimal(before.type):
        from decimal import Decimal

        return pa.array([Decimal(int(v)).scaleb(-mark.decimals) for v in value], before.type)
    return pc.cast(pa.array(np.round(value / 10.0**mark.decimals, mark.decimals)), before.type)


def _written(before: str, mark: Mark, value: int) -> str:
    """Write a new value in the style of the text it replaces."""
    import re
    from datetime import date, timedelta

    if mark.kind == "number":
        text = f"{abs(value):0{mark.decimals + 1}d}"
        body = text if not mark.decimals else f"{text[: -mark.decimals]}.{text[-mark.decimals :]}"
        return ("-" if value < 0 else "") + body
    new = date(1970, 1, 1) + timedelta(days=value)
    if re.match(_COMPACT_DATE, before):
        return f"{new:%Y%m%d}"
    found = re.match(r"(\d{4})(\D)(\d{1,2})(\D)(\d{1,2})(.*)$", before, re.DOTALL)
    if found is None:
        return new.isoformat()
    month = f"{new.month:0{2 if found[3][0] == '0' or len(found[3]) == 2 else 1}d}"
    day = f"{new.day:0{2 if found[5][0] == '0' or len(found[5]) == 2 else 1}d}"
    return f"{new.year}{found[2]}{month}{found[4]}{day}{found[6]}"


def _days(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    if pa.types.is_date(array.type) or pa.types.is_timestamp(array.type):
        return flat(pc.cast(pc.cast(array, pa.date32()), pa.int32()))
    if not _is_text(array.type) and not _may_be_compact_dates(array):
        return pa.nulls(len(array), pa.int32())
    text = pc.utf8_trim_whitespace(pc.utf8_normalize(_as_text(array), "NFKC"))
    text = _iso(pc.replace_substring_regex(text, _COMPACT_DATE, r"\1-\2-\3"))
    text = pc.if_else(
        pc.match_substring_regex(text, r"^\d{4}-\d{2}-\d{2}$"), text, pa.scalar(None, pa.string())
    )
    read = pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True)
    return flat(pc.cast(pc.cast(read, pa.date32()), pa.int32()))


def _may_be_compact_dates(array: pa.Array | pa.ChunkedArray) -> bool:
    if not pa.types.is_integer(array.type) or array.null_count == len(array):
        return False
    ends = pc.min_max(array).as_py()
    return bool(ends["min"] >= 19_000_101 and ends["max"] <= 20_991_231)


def _iso(text: Any) -> Any:
    text = pc.replace_substring_regex(text, _DATE, r"\1-\2-\3")
    text = pc.replace_substring_regex(text, r"^(\d{4})-(\d)-(\d{1,2})$", r"\1-0\2-\3")
    return pc.replace_substring_regex(text, r"^(\d{4}-\d{2})-(\d)$", r"\1-0\2")


def _numbers(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        number = pc.cast(array, pa.float64(), safe=False)
        return flat(pc.if_else(pc.is_finite(number), number, pa.scalar(None, pa.float64())))
    if not _is_text(array.type):
        return pa.nulls(len(array), pa.float64())
    text = pc.utf8_normalize(_as_text(array), "NFKC")
    text = pc.replace_substring_regex(text, r"[,\s¥$元]", "")
    plain = pc.match_substring_regex(text, r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
    text = pc.if_else(plain, pc.replace_substring_regex(text, r"^\+", ""), pa.scalar(None, pa.string()))
    return flat(pc.cast(text, pa.float64()))


def _scaled(array: pa.Array | pa.ChunkedArray, decimals: int) -> pa.Array:
    value = pc.multiply(_numbers(array), 10.0**decimals)
    # Beyond 2**53 a float no longer tells one step from the next.
    small = pc.less(pc.abs(value), 2.0**53)
    return pc.if_else(small, pc.round(value), pa.scalar(None, pa.float64()))


def _decimals(array: pa.Array | pa.ChunkedArray, numbers: pa.Array) -> int | None:
    if pa.types.is_decimal(array.type):
        return int(array.type.scale) if array.type.scale <= MOST_DECIMALS else None
    value = numbers.drop_null().to_numpy(zero_copy_only=False)
    for decimals in range(MOST_DECIMALS + 1):
        scaled = value * 10.0**decimals
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-6 * np.maximum(1.0, np.abs(scaled) * 1e-6)):
            return decimals
    return None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _as_text(array: pa.Array | pa.ChunkedArray) -> Any:
    array = flat(array)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_timestamp(array.type):
        array = pc.strftime(array, format="%Y-%m-%d %H:%M:%S")
    return pc.cast(array, pa.string())
