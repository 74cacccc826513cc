"""What every operator is: frozen, typed, column in and column out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

import pyarrow as pa

from hushu.anonymize import keys as key_material
from hushu.anonymize.keys import Keyring
from hushu.anonymize.tokens import Scope
from hushu.anonymize.values.hashes import HashName
from hushu.anonymize.values.normalizing import as_text, normalized
from hushu.errors import ConfigError

# Words of parameters, for sentences in Chinese
_ZH: Mapping[Any, str] = {
    "month": "月份", "quarter": "季度", "year": "年份", "decade": "年代", "street": "街道",
    "district": "区县", "city": "城市", "province": "省份", "birth_month": "出生年月",
    "birth_year": "出生年份", "birth_decade": "出生年代", "age": "年龄", "age_band": "年龄段",
    "gender": "性别", "address": "地址", "region": "行政区划", "income": "收入", "date": "日期",
    "industry": "行业", "education": "学历", "five_years": "五岁一档", "ten_years": "十岁一档",
    "thirty_years": "三十岁一档", "lane": "弄", "road": "道路", "number": "门牌号",
}  # fmt: skip
Reads = Literal["value", "entity", "column"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where a column stands while an operator works on it.

    Args:
        dataset: release or purpose id; with ``recipient`` it separates keys.
        recipient: who receives the release.
        type: the column's type of the vocabulary, or ``""``.
        table: the table it stands in; noise and permutations of two tables must not repeat.
        column: its name, for messages.
        keys: the key ring, or None.
        entity: n values naming each row's person (date shift, noise), or None.
        entity_type: the type of those values, so that spellings of one person agree.
        real: values that occur in the table and that a surrogate must not hit, or None.
        record: (type, n values) of the identifier columns of the same rows; remarks are searched for them.
        start: number of rows before this batch.
    """

    dataset: str = ""
    recipient: str = ""
    type: str = ""
    table: str = ""
    column: str = ""
    keys: Keyring | None = None
    entity: Any = None
    entity_type: str = ""
    real: Any = None
    record: tuple[tuple[str, Any], ...] = ()
    start: int = 0

    def scope(self, hash_name: HashName = "sha256") -> Scope:
        """Return the token scope of this column.

        Raises:
            KeyMaterialError: HS-E401, no key was given.
            ConfigError: HS-E151, data set or recipient is empty.
        """
        ring = key_material.require(self.keys, where=self.column)
        return Scope(keys=ring, dataset=self.dataset, recipient=self.recipient, hash=hash_name)

    def place(self, purpose: str) -> str:
        """Return a label of this column for keys: the same in every run, another for every column."""
        return f"{purpose}/{len(self.table)}/{self.table}/{self.column}"

    def persons(self, operator: str) -> pa.Array:
        """Return the entity column as text, one spelling per person.

        Raises:
            ConfigError: HS-E157, the plan names no entity column.
        """
        if self.entity is None:
            raise ConfigError(
                f"the operator {operator} needs to know whose row each row is",
                where=self.column,
                why="dates of one person must move together",
                fix="name the entity column of the table in the plan",
                code="HS-E157",
            )
        return normalized(self.entity_type, as_text(self.entity, where=self.column))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What an operator cost a column.

    ``entropy`` is the share of the column's Shannon entropy that is gone (0 nothing, 1 all);
    ``distinct_before`` and ``distinct_after`` count values; ``emptied`` counts cells that held a
    value and hold none now (a value that did not fit its type, for instance).
    """

    entropy: float
    distinct_before: int
    distinct_after: int
    emptied: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(ABC):
    """One way to make a column less: parameters are checked when it is made, not when it runs.

    Class attributes: ``name``; ``reversible`` (with the key, the input can be had again);
    ``needs_key``; ``reads`` (``value``: works batch by batch; ``entity``: also needs
    ``context.entity``; ``column``: needs the whole column at once); ``text`` (what it does, in zh
    and en, a format string over the parameters).
    """

    name: ClassVar[str]
    reversible: ClassVar[bool] = False
    needs_key: ClassVar[bool] = False
    reads: ClassVar[Reads] = "value"
    text: ClassVar[Mapping[str, str]]

    @abstractmethod
    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return the transformed column: n values in, n values out, nulls stay null."""

    def explain(self, lang: str = "zh") -> str:
        """Say in one sentence what the operator does with its parameters."""
        if not lang.startswith("zh"):
            return self.text["en"].format(**self.params())
        params = {key: _ZH.get(value, value) for key, value in self.params().items()}
        return self.text["zh"].format(**params)

    def params(self) -> dict[str, Any]:
        """Return the parameters as they stand in a plan."""
        return asdict(self)

    def loss(self, before: Any, after: Any) -> Loss:
        """Return what the operator cost this column (entropy over the values as text, nulls left out)."""
        return information_loss(before, after)

    def wrong(self, parameter: str, why: str, fix: str) -> ConfigError:
        """Return the error for a parameter that does not hold."""
        return ConfigError(
            f"the operator {self.name} cannot work with this {parameter}",
            where=parameter,
            why=why,
            fix=fix,
            code="HS-E151",
        )


def information_loss(before: Any, after: Any) -> Loss:
    """Compare a column before and after: lost entropy, distinct values, emptied cells.

    Example:
        >>> information_loss(pa.array(["a", "b"]), pa.array(["x", "x"]))
        Loss(entropy=1.0, distinct_before=2, distinct_after=1, emptied=0)
    """
    had, first = _entropy(before)
    has, second = _entropy(after)
    share = 0.0 if had == 0 else min(1.0, max(0.0, 1 - has / had))
    return Loss(
        entropy=round(share, 6),
        distinct_before=first,
        distinct_after=second,
        emptied=max(0, after.null_count - before.null_count),
    )


def _entropy(column: Any) -> tuple[float, int]:
    import numpy as np
    import pyarrow.compute as pc

    valid = column.drop_null()
    if len(valid) == 0 or pa.types.is_null(valid.type):
        return 0.0, 0
    counts = pc.value_counts(valid).field("counts").to_numpy().astype(np.float64)
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum()), len(counts)
