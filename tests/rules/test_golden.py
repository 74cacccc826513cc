"""Columns graded by hand from the facts about the law: the packs agree, and never grade below."""

from datetime import date
from pathlib import Path

import yaml

from hushu.model import Column, Content, Finding, Inventory, Table
from hushu.rules.grading import grade
from hushu.rules.packload import load_packs

PACKS = ("cn-national", "cn-sharing-809", "cn-shanghai")
DATASETS = sorted((Path(__file__).parent / "golden").glob("*.yaml"))


def column(name, written):
    own, _, inside = (written or "").partition(">")
    contents = tuple(Content(type=t, count=1, share=0.01) for t in inside.split("+") if t)
    return Column(name=name, finding=Finding(type=own or None, contains=contents))


def verdicts():
    """Yield (where, pack, by hand, by the packs) for every column and table."""
    for path in DATASETS:
        data = yaml.safe_load(path.read_text("utf-8"))
        columns = tuple(column(row[0], row[1]) for row in data["columns"])
        table = Table(
            name="t", rows=data["rows"], examined=data["rows"], columns=columns, facts=data.get("facts", {})
        )
        graded = grade(Inventory(tables=(table,)), PACKS, as_of=date(2026, 11, 21))["t"]
        for row in data["columns"]:
            assert row[5], f"{path.stem}.{row[0]} has no reason"
            for pack, level in zip(PACKS, row[2:5], strict=True):
                yield f"{path.stem}.{row[0]}", pack, level, graded[row[0]].grades[pack].level
        for pack, level in zip(PACKS, data["table"][:3], strict=True):
            yield path.stem, pack, level, graded.grades[pack].level


def test_the_packs_agree_with_the_hand():
    found = list(verdicts())
    columns = {where for where, *_ in found if "." in where}
    assert len(DATASETS) >= 12
    assert len(columns) >= 120
    ranks = {pack.id: pack.rank for pack in load_packs(PACKS)}
    below = [case for case in found if ranks[case[1]](case[3]) < ranks[case[1]](case[2])]
    assert below == []
    differing = [case for case in found if case[2] != case[3]]
    assert len(differing) <= 0.02 * len(found), differing
