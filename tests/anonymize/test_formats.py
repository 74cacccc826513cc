"""Format-preserving encryption of whole columns: formats kept, bijective, closed to the rest."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, make
from hushu.anonymize.values.formats import MOBILE_SERIES
from hushu.errors import ConfigError, KeyMaterialError
from hushu.rules.checksums import luhn
from hushu.rules.checksums import mod_11_2 as resident_check

KEYS = Keyring(Key(bytes(range(32))))


def context(type_id: str, **more) -> Context:
    return Context(
        **({"dataset": "d", "recipient": "r", "type": type_id, "column": "c", "keys": KEYS} | more)
    )


def card(body: str) -> str:
    return next(body + d for d in "0123456789" if luhn(body + d))


residents = st.builds(
    lambda p, a, d, s: (b := f"{p}{a:04d}{d:%Y%m%d}{s:03d}") + resident_check(b),
    st.sampled_from([11, 31, 54, 65, 71, 81, 83]),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)
phones = st.builds(lambda s, n: f"{s}{n:08d}", st.sampled_from(MOBILE_SERIES), st.integers(0, 10**8 - 1))
cards = st.builds(lambda n, w: card(f"{n:018d}"[:w]), st.integers(10**17, 10**18 - 1), st.integers(15, 18))
CASES = [
    ("PHONE_NUMBER", phones, (None, 3), lambda v: v[:3] in MOBILE_SERIES and len(v) == 11 and v.isdigit()),
    ("CN_RESIDENT_ID", residents, (0, 2, 6), lambda v: resident_check(v[:17]) == v[17]),
    ("BANK_CARD", cards, (None, 6), lambda v: v.isdigit() and luhn(v)),
    ("UTILITY_ACCOUNT_NO", st.from_regex(r"[0-9]{9,14}", fullmatch=True), (None, 3), str.isdigit),
]  # fmt: skip


@pytest.mark.parametrize(("type_id", "values", "keeps", "formed"), CASES)
@pytest.mark.parametrize("cipher", ["aes", "sm4"])
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_formats_hold_and_the_key_brings_values_back(type_id, values, keeps, formed, cipher, data):
    column = pa.array([*data.draw(st.lists(values, max_size=12)), None], pa.string())
    keep = data.draw(st.sampled_from(keeps))
    operator = make("format_preserving", {"keep": keep, "cipher": cipher})
    made = operator(column, context(type_id))
    for before, after in zip(column.to_pylist(), made.to_pylist(), strict=True):
        if before is not None:
            assert formed(after)
            assert len(after) == len(before)
            assert after[: keep or 0] == before[: keep or 0]
    assert operator.reverse(made, context(type_id)).equals(column)
    assert operator(column, context(type_id)).equals(made)


@pytest.mark.parametrize(
    ("type_id", "value"),
    [
        ("PHONE_NUMBER", "15400138000"),
        ("PHONE_NUMBER", "02120000000"),
        ("CN_RESIDENT_ID", "310101190001010012"),
        ("CN_RESIDENT_ID", "310101190002300010"),
        ("CN_RESIDENT_ID", "310101189912310010"),
        ("BANK_CARD", "6222020000000000001"),
        ("BANK_CARD", "不详"),
    ],
)
def test_what_is_not_of_the_format_does_not_slip_through(type_id, value):
    assert make("format_preserving")(pa.array([value]), context(type_id)).to_pylist() == [None]


def test_distinct_stay_distinct_and_recipients_differ():
    column = pa.array([f"138{n:08d}" for n in range(100_000)])
    one = make("format_preserving")(column, context("PHONE_NUMBER"))
    assert pc.count_distinct(one).as_py() == 100_000
    two = make("format_preserving")(column, context("PHONE_NUMBER", recipient="q"))
    assert pc.sum(pc.equal(one, two)).as_py() <= 2


@pytest.mark.parametrize(
    ("type_id", "params", "code"),
    [
        ("PERSON", {}, "HS-E152"),
        ("PHONE_NUMBER", {"keep": 7}, "HS-E151"),
        ("CN_RESIDENT_ID", {"keep": 8}, "HS-E151"),
    ],
)
def test_types_without_a_format_and_kept_parts_that_leave_too_little_are_refused(type_id, params, code):
    with pytest.raises(ConfigError) as refused:
        make("format_preserving", params)(pa.array(["1"]), context(type_id))
    assert refused.value.code == code


def test_numbers_that_can_all_be_tried_are_refused():
    with pytest.raises(ConfigError) as refused:
        make("format_preserving")(pa.array(["123456", "12345", None]), context("EMPLOYEE_NO"))
    assert refused.value.code == "HS-E156"
    assert "1 of 3" in str(refused.value)


def test_no_key_no_result():
    with pytest.raises(KeyMaterialError) as refused:
        make("format_preserving")(pa.array(["13800138000"]), context("PHONE_NUMBER", keys=None))
    assert refused.value.code == "HS-E401"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=8), st.sampled_from(["aes-siv", "sm4-gcm"])
)
def test_encryption_comes_back_and_is_deterministic(values, cipher):
    operator, column = make("encrypt", {"cipher": cipher}), pa.array(values, pa.string())
    made = operator(column, context("PERSON"))
    assert operator.reverse(made, context("PERSON")).equals(column)
    assert operator(column, context("PERSON")).equals(made)


def test_the_length_of_a_name_does_not_show_in_its_ciphertext():
    made = make("encrypt")(pa.array(["王伟", "王小伟", "欧阳娜娜"]), context("PERSON"))
    assert len(set(pc.utf8_length(made).to_pylist())) == 1


@pytest.mark.parametrize("cipher", ["aes-siv", "sm4-gcm"])
def test_a_ciphertext_of_another_scope_or_an_altered_one_is_refused(cipher):
    operator = make("encrypt", {"cipher": cipher})
    made = operator(pa.array(["张伟"]), context("PERSON"))
    sealed = made[0].as_py()
    altered = sealed[:-1] + ("a" if sealed[-1] != "a" else "b")
    for text, where in (
        (sealed, context("PERSON", recipient="q")),
        (sealed, context("ADDRESS")),
        (altered[:-4], context("PERSON")),
        ("张伟", context("PERSON")),
    ):
        with pytest.raises(KeyMaterialError) as refused:
            operator.reverse(pa.array([text]), where)
        assert refused.value.code == "HS-E406"
        assert "张伟" not in str(refused.value)
    ring = Keyring(Key.new(), (KEYS.active,))
    assert operator.reverse(made, context("PERSON", keys=ring)).to_pylist() == ["张伟"]
    with pytest.raises(KeyMaterialError) as unknown:
        operator.reverse(made, context("PERSON", keys=Keyring(Key.new())))
    assert unknown.value.code == "HS-E404"
