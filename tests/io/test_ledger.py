from __future__ import annotations

import json
import multiprocessing
from itertools import pairwise
from pathlib import Path

import pytest

from hushu.errors import InputError, LedgerError, OutputError
from hushu.io import ledger
from hushu.io.ledger_head import Anchor


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    for number in range(5):
        ledger.append(path, {"kind": "scan", "what": f"表{number}", "rows": number})
    return path


def test_entries_are_chained_and_verify(file):
    entries = list(ledger.entries(file))
    assert [entry["seq"] for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0]["prev_sha256"] == ledger.GENESIS
    assert all(b["prev_sha256"] == a["sha256"] for a, b in pairwise(entries))
    assert all(entry["at"] and entry["who"] for entry in entries)
    check = ledger.verify(file)
    assert (check.ok, check.entries, check.last_sha256) == (True, 5, entries[-1]["sha256"])


@pytest.mark.parametrize("line", range(5))
@pytest.mark.parametrize("how", ["change", "remove", "insert", "swap", "reformat", "garbage", "rechain"])
def test_every_tampering_is_found_where_it_happened(file, line, how):
    lines = file.read_bytes().splitlines(keepends=True)
    if how == "change":
        lines[line] = lines[line].replace(b'"rows":', b'"rows":1')
    elif how == "remove":
        del lines[line]
    elif how == "insert":
        lines.insert(line, lines[line])
    elif how == "swap":
        lines[line], lines[line - 1] = lines[line - 1], lines[line]
    elif how == "reformat":
        lines[line] = lines[line].replace(b'","', b'", "', 1)
    elif how == "garbage":
        lines[line] = b"[1]\n"
    else:  # a forger who knows how digests are made, but not how to change the ones after
        entry = json.loads(lines[line]) | {"rows": 99}
        entry["sha256"] = ledger.entry_sha256(entry)
        lines[line] = (
            json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        )
    file.write_bytes(b"".join(lines))
    check = ledger.verify(file)
    if line == 4 and how in {"remove", "rechain"}:
        assert (check.ok, check.cut) == (False, True)  # the head beside it shows this
        assert check.broken_line == 5
        (file.parent / "ledger.jsonl.head").unlink()
        assert ledger.verify(file).ok  # and nothing else does
        return
    wrong = {"insert": line + 2, "swap": min(line, 5) or 1, "rechain": line + 2}.get(how, line + 1)
    assert (check.ok, check.broken_line, check.torn) == (False, wrong, False)
    with pytest.raises(LedgerError) as caught:
        list(ledger.entries(file))
    assert caught.value.code == "HS-E702"
    assert caught.value.exit_status == 1


def test_a_torn_last_line_is_told_and_only_repair_mends_it(file):
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"kind":"sc')
    assert ledger.verify(file).torn
    with pytest.raises(LedgerError) as caught:
        ledger.append(file, {"kind": "scan"})
    assert caught.value.code == "HS-E701"
    assert ledger.repair(file) == 11
    assert file.read_bytes() == whole
    assert ledger.repair(file) == 0
    assert ledger.append(file, {"kind": "scan"})["seq"] == 6


def test_repair_refuses_to_hide_tampering(file):
    file.write_bytes(file.read_bytes().replace(b'"rows":2', b'"rows":3'))
    with pytest.raises(LedgerError):
        ledger.repair(file)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + lines[-1].replace(b'"rows":4', b'"rows":5'))
    with pytest.raises(LedgerError):
        ledger.append(file, {"kind": "scan"})


def test_long_entries_and_an_empty_file(tmp_path):
    file = tmp_path / "ledger.jsonl"
    file.touch()
    assert ledger.verify(file) == ledger.LedgerCheck(entries=0, last_sha256=ledger.GENESIS)
    for _ in range(3):
        ledger.append(file, {"kind": "scan", "columns": ["列"] * 50_000})
    assert ledger.verify(file).entries == 3


def test_what_the_ledger_keeps_to_itself_cannot_be_given(tmp_path):
    for entry in ({"what": "x"}, {"kind": "scan", "seq": 1}, {"kind": "scan", "sha256": "x"}):
        with pytest.raises(ValueError, match="entry"):
            ledger.append(tmp_path / "l", entry)
    with pytest.raises(ValueError, match="JSON"):
        ledger.append(tmp_path / "l", {"kind": "scan", "share": float("nan")})
    assert not (tmp_path / "l").exists()


def test_a_missing_ledger_and_an_unwritable_place(tmp_path):
    with pytest.raises(InputError) as caught:
        ledger.verify(tmp_path / "none")
    assert caught.value.code == "HS-E201"
    with pytest.raises(OutputError) as refused:
        ledger.append(tmp_path, {"kind": "scan"})
    assert refused.value.code == "HS-E510"


def _write(path: str) -> None:
    for _ in range(20):
        ledger.append(path, {"kind": "query"})


def test_writers_at_the_same_time_keep_one_chain(tmp_path):
    file = tmp_path / "ledger.jsonl"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(str(file),)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert ledger.verify(file).entries == 60


def head_of(file: Path) -> Path:
    return file.with_name("ledger.jsonl.head")


@pytest.mark.parametrize("left", [0, 1, 4])
def test_a_ledger_cut_off_at_its_end_is_noticed_and_not_written_on(file, left):
    whole = file.read_bytes()
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[:left]))
    check = ledger.verify(file)
    assert (check.ok, check.cut, check.entries) == (False, True, left)
    for act in (
        lambda: ledger.append(file, {"kind": "scan"}),
        lambda: list(ledger.entries(file)),
        lambda: ledger.head(file),
    ):
        with pytest.raises(LedgerError) as caught:
            act()
        assert caught.value.code == "HS-E703"
    file.unlink()
    with pytest.raises(LedgerError, match="HS-E703"):
        ledger.append(file, {"kind": "scan"})
    file.write_bytes(whole)
    assert ledger.verify(file).anchored == 5
    assert ledger.append(file, {"kind": "scan"})["seq"] == 6


def test_a_crash_before_the_head_was_written_does_no_harm(file):
    before = head_of(file).read_bytes()
    ledger.append(file, {"kind": "scan"})
    head_of(file).write_bytes(before)
    check = ledger.verify(file)
    assert (check.ok, check.entries, check.anchored) == (True, 6, 5)
    assert ledger.append(file, {"kind": "scan"})["seq"] == 7
    assert ledger.verify(file).anchored == 7


def test_what_is_known_elsewhere_outlives_the_head(file):
    known = Anchor(name="noted", entries=5, sha256=ledger.verify(file).last_sha256)
    release = ledger.append(file, {"kind": "release", "certificate_sha256": "c" * 64})
    head_of(file).unlink()
    recorded = Anchor(name="certificate", certificate_sha256="c" * 64)
    assert ledger.verify(file, [known]).anchored == 5
    assert ledger.verify(file, [known, recorded]).anchored == release["seq"]
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:5]))
    assert ledger.verify(file, [known]).ok
    assert ledger.verify(file, [recorded]).cut
    file.write_bytes(b"".join(lines[:4]))
    ledger.append(file, {"kind": "scan", "what": "rewritten"})
    check = ledger.verify(file, [known])
    assert (check.cut, check.broken_line) == (True, 5)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"entries": "x", "sha256": 1}'])
def test_a_damaged_head_is_told(file, text):
    head_of(file).write_text(text)
    with pytest.raises(LedgerError) as caught:
        ledger.verify(file)
    assert caught.value.code == "HS-E703"
