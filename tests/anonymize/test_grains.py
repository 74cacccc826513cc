import pytest

from hushu.anonymize.operators import get, make
from hushu.anonymize.operators.grains import grains_of, operator_for
from hushu.errors import ConfigError, PolicyError
from hushu.rules.limits import GRAINS
from hushu.rules.vocabulary import load

FACTS = {"as_of": "2026-11-21"}


@pytest.mark.parametrize("type_id", [*load(), None])
def test_every_grain_of_every_type_has_an_operator_that_can_be_made(type_id):
    for grain in grains_of(type_id):
        assert grain in GRAINS
        try:
            choice = operator_for(type_id, grain, FACTS)
        except PolicyError:
            continue
        assert make(choice.operator, choice.params).explain("zh")
        assert choice.output


@pytest.mark.parametrize(
    ("type_id", "grain", "operator"),
    [
        ("PERSON", "pseudonym", "pseudonym"),
        ("PHONE_NUMBER", "masked", "mask"),
        ("CN_RESIDENT_ID", "year", "derive"),
        ("CN_RESIDENT_ID", "district", "derive"),
        ("ADDRESS", "district", "generalize"),
        ("BIRTH_DATE", "month", "date_part"),
        ("AGE", "band", "generalize"),
        ("DIAGNOSIS", "yes_no", "yes_no"),
        ("DIAGNOSIS", "drop", "drop"),
        (None, "pseudonym", "pseudonym"),
    ],
)
def test_the_usual_asks(type_id, grain, operator):
    assert operator_for(type_id, grain, FACTS).operator == operator


@pytest.mark.parametrize(
    ("type_id", "grain"),
    [
        ("PHONE_NUMBER", "month"),
        ("GENDER", "pseudonym"),
        ("DIAGNOSIS", "pseudonym"),
        ("AGE", "district"),
        ("PERSON", "x"),
    ],
)
def test_grains_without_sense_are_refused(type_id, grain):
    with pytest.raises(ConfigError) as refused:
        operator_for(type_id, grain)
    assert refused.value.code == "HS-E154"


@pytest.mark.parametrize("type_id", ["CREDENTIAL", "BIOMETRIC"])
@pytest.mark.parametrize("grain", ["exact", "encrypted", "redacted", "pseudonym"])
def test_what_never_leaves(type_id, grain):
    with pytest.raises(PolicyError):
        operator_for(type_id, grain)


def test_a_column_stored_as_a_date_can_be_coarsened_as_one():
    assert operator_for("DIAGNOSIS", "year", {"data_type": "TIMESTAMP"}).operator == "date_part"


def test_a_release_mask_is_never_the_screen_mask():
    for type_id in load():
        if "masked" in grains_of(type_id):
            assert get(operator_for(type_id, "masked").operator).name == "mask"
