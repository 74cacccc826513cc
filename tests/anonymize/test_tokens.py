import hashlib
import hmac
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.tokens import PATTERN, Scope, candidates, token, tokens
from hushu.anonymize.values import digests
from hushu.anonymize.values.normalizing import normalized, normalizer
from hushu.errors import ConfigError, InputError, PolicyError

KEY = Key(bytes(range(32)))


def scope(**more) -> Scope:
    return Scope(**({"keys": Keyring(KEY), "dataset": "2026-17", "recipient": "民政局"} | more))


@pytest.mark.parametrize(
    ("type_id", "spellings"),
    [
        ("PHONE_NUMBER", ["13800138000", "＋86 138 0013 8000", "0086-13800138000", "１３８００１３８０００"]),
        ("CN_RESIDENT_ID", ["310101190001010011", "310101000101001", " 310101 19000101 0011"]),
        ("CN_RESIDENT_ID", ["31010119000101002X", "31010119000101002x", "31010119000101002Ⅹ"]),
        ("PERSON", ["王伟", "王 伟", "王　伟", "\u200b王伟"]),
        ("PERSON", ["阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽 · 买买提"]),
        ("EMAIL_ADDRESS", ["A.b@Example.com", " a.b@example.com"]),
        ("LICENSE_PLATE", ["沪A·00001", "沪a00001", "沪A 00001"]),
        ("BANK_CARD", ["6222020000000000000", "6222 0200 0000 0000 000"]),
    ],
)  # fmt: skip
def test_spellings_of_one_value_share_a_token_in_tables_and_texts(type_id, spellings):
    column = tokens(type_id, pa.array(spellings), scope()).to_pylist()
    texts = [token(type_id, spelling, scope()) for spelling in spellings]
    assert set(column) == set(texts)
    assert len(set(texts)) == 1


@pytest.mark.parametrize(
    "stored",
    [
        pa.array([13800138000]),
        pa.array([13800138000.0]),
        pa.array(["13800138000"]).dictionary_encode(),
        pa.array(["13800138000"], pa.large_string()),
        pa.chunked_array([pa.array(["13800138000"])]),
        pa.array([b"13800138000"]),
        pa.array(["13800138000"], pa.string_view()),
        pa.array([Decimal("13800138000")]),
    ],
)
def test_storage_does_not_change_the_token(stored):
    assert tokens("PHONE_NUMBER", stored, scope()).to_pylist() == [
        token("PHONE_NUMBER", "13800138000", scope())
    ]


def test_coercion_never_joins_two_persons():
    with pytest.raises(InputError) as refused:
        tokens("CN_RESIDENT_ID", pa.array([3.10101190001010011e17]), scope())
    assert refused.value.code == "HS-E251"
    made = tokens("EMPLOYEE_NO", pa.array(["00123", "123", "1.38E+10", "13800000000"]), scope()).to_pylist()
    assert len(set(made)) == 4


@pytest.mark.parametrize("stored", [pa.array([b"\xff\xfe"]), pa.array([["a"]]), pa.array([{"a": 1}])])
def test_cells_that_are_no_text_are_refused(stored):
    with pytest.raises(InputError) as refused:
        tokens("PERSON", stored, scope())
    assert refused.value.code == "HS-E252"


def test_nulls_stay_null_and_empty_columns_empty():
    assert tokens("PERSON", pa.array([None, "王伟", None]), scope()).null_count == 2
    assert tokens("PERSON", pa.chunked_array([], pa.string()), scope()).to_pylist() == []
    assert tokens("PERSON", pa.nulls(3), scope()).to_pylist() == [None] * 3


@pytest.mark.parametrize("hash_name", ["sha256", "sm3"])
def test_two_runs_agree_and_two_recipients_share_nothing(hash_name):
    column = pa.array([f"138{n:08d}" for n in range(2000)])
    first = tokens("PHONE_NUMBER", column, scope(hash=hash_name))
    assert tokens("PHONE_NUMBER", column, scope(hash=hash_name)).equals(first)
    others = [
        scope(hash=hash_name, recipient="教育局"),
        scope(hash=hash_name, dataset="2026-18"),
        scope(hash=hash_name, keys=Keyring(Key.new())),
    ]
    for other in others:
        ends = pc.utf8_slice_codeunits(tokens("PHONE_NUMBER", column, other), -16)
        assert not pc.any(pc.is_in(ends, pc.utf8_slice_codeunits(first, -16))).as_py()
    assert not set(tokens("BANK_CARD", column, scope()).to_pylist()) & set(first.to_pylist())


