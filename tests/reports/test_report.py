"""The report: every rendering says the same, honestly, and without a network."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hushu.errors import ConfigError, InputError, OutputError
from hushu.io.inventories import write_inventory
from hushu.model import Column, Finding, Inventory, Plan, Release, Table
from hushu.reports.report import Report, report
from hushu.reports.view import View
from hushu.reports.words import load
from hushu.rules.citation import mark

LANGUAGES = ("zh", "en")
TEXTS = ("html", "md", "json", "docx", "xlsx")


@lru_cache(maxsize=32)
def rendered(made: Report, form: str) -> bytes:
    """Return a rendering, made once for all tests that only look at it."""
    return made.render(form)


def text_of(content: bytes, form: str) -> str:
    """Return what a reader sees, whatever the format."""
    if form in {"docx", "xlsx"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".xml"))
        return re.sub(r"<[^>]+>", "", content.decode("utf-8"))
    shown = content.decode("utf-8")
    return shown.replace("\\", "") if form == "md" else shown


@pytest.fixture(scope="module")
def whole(inventory: Inventory, plan: Plan, release: Release) -> Mapping[str, Report]:
    return {lang: report(inventory, plan, release, lang=lang) for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", TEXTS)
def test_every_rendering_says_what_was_not_examined_and_marks_what_was_remembered(
    whole: Mapping[str, Report], inventory: Inventory, form: str, lang: str
) -> None:
    shown = text_of(rendered(whole[lang], form), form)
    for item in inventory.not_examined:
        assert item.what in shown
    assert mark("memory", lang) in shown
    assert mark("excerpt", lang) in shown


def test_a_remembered_statement_never_stands_without_its_mark(whole: Mapping[str, Report]) -> None:
    document = json.loads(rendered(whole["zh"], "json"))
    citations = [c for c in _dicts(document) if "verified" in c and "basis" in c]
    assert citations
    for citation in citations:
        assert bool(citation["mark"]) == (citation["verified"] != "fulltext")


def _dicts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(d for v in value.values() for d in _dicts(v))]
    return [d for v in value for d in _dicts(v)] if isinstance(value, list) else []


def test_the_verdict_speaks_of_the_furthest_step(inventory: Inventory, plan: Plan, release: Release) -> None:
    scanned, planned = report(inventory).view, report(inventory, plan).view
    assert "16 个数据项" in scanned.verdict
    assert "某派出所" in planned.verdict
    assert "验证通过" in report(inventory, plan, release).view.verdict


def test_a_release_that_does_not_hold_says_so_first(inventory: Inventory, release: Release) -> None:
    failed = {**release.certificate, "verification": {"holds": False, "checks": []}}
    view = report(inventory, release=failed).view
    assert view.tone == "bad"
    assert "不得提供" in view.verdict


def test_a_large_inventory_lists_what_matters_and_counts_the_rest(inventory: Inventory) -> None:
    blank = Column(name="nothing")
    wide = Table(
        name="t_wide", columns=(blank,) * 4000 + (replace(blank, name="wx", finding=Finding(type="PERSON")),)
    )
    shown = report(inventory.with_tables((wide,))).render("html").decode("utf-8")
    assert ">wx<" in shown
    assert ">nothing<" not in shown
    assert "4,000" in shown


def test_many_packs_stand_side_by_side_and_ungraded_is_no_level(inventory: Inventory) -> None:
    from hushu.rules.grading import grade
    from hushu.rules.packload import pack_ids

    graded = grade(replace(inventory, packs=()), pack_ids(), as_of=date(2026, 11, 21))
    view = report(graded, lang="en").view
    assert any("National law" in point for point in view.points)
    shown = view_text(view)
    assert "ungraded" not in shown
    assert "not graded" in shown
    assert mark("memory", "en") in shown, "the pack of Hong Kong was written from memory"


def view_text(view: View) -> str:
    from hushu.reports import markdown

    return markdown.render(view).decode("utf-8").replace("\\", "")


def test_papers_that_do_not_belong_together_are_told(
    inventory: Inventory, plan: Plan, release: Release
) -> None:
    def points(edited: Plan) -> tuple[str, str]:
        view = report(inventory, edited, release).view
        return view.status, "".join(view.points)

    assert points(plan)[0] != "材料不一致"
    table = plan.tables[0]
    kept = replace(table.columns[1], action="keep", grain="exact")
    edited = replace(plan, tables=(replace(table, columns=(kept, *table.columns[1:])),))
    assert points(edited)[0] == "材料不一致"
    assert "不是这份方案" in points(edited)[1]
    assert "不是这份清单" in points(replace(plan, inventory_sha256="d4" * 32))[1]


def test_a_certificate_that_checked_nothing_proves_nothing(inventory: Inventory, release: Release) -> None:
    empty = {**release.certificate, "verification": {"holds": True, "checks": []}}
    assert report(inventory, release=empty).view.tone == "bad"
    failing = {"holds": True, "checks": [{"name": "a", "holds": True}, {"name": "b", "holds": False}]}
    assert report(inventory, release={**release.certificate, "verification": failing}).view.tone == "bad"


SMALL = Inventory(tables=(Table(name="t", rows=1, examined=1, columns=(Column(name="a"),)),))
broken = st.sampled_from(
    [None, 0, -1, 1.5, float("nan"), True, "", "x", [], [1], ["a"], {}, {"a": 1}, {"1": "x"}]
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_broken_certificate_never_breaks_the_report_and_never_verifies(
    release: Release, data: st.DataObject
) -> None:
    certificate = json.loads(json.dumps(dict(release.certificate)))
    node: Any = certificate
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans())
        if not deeper:
            break
        node = node[key]
    node[key] = data.draw(broken)
    made = report(SMALL, release=certificate)
    assert made.render("html")
    if key in {"holds", "checks", "verification"} and node[key] is not True:
        assert made.view.tone == "bad"


def test_every_table_of_a_release_has_its_figures(inventory: Inventory, release: Release) -> None:
    figures = release.certificate["risk"]
    tables = {"t_resident": figures, "t_visit": {"before": figures["before"], "after": None}}
    many = {**release.certificate, "risk": {**figures, "tables": tables}}
    shown = report(inventory, release=many, lang="en").render("md").decode("utf-8").replace("\\", "")
    assert "| t_resident | 1 | 7 | 100% | 14.29% |" in shown
    assert "| t_visit | 1 | — | 100% | — |" in shown


def test_a_pack_that_changed_since_is_told(inventory: Inventory) -> None:
    from hushu.rules.packload import load_pack

    told = "another one than graded"
    assert told in view_text(report(inventory, lang="en").view), "the case names packs by invented hashes"
    here = tuple(replace(pack, sha256=load_pack(pack.id).sha256) for pack in inventory.packs)
    assert told not in view_text(report(replace(inventory, packs=here), lang="en").view)


def test_unknown_is_never_good(inventory: Inventory, release: Release) -> None:
    clean = replace(inventory, tables=inventory.tables[:1], conflicts=())
    assert report(clean, release=release).view.tone == "warn"
    assert report(replace(clean, not_examined=()), release=release).view.tone == "good"
    assert report(Inventory()).view.tone == "bad"


@pytest.mark.parametrize(
    "missing", ["risk", "verification", "output", "input", "purpose", "ledger", "privacy"]
)
def test_missing_parts_of_a_certificate_are_said_not_invented(
    inventory: Inventory, release: Release, missing: str
) -> None:
    partial = {k: v for k, v in release.certificate.items() if k != missing}
    for form in ("html", "md"):
        assert report(inventory, release=partial).render(form)
    assert report(inventory, release={**partial, missing: None}).render("html")


class _Page(HTMLParser):
    """Collects what a browser would fetch, what headings and cells say, and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        for name in ("src", "href", "data", "action", "poster", "srcset"):
            target = found.get(name)
            if target and not target.startswith("#"):
                self.fetched.append(target)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_one_file_that_fetches_nothing(whole: Mapping[str, Report], lang: str) -> None:
    content = rendered(whole[lang], "html").decode("utf-8")
    page = _Page()
    page.feed(content)
    assert page.fetched == []
    assert "url(" not in content
    assert "@import" not in content
    assert not any(key.startswith("on") or key == "style" for _, attrs in page.tags for key in attrs)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_accessible(whole: Mapping[str, Report], lang: str) -> None:
    page = _Page()
    page.feed(rendered(whole[lang], "html").decode("utf-8"))
    assert page.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(th.get("scope") in {"col", "row"} for th in page.all("th"))
    assert len(page.all("h1")) == 1
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    skips = [a for a in page.all("a") if a.get("class") == "skip"]
    assert [a["href"] for a in skips] == ["#main"]
    assert {a["href"].lstrip("#") for a in page.all("a") if a.get("href")} <= set(ids)  # type: ignore[union-attr]


