import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, make
from hushu.anonymize.operators import surrogate as module
from hushu.anonymize.operators.surrogate import is_surrogate
from hushu.errors import ConfigError, PolicyError

KEYS = Keyring(Key(bytes(range(32))))
REAL = {
    "PERSON": ["张伟", "李 芳", "欧阳娜娜"],
    "ORGANIZATION": ["浦东新区某局"],
    "PHONE_NUMBER": ["13800138000", "+86 13800138001"],
    "CN_RESIDENT_ID": ["310101190001010011"],
    "BANK_CARD": ["6222020000000000000"],
    "EMAIL_ADDRESS": ["a@b.cn"],
    "LICENSE_PLATE": ["沪A00001"],
    "ADDRESS": ["上海市浦东新区世纪大道1号"],
}


def context(type_id: str, **more) -> Context:
    return Context(dataset="d", recipient="r", type=type_id, column="c", keys=KEYS, **more)


@pytest.mark.parametrize("type_id", REAL)
def test_invented_values_are_marked_and_real_ones_are_not(type_id):
    column = pa.array([*REAL[type_id] * 2, None])
    made = make("surrogate")(column, context(type_id))
    assert made.null_count == 1
    assert made.slice(0, len(REAL[type_id])).equals(made.slice(len(REAL[type_id]), len(REAL[type_id])))
    assert pc.all(is_surrogate(type_id, made.drop_null())).as_py()
    assert not pc.any(is_surrogate(type_id, column.drop_null())).as_py()
    assert make("surrogate")(column, context(type_id)).equals(made)


def test_an_invented_name_is_never_one_of_the_table():
    # The attacker's hope: a table that already holds most of what can be invented.
    letters, given = module.words()["surnames"][:6], module.words()["given"]
    column = pa.array([a + b for a in letters for b in given])
    made = make("surrogate")(column, context("PERSON"))
    bare = pc.replace_substring(made, "（化名）", "")
    assert not pc.any(pc.is_in(bare, column)).as_py()


def test_values_of_other_columns_are_not_hit_either(monkeypatch):
    monkeypatch.setitem(module._INVENTORS, "PERSON", lambda number: f"王{'甲乙'[number % 2]}（化名）")
    column = pa.array([f"张{n}" for n in range(40)])
    made = make("surrogate")(column, context("PERSON", real=pa.array(["王 甲"])))
    assert set(made.to_pylist()) == {"王乙（化名）"}
    with pytest.raises(PolicyError) as full:
        make("surrogate")(column, context("PERSON", real=pa.array(["王甲", "王乙"])))
    assert full.value.code == "HS-E353"


def test_nothing_is_invented_for_a_diagnosis():
    with pytest.raises(ConfigError) as refused:
        make("surrogate")(pa.array(["x"]), context("DIAGNOSIS"))
    assert refused.value.code == "HS-E152"
