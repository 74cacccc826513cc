"""What people decided is kept, applied where it can be, and listed where it can't."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.errors import ConfigError
from hushu.model import Column, Decision, Finding, Inventory, Table
from hushu.rules.bases import basis_kind
from hushu.rules.decisions import Book, apply_decisions, merge, read_book, read_decisions, write_decisions
from hushu.rules.grading import grade, load_packs

PACKS = load_packs(["cn-national", "cn-sharing-809"])
DAY = date(2026, 11, 21)


def inventory(**types):
    columns = tuple(Column(name=name, finding=Finding(type=t)) for name, t in types.items())
    return Inventory(tables=(Table(name="t", rows=100, examined=100, columns=columns),))


def decision(column, **more):
    return Decision(
        **{"table": "t", "column": column, "by": "李", "at": "2026-11-20", "reason": "核对", **more}
    )


def applied(found, *decisions):
    return apply_decisions(found, decisions, packs=PACKS, as_of=DAY)


def test_a_corrected_type_is_graded_anew():
    out = applied(
        inventory(a="GENDER"), decision("a", status="overridden", type="DIAGNOSIS", type_decided=True)
    )
    assert out["t"]["a"].type == "DIAGNOSIS"
    assert out["t"]["a"].status == "overridden"
    assert out["t"].grades["cn-national"].level == "G4"


def test_a_decided_level_counts_for_the_table_and_says_who():
    made = decision("a", status="overridden", levels={"cn-national": "G1"}, reason="已公开", basis="公告")
    out = applied(inventory(a="GENDER"), made)
    given_grade = out["t"]["a"].grades["cn-national"]
    assert (given_grade.level, out["t"].grades["cn-national"].level) == ("G1", "G1")
    assert given_grade.because[0].rule == "decision"
    assert given_grade.because[0].source == "李 2026-11-20"
    assert any(reason.rule.startswith("cn-national/") for reason in given_grade.because[1:])


def test_important_data_is_for_people_to_declare():
    out = applied(
        inventory(a="FACILITY_LOCATION"),
        decision("a", status="overridden", levels={"cn-national": "important"}),
    )
    assert out["t"].grades["cn-national"].level == "important"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (decision("gone", type="PERSON", type_decided=True), "perhaps a"),
        (Decision(table="other", by="李", at="2026-11-20"), "table is gone"),
        (decision("a", levels={"cn-national": "G9"}), "no longer in cn-national"),
        (decision("a", levels={"cn-sharing-809": "withheld"}), "no basis is given"),
        (
            decision("a", levels={"cn-sharing-809": "withheld"}, basis="《上海市数据条例》第三十八条"),
            "reads as local",
        ),
        (decision("a", expires="2026-11-01", type=None, type_decided=True), "expired"),
        (decision("a", levels={"cn-national": "G4"}), "its rules now say"),
    ],
)
def test_what_cannot_be_applied_is_listed(made, says):
    out = applied(inventory(a="PERSON"), made)
    assert len(out.conflicts) == 1
    assert says in out.conflicts[0]


def test_withheld_stands_on_a_law():
    out = applied(
        inventory(a="PERSON"),
        decision(
            "a", levels={"cn-sharing-809": "withheld"}, basis="《统计法》第二十五条", status="overridden"
        ),
    )
    assert out["t"]["a"].grades["cn-sharing-809"].level == "withheld"
    assert out.conflicts == ()


def test_two_people_who_differ_leave_the_stricter():
    low = decision("a", status="overridden", levels={"cn-national": "G1"})
    high = decision("a", status="overridden", levels={"cn-national": "G3"}, by="王")
    out = applied(inventory(a="PERSON"), low, high)
    assert out["t"]["a"].grades["cn-national"].level == "G3"
    assert "李" in out.conflicts[0]
    assert "王" in out.conflicts[0]


def test_a_suppression_ends_on_its_day():
    made = decision("a", status="overridden", type=None, type_decided=True, expires="2026-11-21")
    assert applied(inventory(a="PERSON"), made)["t"]["a"].type is None
    later = apply_decisions(inventory(a="PERSON"), [made], packs=PACKS, as_of=date(2026, 11, 22))
    assert later["t"]["a"].type == "PERSON"


def test_the_file_keeps_everything(tmp_path):
    book = Book(
        decisions=(
            decision("a", status="locked", type=None, type_decided=True, levels={"cn-national": "G1"}),
        ),
        set_aside=(decision("a"),),
    )
    write_decisions(tmp_path / "decisions.yaml", book)
    assert read_book(tmp_path / "decisions.yaml") == book


def test_a_conflict_names_the_line_of_the_file(tmp_path):
    path = tmp_path / "decisions.yaml"
    path.write_text("decisions:\n- {table: t, column: gone, by: x, at: 2026-01-01}\n", "utf-8")
    out = applied(inventory(a="PERSON"), *read_decisions(path))
    assert out.conflicts[0].endswith(f"[{path}:2]")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("{table: t, column: a, status: overridden, by: x, at: 2026-01-01}", "reason"),
        ("{table: t, column: a}", "who decided"),
        ("{table: t, column: a, by: x, at: 2026-01-01, type: NO_SUCH}", "NO_SUCH"),
        ("{table: t, column: a, by: x, at: 2026-01-01, reason: r, expires: soon}", "expires"),
        ("{table: t, columm: a, by: x, at: 2026-01-01}", "columm"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line(tmp_path, entry, why):
    path = tmp_path / "decisions.yaml"
    path.write_text(f"schema: hushu.decisions/1\ndecisions:\n  - {entry}\n", "utf-8")
    with pytest.raises(ConfigError) as told:
        read_decisions(path)
    assert told.value.code == "HS-E187"
    assert told.value.where == f"{path}:3"
    assert why in told.value.why


@pytest.mark.parametrize(
    ("basis", "kind"),
    [
        ("《中华人民共和国统计法》第二十五条", "law"),
        ("《网络数据安全管理条例》第十二条", "administrative_regulation"),
        ("国务院关于某事的决定", "state_council_decision"),
        ("《深圳经济特区数据条例》", "local"),
        ("沪府令第21号", "local"),
        ("某某管理办法", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_kind_of_a_basis(basis, kind):
    assert basis_kind(basis) == kind


def test_a_decision_about_a_whole_table():
    made = Decision(
        table="t", status="overridden", levels={"cn-national": "G4"}, by="李", at="2026-11-20", reason="汇聚"
    )
    out = applied(inventory(a="GENDER"), made)
    assert out["t"].grades["cn-national"].level == out.grades["cn-national"].level == "G4"
    assert out["t"]["a"].grades["cn-national"].level == "G2"


def test_a_locked_decision_yields_to_no_import():
    locked = decision("a", status="locked", levels={"cn-national": "G3"})
    other = decision("a", status="overridden", levels={"cn-national": "G1"}, by="王")
    book = merge([locked], [other], "overwrite-all")
    assert book.decisions == (locked,)
    assert book.set_aside == (other,)
    assert book.conflicts


def test_an_unknown_policy_is_refused():
    with pytest.raises(ConfigError, match="policy"):
        merge([], [], "newest")


# --- random histories ------------------------------------------------------------------------------

COLUMNS = ("a", "b", "c")
TYPES = (None, "PERSON", "GENDER", "DIAGNOSIS", "CN_USCC")
made = st.builds(
    lambda column, status, by, kind, level, day, number: Decision(
        table="t", column=column, status=status, by=by, at=f"2026-11-{day:02}", reason=f"r{number}",
        type=kind, type_decided=status != "suggested" and number % 2 == 0,
        levels={"cn-national": level} if number % 3 else {},
    ),
    st.sampled_from(COLUMNS), st.sampled_from(["suggested", "confirmed", "overridden", "locked"]),
    st.sampled_from("李王张"), st.sampled_from(TYPES), st.sampled_from(["G1", "G3", "G4", "core", "G9"]),
    st.integers(1, 28), st.integers(0, 10_000),
)  # fmt: skip
policies = st.sampled_from(["overwrite-all", "only-suggested", "keep"])
scans = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(TYPES))
NEWER = (
    PACKS[0].model_copy(update={"levels": tuple(v for v in PACKS[0].levels if v.id != "core")}),
    PACKS[1],
)
laws = st.sampled_from([PACKS, NEWER])
steps = st.lists(st.tuples(st.lists(made, max_size=4), policies, scans, laws), max_size=6)


def human(decisions):
    return [d for d in decisions if d.status != "suggested"]


@settings(max_examples=60, deadline=None)
@given(steps)
def test_no_decision_is_lost_and_none_invented(history):
    book, entered = Book(), []
    for incoming, policy, scan, packs in history:
        locked = [d for d in book.decisions if d.status == "locked"]
        book = merge(book, incoming, policy)
        entered += human(incoming)
        kept = [*book.decisions, *book.set_aside]
        assert all(d in kept for d in entered)
        assert all(d in entered for d in human(kept))
        assert all(d in book.decisions for d in locked)
        keys = [(d.table, d.column) for d in book.decisions]
        assert len(keys) == len(set(keys))
        check_applied(inventory(**scan), book.decisions, packs)


def check_applied(found, decisions, packs):
    known = {level.id for level in packs[0].levels}
    plain = grade(found, packs, as_of=DAY)
    out = apply_decisions(found, decisions, packs=packs, as_of=DAY)
    by_column = {d.column: d for d in human(decisions)}
    for column in out["t"]:
        deciding = by_column.get(column.name)
        if deciding is None:
            assert (column.type, column.status) == (plain["t"][column.name].type, "suggested")
            continue
        assert column.status == deciding.status
        if deciding.type_decided:
            assert column.type == deciding.type
        level = deciding.levels.get("cn-national")
        if level in known:
            assert column.grades["cn-national"].level == level
    for name, deciding in by_column.items():
        listed = any(line.startswith(f"t.{name}:") for line in out.conflicts)
        there = name in {column.name for column in out["t"]}
        assert listed or (there and deciding.levels.get("cn-national", "G1") in known)
