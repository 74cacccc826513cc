"""No value of a person stands in anything that the reports layer writes, not inside a zip part either."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from pathlib import Path

import pytest

import hushu
from hushu.model import Inventory
from hushu.reports.exports import TARGETS, export
from hushu.reports.forms import FORMS, form
from hushu.reports.listing import FORMATS, listing
from hushu.reports.report import report
from hushu.reports.review import export as export_review
from hushu.rules.checksums import mod_11_2

ID = "31011719900307123" + mod_11_2("31011719900307123")
CANARIES = ("欧阳探针", ID, "13912345678", "canary@example.org", "泗泾镇探针路7号")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    base = tmp_path_factory.mktemp("canary") / "people.sqlite"
    with sqlite3.connect(base) as connection:
        connection.execute(
            "CREATE TABLE t_person (xm TEXT, sfzh TEXT, lxdh TEXT, email TEXT, zz TEXT, bz TEXT)"
        )
        note = "；".join(CANARIES)
        connection.executemany("INSERT INTO t_person VALUES (?,?,?,?,?,?)", [(*CANARIES, note)] * 30)
    connection.close()
    return hushu.scan(str(base))


def assert_clean(content: bytes) -> None:
    parts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    for part in parts:
        for canary in CANARIES:
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                assert canary.encode(encoding) not in part
            assert canary.encode("unicode_escape") not in part


@pytest.mark.parametrize("suffix", ["html", "docx", "xlsx", "md", "json"])
def test_reports_hold_no_value(scanned: Inventory, suffix: str) -> None:
    assert_clean(report(scanned).render(suffix))


@pytest.mark.parametrize("name", list(FORMS))
def test_forms_hold_no_value(scanned: Inventory, name: str) -> None:
    assert_clean(form(scanned, name).render("xlsx"))


@pytest.mark.parametrize("form_", list(FORMATS))
def test_listings_hold_no_value(scanned: Inventory, form_: str) -> None:
    assert_clean(listing(scanned, form_).encode("utf-8"))


@pytest.mark.parametrize("target", [t for t in TARGETS if t != "sql-views"])
def test_exports_hold_no_value(scanned: Inventory, target: str) -> None:
    assert_clean(export(scanned, target).encode("utf-8"))


def test_the_workbook_holds_no_value(scanned: Inventory, tmp_path: Path) -> None:
    assert_clean(export_review(scanned, tmp_path / "清单.xlsx").read_bytes())