def test_the_script_stays_small() -> None:
    from importlib.resources import files

    script = files("hushu.reports").joinpath("templates", "report.js").read_text("utf-8")
    assert len(script.splitlines()) <= 50


def _luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_have_contrast() -> None:
    from importlib.resources import files

    style = files("hushu.reports").joinpath("templates", "report.css").read_text("utf-8")
    named = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", style))
    inks = ("ink", "soft", "good", "warn", "bad")
    pairs = [(named[ink], named[ground]) for ink in inks for ground in ("paper", "faint")]
    pairs += [("#ffffff", named[tone]) for tone in ("good", "warn", "bad", "soft")]
    ramp = re.findall(r"\.r\d\{background:(#\w+);color:(#\w+)", style)
    chips = re.findall(r"\.chip\.\w+\{background:(#\w+);color:(#\w+)", style)
    assert len(ramp) == 6
    assert len(chips) == 3
    for ink, ground in [*pairs, *ramp, *chips]:
        light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=a>',
    "{{ 7*7 }}",
    "a\x00\x0b\ufffe",
    "=1+1",
    "|`*",
)


@pytest.mark.parametrize("form", TEXTS)
def test_names_from_the_data_stay_names(form: str) -> None:
    columns = tuple(Column(name=n, comment=n, finding=Finding(type="PERSON")) for n in HOSTILE)
    hostile = Inventory(
        source=HOSTILE[0], tables=(Table(name=HOSTILE[1], comment=HOSTILE[2], columns=columns),)
    )
    shown = report(hostile).render(form)
    if form == "html":
        assert b"<script>alert" not in shown
        assert b"<img" not in shown
        assert b"{{ 7*7 }}" in shown
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(shown)) as archive:
            assert not any(b"<f>" in archive.read(n) for n in archive.namelist())


