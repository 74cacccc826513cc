"""The review page: on this machine only, behind a token, writing the same decisions as the workbook."""

from __future__ import annotations

import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from hushu.cli.serve import address, review_server
from hushu.model import Column, Finding, Inventory, Table
from hushu.rules.decisions import read_decisions

INVENTORY = Inventory(
    source="x",
    tables=(Table(name="t", columns=(Column(name="xm", finding=Finding(type="PERSON", confidence=0.9)),)),),
)


@pytest.fixture
def server(tmp_path):
    running = review_server(INVENTORY, tmp_path / "decisions.yaml")
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


def post(server, **form):
    data = urllib.parse.urlencode({"token": server.token, "table": "t", "column": "xm", **form}).encode()
    url = f"http://127.0.0.1:{server.server_address[1]}/decide"
    return urllib.request.urlopen(urllib.request.Request(url, data=data))


def test_it_listens_on_loopback_only(server):
    assert server.server_address[0] == "127.0.0.1"


def test_the_page_needs_its_token(server):
    with urllib.request.urlopen(address(server)) as answer:
        assert "xm" in answer.read().decode()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address(server) + "x")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        post(server, token="x", type="PERSON", by="a")


def test_a_decision_is_written(server, tmp_path):
    post(server, type="PERSON", by="王")
    post(server, type="USERNAME", by="王", reason="登录名")
    (kept,) = read_decisions(tmp_path / "decisions.yaml")
    assert (kept.status, kept.type, kept.by) == ("overridden", "USERNAME", "王")


def test_a_correction_needs_its_reason(server):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        post(server, type="USERNAME", by="王")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        post(server, column="nope", type="PERSON", by="王")
