"""Redacted text: nothing found again, nothing lost, one token function for texts and tables."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hushu
from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.tokens import Scope, token
from hushu.cli import main
from hushu.errors import ConfigError, KeyMaterialError

KEY = Key(bytes(range(2, 34)))
TEXTS = [
    "来电人：张伟，电话13800138000，住浦东新区羽山路1412弄27号502室。张先生说马上来。",
    "患者阿依古丽·买买提，女，1956年3月8日出生，身份证310101190001010011，诊断2型糖尿病。",
    "密码：Abc#2023，微信号：lihua_2020，户号 0221883019",
    "马上就要到黄金周了，白云机场和虹桥枢纽之间有没有直达的大巴？",
]


@pytest.mark.parametrize("operator", ["mask", "replace", "remove", "pseudonym"])
def test_nothing_is_found_again_and_once_is_enough(operator):
    done = [r.text for r in hushu.redact(TEXTS, operator=operator, key=KEY)]
    assert hushu.find(done) == [[]] * len(done)
    assert [r.text for r in hushu.redact(done, operator=operator, key=KEY)] == done


def test_text_without_findings_comes_back_as_it_was():
    assert hushu.redact(TEXTS[3]).text == TEXTS[3]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_whatever_comes_redaction_is_idempotent(text):
    once = hushu.redact(text)
    assert hushu.redact(once.text).text == once.text
    for s in once.spans:
        assert 0 <= s.start < s.end <= len(text)


def test_labels_speak_the_language():
    assert "<PERSON>" in hushu.redact(TEXTS[0], operator="replace").text
    assert "「姓名」" in hushu.redact(TEXTS[0], operator="replace", lang="zh").text


def test_the_token_of_a_text_is_the_token_of_a_table():
    scope = Scope(keys=Keyring(KEY), dataset="d", recipient="r")
    text = hushu.redact(TEXTS[0], operator="pseudonym", key=KEY, dataset="d", recipient="r").text
    assert token("PERSON", "张伟", scope) in text
    assert text.count(token("PERSON", "张伟", scope)) == 2  # 张先生 is 张伟 here
    assert token("PHONE_NUMBER", "13800138000", scope) in text


def test_the_identifiers_of_the_record_are_searched_too():
    assert "水若寒烟" not in hushu.redact("他说是水若寒烟介绍的", known=[("PERSON", "水若寒烟")]).text


def test_a_pseudonym_needs_a_key_and_an_operator_a_name():
    with pytest.raises(KeyMaterialError):
        hushu.redact("张伟", operator="pseudonym")
    with pytest.raises(ConfigError):
        hushu.redact("张伟", operator="hash")


def redact_file(tmp_path, capfdbinary, content, *options):
    path = tmp_path / "in"
    path.write_bytes(content)
    status = main.invoke(["redact", str(path), *options])
    streams = capfdbinary.readouterr()
    return status, streams.out, streams.err.decode()


def test_bytes_without_findings_come_back_byte_for_byte(tmp_path, capfdbinary):
    content = "任何时候都方便。\r\n\ttab\n\n".encode()
    assert redact_file(tmp_path, capfdbinary, content) == (0, content, "")


def test_a_line_that_is_not_utf8_is_named_and_the_rest_goes_on(tmp_path, capfdbinary):
    status, out, err = redact_file(
        tmp_path, capfdbinary, "电话13800138000\n".encode() + b"\xff\xfe\n" + "好".encode()
    )
    assert status == 3
    assert "13800138000" not in out.decode()
    assert "好" in out.decode()
    assert ":2:" in err


def test_jsonl_keeps_ids_and_original_offsets(tmp_path, capfdbinary):
    lines = [json.dumps({"id": n, "text": text}, ensure_ascii=False) for n, text in enumerate(TEXTS)]
    content = "\n".join([*lines[:2], "not json", *lines[2:]]).encode()
    status, out, err = redact_file(tmp_path, capfdbinary, content, "--format", "jsonl")
    records = [json.loads(line) for line in out.decode().splitlines()]
    assert status == 3
    assert ":3:" in err
    assert [r["id"] for r in records] == [0, 1, 2, 3]
    spans = {TEXTS[0][s["start"] : s["end"]]: s["type"] for s in records[0]["spans"]}
    assert spans["13800138000"] == "PHONE_NUMBER"
    assert set(records[0]["spans"][0]) == {"start", "end", "type", "score"}


def test_json_keeps_its_shape(tmp_path, capfdbinary):
    content = json.dumps({"a": [TEXTS[0], 3], "b": None}, ensure_ascii=False).encode()
    status, out, _ = redact_file(tmp_path, capfdbinary, content, "--format", "json")
    assert status == 0
    assert json.loads(out)["a"][1] == 3
    assert "13800138000" not in out.decode()