def test_every_sentence_stands_in_both_languages_with_the_same_places() -> None:
    for key, sentence in load().items():
        assert set(sentence) == {"zh", "en"}, key
        places = [set(re.findall(r"\{(\w+)\}", text)) for text in sentence.values()]
        assert places[0] == places[1], key
        assert all(sentence.values()), key


def test_the_english_report_has_no_chinese_of_ours() -> None:
    column = Column(name="a", finding=Finding(type="PERSON", confidence=0.9))
    view = report(Inventory(tables=(Table(name="t", rows=1, examined=1, columns=(column,)),)), lang="en")
    shown = view.render("md").decode("utf-8")
    assert not re.search(r"[\u4e00-\u9fff]", shown)


def test_what_does_not_leave_is_explained_in_the_language_of_the_report(
    inventory: Inventory, plan: Plan
) -> None:
    def said(lang: str) -> str:
        return text_of(report(inventory, plan, lang=lang).render("md"), "md")

    assert "用途未列明" not in said("en")
    assert "What the purpose did not name does not leave" in said("en")
    assert "只需年龄段" in said("en"), "the applicant's own word"
    assert "用途未列明" in said("zh")


def test_save_picks_the_format_by_suffix_and_reads_paths(
    inventory: Inventory, release: Release, tmp_path: Path
) -> None:
    write_inventory(inventory, tmp_path / "inventory.json")
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "certificate.json").write_text(json.dumps(release.certificate), "utf-8")
    made = report(tmp_path / "inventory.json", release=tmp_path / "release").save(tmp_path / "r.md")
    assert made.read_text("utf-8").startswith("# ")
    assert (
        report(tmp_path / "inventory.json", release=tmp_path / "release").view
        == report(inventory, release=release).view
    )


def test_bad_input_has_its_code_and_leaves_nothing(inventory: Inventory, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as suffix:
        report(inventory).save(tmp_path / "r.odt")
    with pytest.raises(ConfigError) as language:
        report(inventory, lang="fr")
    with pytest.raises(InputError) as proof:
        report(inventory, release=tmp_path)
    with pytest.raises(InputError) as missing:
        report(tmp_path / "nowhere.json")
    codes = [caught.value.code for caught in (suffix, language, proof, missing)]
    assert codes == ["HS-E520", "HS-E102", "HS-E281", "HS-E201"]
    assert list(tmp_path.iterdir()) == []


def test_word_names_chinese_fonts_and_repeats_headings(whole: Mapping[str, Report]) -> None:
    with zipfile.ZipFile(io.BytesIO(rendered(whole["zh"], "docx"))) as archive:
        document = archive.read("word/document.xml").decode("utf-8")
        styles = archive.read("word/styles.xml").decode("utf-8")
        assert not any(name.startswith("word/fonts") for name in archive.namelist())
    assert 'w:eastAsia="仿宋"' in styles
    assert 'w:val="HushuMark"' in document
    assert document.count("<w:tblHeader") > 5


def test_a_pdf_without_a_chinese_font_is_refused(
    monkeypatch: pytest.MonkeyPatch, inventory: Inventory
) -> None:
    from hushu.reports import pdf

    def none(*_: Any, **__: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], 0, stdout=b"\n")

    monkeypatch.setattr(pdf.shutil, "which", lambda name: name)
    monkeypatch.setattr(pdf.subprocess, "run", none)
    with pytest.raises(OutputError) as caught:
        report(inventory).render("pdf")
    assert caught.value.code == "HS-E522"


def test_a_pdf_without_a_program_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, inventory: Inventory
) -> None:
    from hushu.reports import pdf

    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(OutputError) as caught:
        report(inventory, lang="en").render("pdf")
    assert caught.value.code == "HS-E521"


@pytest.mark.browser
def test_a_browser_shows_the_page(whole: Mapping[str, Report], tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no headless Chromium on PATH")
    from hushu.reports.pdf import _QUIET, _as_root

    page = whole["zh"].save(tmp_path / "report.html")
    command = [browser, *_QUIET, *_as_root(), f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, check=True, timeout=60
    ).stdout.decode("utf-8")
    assert shown.count('class="filter"') == 4, "the script ran, once a table"


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_prints_with_its_chinese(whole: Mapping[str, Report]) -> None:
    content = rendered(whole["zh"], "pdf")
    assert content.startswith(b"%PDF-")
    assert len(content) > 100_000, "the Chinese font is in it"
