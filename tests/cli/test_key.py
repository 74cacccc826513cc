"""Keys from the command line: rotation, data keys and their end; no key is ever printed."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from hushu.anonymize import keyrings, keys
from hushu.cli.main import invoke
from hushu.io import ledger

PURPOSE = """
schema: hushu.purpose/1
id: yueche
title: 核对
matter: 登记
provider: 甲
recipient: 乙
basis: 政务数据共享条例第二十一条
scenario: 核对
scope: 全部
mode: 服务接口
until: 2027-12-31
items:
  - {item: people.sfzh, grain: pseudonym}
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    place = tmp_path_factory.mktemp("key")
    rows = "".join(f"王小{c},3101991990010{n:02d}01\n" for n, c in enumerate("明红强芳伟丽军", 10))
    (place / "people.csv").write_text("xm,sfzh\n" + rows, "utf-8")
    (place / "purpose.yaml").write_text(PURPOSE, "utf-8")
    assert (
        invoke(["scan", str(place / "people.csv"), "--format", "json", "-o", str(place / "inventory.json")])
        == 0
    )
    made = ["plan", str(place / "inventory.json"), "--purpose", str(place / "purpose.yaml")]
    assert invoke([*made, "-o", str(place / "plan.yaml")]) == 0
    return place


@pytest.fixture
def place(planned, tmp_path, monkeypatch):
    shutil.copytree(planned, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    assert invoke(["key", "new", "-o", "key.txt"]) == 0
    return tmp_path / "work"


def apply(out: str, *more: str) -> int:
    return invoke(["apply", "plan.yaml", "people.csv", "-o", out, "--key-file", "key.txt", *more])


def tokens(out: str) -> list[str]:
    with Path(out, "data.csv").open(encoding="utf-8") as file:
        return sorted(row["sfzh"] for row in csv.DictReader(file))


def test_a_rotated_key_makes_new_tokens_and_keeps_the_old_one(place, capsys):
    old = keys.from_file("key.txt")
    assert apply("first") == 0
    capsys.readouterr()
    assert invoke(["key", "rotate", "key.txt"]) == 0
    said = capsys.readouterr()
    assert old.id not in said.out
    ring = keyrings.load("key.txt")
    assert ring.retired == (old,)
    assert keys.from_file("key.txt") == ring.active
    assert Path("key.txt").stat().st_mode & 0o077 == 0
    assert invoke(["key", "show", "key.txt"]) == 0
    shown = capsys.readouterr().out
    assert shown.split() == [ring.active.id, old.id]
    assert apply("second") == 0
    assert not set(tokens("first")) & set(tokens("second"))
    assert {token.split("-")[1] for token in tokens("second")} == {ring.active.id}
    for secret in (key.secret for key in (old, ring.active)):
        for text in (said.out, said.err, shown, Path("second/certificate.json").read_text("utf-8")):
            assert secret.hex() not in text


def test_a_data_key_makes_one_data_set_and_ends_it(place, capsys):
    assert apply("first", "--data-keys", "store.json", "--ledger", "ledger.jsonl") == 0
    assert apply("again", "--data-keys", "store.json") == 0
    assert tokens("first") == tokens("again")
    assert apply("plain") == 0
    assert not set(tokens("first")) & set(tokens("plain"))
    assert Path("store.json").stat().st_mode & 0o077 == 0
    capsys.readouterr()
    assert invoke(["key", "list", "store.json", "--format", "json"]) == 0
    (known,) = json.loads(capsys.readouterr().out)
    assert known["dataset"] == "yueche"
    assert known["id"] == tokens("first")[0].split("-")[1]
    for command in (["key", "rotate", "key.txt"], ["key", "rewrap", "store.json", "--key-file", "key.txt"]):
        assert invoke(command) == 0
    assert apply("rotated", "--data-keys", "store.json") == 0
    assert tokens("rotated") == tokens("first")
    ended = ["key", "destroy", "store.json", "yueche", "--reason", "期满", "--ledger", "ledger.jsonl"]
    assert invoke(ended) == 0
    assert [e["kind"] for e in ledger.entries("ledger.jsonl")] == ["release", "key-destroyed"]
    capsys.readouterr()
    assert invoke(ended) == 2
    assert "HS-E405" in capsys.readouterr().err
    assert len(list(ledger.entries("ledger.jsonl"))) == 2, "what did not happen is not recorded"
    assert apply("late", "--data-keys", "store.json") == 2
    assert "HS-E405" in capsys.readouterr().err
    assert not Path("late").exists()
    assert invoke(["key", "list", "store.json"]) == 0
    assert "期满" in capsys.readouterr().out


def test_what_is_missing_is_told(place, capsys):
    for command, code in (
        (["key", "show", "none.txt"], "HS-E401"),
        (["key", "show", "keyring:nowhere"], "HS-E401"),
        (["key", "list", "none.json"], "HS-E201"),
        (["key", "destroy", "none.json", "x", "--reason", "y"], "HS-E201"),
        (["apply", "plan.yaml", "people.csv", "-o", "r", "--data-keys", "s.json"], "HS-E401"),
    ):
        assert invoke(command) == 2
        assert code in capsys.readouterr().err
    Path("key.txt").write_text("hushu-key-1 AAAA\nhushu-key-1 !!\n")
    assert invoke(["key", "show", "key.txt"]) == 2
    assert "HS-E40" in capsys.readouterr().err
    Path("store.json").write_text('{"keys": 3}')
    assert invoke(["key", "list", "store.json"]) == 2
    assert "HS-E403" in capsys.readouterr().err
    assert sorted(p.name for p in place.iterdir() if p.name.startswith(".")) == []


def test_the_secret_store_holds_a_ring(place, capsys):
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1

        def __init__(self):
            super().__init__()
            self.held = {}

        def get_password(self, service, username):
            return self.held.get((service, username))

        def set_password(self, service, username, password):
            self.held[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        assert invoke(["key", "rotate", "key.txt"]) == 0
        assert invoke(["key", "store", "key.txt", "keyring:hushu/town"]) == 0
        assert apply("filed") == 0
        stored = ["apply", "plan.yaml", "people.csv", "-o", "stored", "--key-file", "keyring:hushu/town"]
        assert invoke(stored) == 0
        assert tokens("filed") == tokens("stored")
        assert invoke(["key", "store", "key.txt", "keyring:hushu/town"]) == 2
        assert "HS-E407" in capsys.readouterr().err
    finally:
        keyring.set_keyring(before)
