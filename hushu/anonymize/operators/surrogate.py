"""Invented Chinese values in the place of real ones, marked as invented."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator, Reads
from hushu.anonymize.values import digests
from hushu.anonymize.values.normalizing import as_text, family, normalized
from hushu.errors import ConfigError, PolicyError
from hushu.rules.checksums import luhn, mod_11_2

_TRIES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrogate(Operator):
    """Every value becomes an invented one, picked by HMAC under the key; equal values get equal ones.

    An invented value never equals a value of the column or of ``context.real`` (it is drawn again
    when it does), and carries a mark by which :func:`is_surrogate` knows it. Two values may get
    the same invented one: it is for reading and testing, a pseudonym is for joining.

    Raises:
        ConfigError: HS-E152, a type for which nothing is invented.
        KeyMaterialError: HS-E401, no key.
        PolicyError: HS-E353, no free invented value was found.
    """

    name: ClassVar[str] = "surrogate"
    needs_key: ClassVar[bool] = True
    reads: ClassVar[Reads] = "column"  # a value of a later batch must not be hit either
    text: ClassVar = {
        "zh": "替换为带标记的虚构值，不与真实值重合",
        "en": "values become invented ones, marked, never equal to a real one",
    }

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n invented strings, null where the input is null."""
        kind = family(context.type)
        invent = _INVENTORS.get(kind)
        if invent is None:
            raise ConfigError(
                "nothing is invented for this type",
                where=context.type,
                fix="use pseudonym; invented values exist for: " + ", ".join(_INVENTORS),
                code="HS-E152",
            )
        text = as_text(column, where=context.column)
        encoded = normalized(kind, text).dictionary_encode()
        made = self._drawn(encoded.dictionary, invent, _real(text, context), context)
        return pa.DictionaryArray.from_arrays(encoded.indices, made).dictionary_decode()

    def _drawn(
        self, values: pa.Array, invent: Callable[[int], str], real: pa.Array, context: Context
    ) -> pa.Array:
        scope = context.scope()
        out = np.empty(len(values), object)
        open_rows = np.arange(len(values))
        for attempt in range(_TRIES):
            key = scope.derive(f"surrogate/{attempt}", context.type)
            drawn = digests.uniform(scope.hash, key, values.take(pa.array(open_rows)))
            out[open_rows] = [invent(int(number)) for number in drawn]
            made = pa.array(out[open_rows], pa.string())
            hits = pc.or_(pc.is_in(made, real), pc.is_in(_unmarked(made), real))
            open_rows = open_rows[hits.to_numpy(zero_copy_only=False)]
            if len(open_rows) == 0:
                return pa.array(out, pa.string())
        raise PolicyError(
            "no invented value is free",
            where=context.column,
            why="the table holds too many of the values that could be invented",
            fix="use the operator pseudonym",
            code="HS-E353",
        )


def is_surrogate(type_id: str, array: Any) -> pa.Array:
    """Say of n strings which carry the mark of an invented value of the type; null stays null.

    Example:
        >>> is_surrogate("PERSON", pa.array(["王安云（化名）", "王安云"])).to_pylist()
        [True, False]
    """
    mark = words()["marks"].get(family(type_id))
    text = as_text(array)
    return pc.match_substring_regex(text, mark) if mark else pc.equal(text, None).fill_null(False)


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """Return the word lists and marks of ``surrogates.yaml``."""
    import yaml

    loaded: dict[str, Any] = yaml.safe_load(
        (files("hushu.anonymize.operators") / "surrogates.yaml").read_text("utf-8")
    )
    return loaded


def _real(text: pa.Array, context: Context) -> pa.Array:
    real = [pc.unique(text), pc.unique(normalized(context.type, text))]
    if context.real is not None:
        other = as_text(context.real, where=context.column)
        real += [pc.unique(other), pc.unique(normalized(context.type, other))]
    return pc.unique(pa.concat_arrays(real)).drop_null()


def _unmarked(made: pa.Array) -> pa.Array:
    return pc.replace_substring(made, "（化名）", "")


def _person(number: int) -> str:
    surnames, given = words()["surnames"], words()["given"]
    number, surname = divmod(number, len(surnames))
    number, first = divmod(number, len(given))
    second = number % (2 * len(given))  # half of the names have one character
    rest = given[second] if second < len(given) else ""
    return f"{surnames[surname]}{given[first]}{rest}（化名）"


def _organization(number: int) -> str:
    return f"虚构单位{_letters(number)}（化名）"


def _phone(number: int) -> str:
    return f"160{number % 10**8:08d}"


def _resident(number: int) -> str:
    number, day = divmod(number, 36_500)
    born = np.datetime64("1920-01-01") + np.timedelta64(day, "D")
    body = f"000000{str(born).replace('-', '')}{number % 1000:03d}"
    return body + mod_11_2(body)


def _card(number: int) -> str:
    body = f"0000{number % 10**11:011d}"
    return next(body + digit for digit in "0123456789" if luhn(body + digit))


def _email(number: int) -> str:
    return f"u{_letters(number)}@example.invalid"


def _plate(number: int) -> str:
    return f"示A{_letters(number)[:5].upper()}"


def _address(number: int) -> str:
    roads = words()["roads"]
    number, road = divmod(number, len(roads))
    number, house = divmod(number, 999)
    return f"虚构市虚构区{roads[road]}{house + 1}号{number % 899 + 101}室"


def _letters(number: int) -> str:
    return base64.b32encode(number.to_bytes(8, "big")[-5:]).decode("ascii").lower()


_INVENTORS: Mapping[str, Callable[[int], str]] = {
    "PERSON": _person,
    "ORGANIZATION": _organization,
    "PHONE_NUMBER": _phone,
    "CN_RESIDENT_ID": _resident,
    "BANK_CARD": _card,
    "EMAIL_ADDRESS": _email,
    "LICENSE_PLATE": _plate,
    "ADDRESS": _address,
}
