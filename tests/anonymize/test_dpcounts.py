"""Private counts: the budget is exact and exhausted in time; the noise has the promised scale."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from hushu.anonymize.privacy.dpcounts import Budget, private_counts
from hushu.errors import ConfigError, OutputError, PolicyError
from hushu.io.ledger import verify

FRAME = pd.DataFrame({"s": ["m", "f"] * 200, "d": ["a", "b", "c", "zzz"] * 100})
KNOWN = {"s": ["m", "f"], "d": ["a", "b", "c"]}


def test_the_budget_is_exact_and_ends() -> None:
    budget = Budget.of("1.0")
    for _ in range(10):
        budget = budget.spend("0.1")
    assert budget.left == 0  # floats would have left 1.1e-16
    with pytest.raises(PolicyError, match="HS-E363"):
        budget.spend("0.0001")
    for wrong in ("0", "-1", "x"):
        with pytest.raises(ConfigError, match="HS-E160"):
            Budget.of("1").spend(wrong)


def test_the_budget_is_kept_in_the_ledger(tmp_path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    people = Budget.from_ledger(ledger, "people", "1")
    Budget.from_ledger(ledger, "houses", "1").spend("0.9")
    people.spend("0.4")
    assert Budget.from_ledger(ledger, "people", "1").left == Fraction(6, 10)
    assert people.spend("0.5").left == Fraction(1, 10)  # the same object, yet what was spent counts
    with pytest.raises(PolicyError, match="HS-E363"):
        people.spend("0.2")
    assert verify(ledger).entries == 3


def test_noise_of_the_promised_scale() -> None:
    pytest.importorskip("opendp")
    made = [private_counts(FRAME, KNOWN, "0.5", Budget.of("1")) for _ in range(60)]
    inner = [m.frame.to_pandas().query("s != '合计' and d != '合计'")["n"].to_numpy() for m in made]
    truth = [100, 0, 100, 0, 100, 0]
    error = np.abs(np.array(inner) - truth)
    assert error.mean() == pytest.approx(2.0, rel=0.35)  # E|discrete Laplace(2)| is about 2
    assert (error < made[0].error95).mean() > 0.9
    assert made[0].budget.left == Fraction(1, 2)
    frame = made[0].frame.to_pandas()
    whole = frame.query("s == '合计' and d == '合计'")["n"].item()
    assert whole == frame.query("s != '合计' and d != '合计'")["n"].sum()


def test_an_exhausted_budget_answers_nothing() -> None:
    pytest.importorskip("opendp")
    with pytest.raises(PolicyError, match="HS-E363"):
        private_counts(FRAME, KNOWN, "0.5", Budget.of("1", "0.6"))


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opendp.prelude", None)
    with pytest.raises(OutputError, match="HS-E501"):
        private_counts(FRAME, KNOWN, "0.5", Budget.of("1"))
