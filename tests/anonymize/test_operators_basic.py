from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, get, make, names
from hushu.errors import ConfigError, PolicyError

KEYS = Keyring(Key(bytes(range(32))))


def context(type_id: str, **more) -> Context:
    return Context(dataset="d", recipient="r", type=type_id, column="c", keys=KEYS, **more)


MASKS = yaml.safe_load((files("hushu.anonymize.operators") / "masks.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("type_id", "name", "value", "expected"),
    [
        (entry["type"], name, example["value"], example[level])
        for entry in MASKS
        for level, name in (("strict", "mask"), ("screen", "mask_screen"))
        for example in entry["examples"]
    ],
)
def test_mask_recipes_do_what_their_examples_say(type_id, name, value, expected):
    assert make(name)(pa.array([value, None]), context(type_id)).to_pylist() == [expected, None]


def test_drop_and_null_leave_nothing():
    column = pa.array(["a", None])
    assert make("drop")(column, context("")).to_pylist() == [None, None]
    emptied = make("null")(pa.array([1, 2]), context(""))
    assert emptied.to_pylist() == [None, None]
    assert emptied.type == pa.int64()


def test_bucket_closes_below_and_opens_outside():
    bands = make("bucket", {"edges": [18, 60]})
    assert bands(pa.array(["17.9", "18", None, "60", ""]), context("AGE")).to_pylist() == [
        "<18", "[18,60)", None, "≥60", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "params", [{}, {"width": 5, "edges": [1]}, {"width": 0}, {"edges": [2, 1]}, {"x": 1}]
)
def test_bucket_refuses_parameters_that_make_no_bands(params):
    with pytest.raises(ConfigError):
        make("bucket", params)


@pytest.mark.parametrize("name", ["hash", "sha256", "SM3", "md5", "sha-1"])
def test_an_unkeyed_hash_does_not_exist(name):
    with pytest.raises(PolicyError) as refused:
        get(name)
    assert refused.value.code == "HS-E351"


def test_every_operator_has_a_name_and_explains_itself():
    for name in names():
        kind = get(name)
        assert kind.name == name
        assert set(kind.text) == {"zh", "en"}


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("constant", {"value": 5}),
        ("yes_no", {"equals": "低保"}),
        ("truncate", {"keep": "six"}),
        ("truncate", {}),
        ("mask", {"keep": 3}),
        ("generalize", {"hierarchy": "age"}),
        ("date_shift", {"weeks": None}),
        ("pseudonym", {"hash": "md5"}),
        ("regex", {"pattern": ["a"], "replacement": "b"}),
        ("bucket", {"edges": "1,2"}),
    ],
)
def test_parameters_of_the_wrong_kind_are_refused_before_anything_runs(name, params):
    with pytest.raises(ConfigError) as refused:
        make(name, params)
    assert refused.value.code in {"HS-E151", "HS-E153"}


def test_the_page_of_operators_names_every_operator_and_every_parameter():
    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert set(rows) == set(names())
    for name in names():
        for parameter in fields(get(name)):
            if parameter.name != "hash" or name == "pseudonym":
                assert parameter.name in rows[name]
        assert ("| yes |" in rows[name]) == get(name).needs_key
