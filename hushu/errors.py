"""The one error tree. Every error that a user can cause says what, where, why and what to do.

::

    HushuError
    ├─ ConfigError          HS-E1xx  exit 2   a pack, type, purpose, plan, decision or option is wrong
    ├─ InputError           HS-E2xx  exit 2   a file or table cannot be read as what it claims to be
    │  └─ SourceUnreachable HS-E29x  exit 4   the source cannot be reached at all
    ├─ PolicyError          HS-E3xx  exit 1   a gate did not hold (fail-on, verify, law, risk)
    ├─ KeyMaterialError     HS-E4xx  exit 2   a key is missing, too short or of the wrong kind
    ├─ OutputError          HS-E5xx  exit 2   an output cannot be written or a renderer is missing
    ├─ QueryRefused         HS-E6xx  exit 1   a query would hand out more than safe aggregates
    └─ LedgerError          HS-E7xx  exit 1   the ledger does not verify

A message never contains a raw value of the data: positions, counts and masked forms only.
"""

from __future__ import annotations

from typing import Any, ClassVar


class HushuError(Exception):
    """An error that the user can mend.

    Args:
        what: what went wrong, one clause.
        where: file, line, table, column or option it concerns; never a data value.
        why: the reason.
        fix: what to do about it.
        code: the error's own code, ``HS-Ennn``; ``hushu explain`` prints its page.

    Example:
        >>> print(ConfigError("unknown pack", where="--pack cn-x", fix="hushu rules list", code="HS-E101"))
        HS-E101 unknown pack (--pack cn-x). Do: hushu rules list
    """

    default_code: ClassVar[str] = "HS-E000"
    exit_status: ClassVar[int] = 2

    def __init__(
        self, what: str, *, where: str = "", why: str = "", fix: str = "", code: str | None = None
    ) -> None:
        self.what = what
        self.where = where
        self.why = why
        self.fix = fix
        self.code = code or self.default_code
        super().__init__(what)

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        reason = f": {self.why}" if self.why else ""
        advice = f". Do: {self.fix}" if self.fix else ""
        return f"{self.code} {self.what}{place}{reason}{advice}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments do not survive the default pickling of exceptions (multiprocessing, Spark).
        return (_rebuild, (type(self), self.to_dict()))

    def to_dict(self) -> dict[str, str]:
        """Return the parts of the message as JSON-ready strings."""
        return {
            "code": self.code,
            "what": self.what,
            "where": self.where,
            "why": self.why,
            "fix": self.fix,
        }


def _rebuild(kind: type[HushuError], parts: dict[str, str]) -> HushuError:
    return kind(parts["what"], where=parts["where"], why=parts["why"], fix=parts["fix"], code=parts["code"])


class ConfigError(HushuError):
    """A pack, type, purpose, plan, decision file or option is wrong."""

    default_code = "HS-E100"


class InputError(HushuError):
    """A file or table cannot be read as what it claims to be."""

    default_code = "HS-E200"


class SourceUnreachable(InputError):
    """The source does not answer, or does not let us in."""

    default_code = "HS-E290"
    exit_status = 4


class PolicyError(HushuError):
    """A gate did not hold: the level limit, the verification, the law or the risk."""

    default_code = "HS-E300"
    exit_status = 1


class KeyMaterialError(HushuError):
    """A key is missing, too short or of the wrong kind."""

    default_code = "HS-E400"


class OutputError(HushuError):
    """An output cannot be written, or what renders it is not installed."""

    default_code = "HS-E500"


class QueryRefused(HushuError):
    """A query would hand out more than safe aggregates."""

    default_code = "HS-E600"
    exit_status = 1


class LedgerError(HushuError):
    """The ledger does not verify."""

    default_code = "HS-E700"
    exit_status = 1


def missing_extra(extra: str, module: str) -> OutputError:
    """Return the error for an optional dependency that is not installed.

    Example:
        >>> missing_extra("excel", "xlsxwriter").fix
        'pip install "hushu[excel]"'
    """
    return OutputError(
        "an optional part is not installed",
        where=module,
        why=f"it comes with the extra {extra!r}",
        fix=f'pip install "hushu[{extra}]"',
        code="HS-E501",
    )
