"""What no purpose and no hand edit can loosen."""

import pytest

from hushu.errors import ConfigError
from hushu.rules import limits, vocabulary


def test_credentials_never_leave():
    for use in ("internal", "share", "open", "authorised", "entrust", "cross-border"):
        assert limits.finest(["CREDENTIAL"], use)[0] == "drop"


@pytest.mark.parametrize(
    ("kind", "finest"),
    [
        ("CN_RESIDENT_ID", "drop"),
        ("PERSON", "drop"),
        ("DIAGNOSIS", "count"),
        ("AGE", "district"),
        ("FREE_TEXT", "drop"),
    ],
)
def test_opening_is_bounded(kind, finest):
    grain, reasons = limits.finest([kind], "open")
    assert grain == finest
    assert all(reason.article and reason.verified == "fulltext" for reason in reasons)


def test_sharing_between_departments_is_not_bounded_for_names():
    assert limits.finest(["PERSON"], "share") == ("exact", ())


def test_the_coarsest_limit_of_all_contents_wins():
    assert limits.finest(["FREE_TEXT", "CREDENTIAL"], "share")[0] == "drop"


def test_every_personal_type_is_bounded_when_opened():
    for name, entry in vocabulary.load().items():
        if entry.kind == "personal":
            assert limits.rank(limits.finest([name], "open")[0]) < limits.rank("exact"), name


def test_an_unknown_grain_is_told():
    with pytest.raises(ConfigError, match="unknown grain"):
        limits.rank("finest")
