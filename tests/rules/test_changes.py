"""What changed between two inventories, and between two versions of a pack."""

import time
from datetime import date

import pytest

from hushu.errors import ConfigError
from hushu.model import Column, Content, Finding, Inventory, Table
from hushu.rules.changes import diff
from hushu.rules.grading import grade
from hushu.rules.packdiff import packdiff
from hushu.rules.packload import load_pack, load_packs, pack_ids
from hushu.rules.packskeleton import pack_skeleton
from hushu.rules.vocabulary import load

DAY = date(2026, 11, 21)


def inventory(**tables):
    made = tuple(
        Table(
            name=name,
            rows=10,
            examined=10,
            columns=tuple(Column(name=c, finding=Finding(type=t)) for c, t in columns.items()),
        )
        for name, columns in tables.items()
    )
    return grade(Inventory(tables=made), ["cn-national"], as_of=DAY)


def test_new_gone_raised_lowered_retyped():
    old = inventory(a={"x": "GENDER", "y": "DIAGNOSIS", "z": "PERSON"}, b={"q": None})
    new = inventory(a={"x": "DIAGNOSIS", "y": "GENDER", "w": "PERSON"}, c={"q": None})
    found = {(c.kind, c.where) for c in diff(old, new)}
    assert {
        ("raised", "a.x"), ("lowered", "a.y"), ("type", "a.x"), ("new", "a.w"), ("gone", "a.z"),
        ("gone", "b"), ("new", "c"),
    } <= found  # fmt: skip


def test_nothing_changed():
    assert not diff(inventory(a={"x": "GENDER"}), inventory(a={"x": "GENDER"}))


def test_the_text_counts_by_kind():
    text = diff(inventory(), inventory(a={"x": "GENDER"})).text("en")
    assert text.splitlines()[0].startswith("new 2, gone 0")


def test_whose_grades_a_new_version_changes(tmp_path):
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    text = pack_skeleton("cn-mycity")
    old.write_text(text, "utf-8")
    new.write_text(text.replace('holds: "@personal"', "holds: PERSON"), "utf-8")
    found = packdiff(old, new, inventory(a={"x": "GENDER", "y": "PERSON"}), as_of=DAY)
    assert found.rules_changed == ("personal",)
    assert [(c.where, c.before, c.after) for c in found.grades.of("lowered")] == [("a.x", "closed", "open")]


def test_a_version_that_is_not_here():
    with pytest.raises(ConfigError) as told:
        packdiff("cn-national@1999.1", "cn-national", Inventory())
    assert told.value.code == "HS-E122"


def test_an_unchanged_pack_changes_nothing():
    pack = load_pack("cn-national")
    assert not packdiff(pack, pack, inventory(a={"x": "PERSON"}), as_of=DAY).grades


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def test_ten_thousand_columns_under_all_packs_within_a_second():
    types = [*load(), *[None] * 6]
    tables = tuple(
        Table(
            name=f"t{i}",
            rows=1000 * i,
            examined=100,
            columns=tuple(
                Column(
                    name=f"c{j}",
                    finding=Finding(
                        type=types[(i * 7 + j * 3) % len(types)],
                        contains=(Content(type=types[(i + j) % 60], count=1, share=0.1),)
                        if j % 10 == 0
                        else (),
                    ),
                )
                for j in range(20)
            ),
        )
        for i in range(500)
    )
    packs = load_packs(pack_ids())
    taken = seconds(lambda: grade(Inventory(tables=tables), packs, as_of=DAY))
    # The bar is 1 s on a quiet core, which adds up five million numbers in an eighth of a second.
    assert taken < 10 * seconds(lambda: sum(i for i in range(5_000_000)))
