"""What every test has: no network beyond this machine, and a last word on what was skipped."""

from __future__ import annotations

import os
import socket
from collections import Counter
from pathlib import Path

import pytest

_LOCAL = ("127.", "::1", "localhost", "/")


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """hushu is offline by construction; a test that reaches out fails here."""
    connect = socket.socket.connect

    def local_only(self, address):
        host = address if isinstance(address, str | bytes) else address[0]
        text = host.decode(errors="replace") if isinstance(host, bytes) else str(host)
        if self.family == socket.AF_UNIX or text.startswith(_LOCAL):
            return connect(self, address)
        raise AssertionError("a test tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Messages are compared in one language, whatever the machine speaks."""
    monkeypatch.setenv("HUSHU_LANG", "en")
    monkeypatch.delenv("HUSHU_KEY", raising=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the shared data sets, beside the repository or where HUSHU_SHARED points."""
    root = Path(os.environ.get("HUSHU_SHARED") or Path(__file__).parents[2] / "shared")
    if not (root / "data").is_dir():
        pytest.skip("shared data sets are not on this machine (HUSHU_SHARED)")
    return root / "data"


def pytest_collection_modifyitems(items):
    if os.environ.get("HUSHU_SLOW"):
        return
    slow = pytest.mark.skip(reason="slow: set HUSHU_SLOW=1 to run it")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(slow)


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        terminalreporter.write_line("skipped groups: none")
        return
    reasons = Counter(
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        for report in skipped
    )
    terminalreporter.write_line("skipped groups:")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"  {count} × {reason.removeprefix('Skipped: ')}")