def test_a_million_distinct_values_have_a_million_tokens():
    column = pa.array(np.arange(13_000_000_000, 13_001_000_000)).cast(pa.string())
    assert pc.count_distinct(tokens("PHONE_NUMBER", column, scope())).as_py() == 1_000_000


def test_enumeration_without_the_key_finds_nothing():
    # The attacker knows the scheme, the labels and every possible value, but not the key.
    target = tokens("PHONE_NUMBER", pa.array([f"1380013{n:04d}" for n in range(50)]), scope()).to_pylist()
    seen = {t.rsplit("-", 1)[1] for t in target}
    for n in range(10_000):
        value = f"1380013{n:04d}".encode()
        for guess in (
            hashlib.sha256(value).digest(),
            hmac.digest(b"", value, "sha256"),
            hmac.digest(b"hushu/1", value, "sha256"),
            hmac.digest(KEY.id.encode(), value, "sha256"),
        ):
            import base64

            assert base64.b32encode(guess[:10]).decode().lower() not in seen


def test_tokens_look_like_no_identifier():
    made = tokens("PHONE_NUMBER", pa.array([str(n) for n in range(20_000)]), scope())
    assert all(PATTERN.fullmatch(t) for t in made.to_pylist())
    assert not pc.any(pc.match_substring_regex(pc.utf8_slice_codeunits(made, -16), "[01]")).as_py()


def test_rotation_keeps_old_tokens_findable():
    old = token("PERSON", "王伟", scope())
    ring = Keyring(KEY).rotate(Key.new())
    assert candidates("PERSON", "王伟", scope(keys=ring))[1] == old
    assert token("PERSON", "王伟", scope(keys=ring)) != old


@pytest.mark.parametrize("bad", [{"dataset": " "}, {"recipient": ""}, {"hash": "md5"}])
def test_a_scope_needs_data_set_recipient_and_a_known_hash(bad):
    with pytest.raises(ConfigError):
        scope(**bad)


def test_a_collision_stops_the_run(monkeypatch):
    def broken(hash_name, key, array, prefix):
        return pa.array([prefix + "a" * 16] * len(array))

    monkeypatch.setattr(digests, "base32_hmac", broken)
    with pytest.raises(PolicyError) as stopped:
        tokens("PERSON", pa.array(["王伟", "李芳"]), scope())
    assert stopped.value.code == "HS-E350"


@pytest.mark.skipif(digests._kernel is None, reason="the C kernel is not built")
@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=140)), max_size=20), st.sampled_from(["sha256", "sm3"]))
def test_kernel_and_fallback_give_the_same_bytes(values, hash_name):
    column = pa.array(["", *values], pa.string()).slice(1)
    key = KEY.derive(b"test")
    fast = digests.base32_hmac(hash_name, key, column, "T-abcdef-")
    assert fast.equals(digests._base32_hmac_portable(hash_name, key, column, "T-abcdef-"))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [
            "PERSON",
            "PHONE_NUMBER",
            "CN_RESIDENT_ID",
            "EMAIL_ADDRESS",
            "LICENSE_PLATE",
            "BANK_CARD",
            "ADDRESS",
            "AGE",
        ]
    ),
    st.lists(st.text(alphabet="王伟 　·•-+86013579xXaA沪１２Ⅹ\u200b\t@.", max_size=20), max_size=8),
)
def test_folding_a_column_equals_folding_each_value(type_id, values):
    one = normalizer(type_id)
    assert normalized(type_id, pa.array(values, pa.string())).to_pylist() == [one(v) for v in values]
    assert [one(one(v)) for v in values] == [one(v) for v in values]
