"""``hushu doctor``: what works on this machine, and what would make the rest work."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)

_EXTRAS = (
    ("psycopg", "postgres"), ("pymysql", "mysql"), ("xlsxwriter", "excel"), ("python_calamine", "excel"),
    ("docx", "documents"), ("pypdfium2", "documents"), ("weasyprint", "pdf"),
    ("chinese_calendar", "calendar"),
    ("scipy", "audit"), ("pandas", "frames"), ("polars", "frames"), ("keyring", "keys"), ("opendp", "dp"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is as it should be, and what to do if not."""

    what: str
    ok: bool
    detail: str
    fix: str = ""


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Emit JSON.")] = False,
) -> int:
    """Check this installation; exit 1 when something that hushu always needs is missing."""
    found = list(_findings())
    if as_json:
        output.emit_json([asdict(item) for item in found])
    else:
        marks = {True: "✓", False: "!"}
        output.emit(
            "\n".join(
                f"{marks[f.ok]} {f.what}  {f.detail}" + (f"  → {f.fix}" if not f.ok and f.fix else "")
                for f in found
            )
        )
    return 0 if all(f.ok for f in found if f.what in {"python", "text model"}) else 1


def _findings() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    yield _kernel("classify", "matching kernel")
    yield _kernel("anonymize", "operator kernel")
    yield _model()
    yield Finding(
        "English names",
        any(importlib.util.find_spec(f"en_core_web_{size}") for size in ("sm", "md", "lg", "trf")),
        "any installed en_core_web_* model helps the Presidio engine with English names",
        "optional: install an en_core_web_* package",
    )
    for module, extra in _EXTRAS:
        there = importlib.util.find_spec(module) is not None
        yield Finding(f"extra {extra}", there, module, f'pip install "hushu[{extra}]"')
    yield _fonts()
    encoding = sys.stdout.encoding or "?"
    yield Finding(
        "terminal encoding", encoding.lower().replace("-", "") == "utf8", encoding, "set PYTHONUTF8=1"
    )


def _kernel(package: str, what: str) -> Finding:
    compiled = importlib.util.find_spec(f"hushu.{package}._kernel") is not None
    return Finding(
        what,
        compiled,
        "compiled C" if compiled else "plain Python: same answers, slower",
        "install a C compiler, then install hushu again",
    )


def _model() -> Finding:
    from importlib.resources import files

    folder = files("hushu.classify") / "models"
    there = any(item.name.startswith("tagger.") for item in folder.iterdir())
    return Finding("text model", there, "packaged, nothing is downloaded", "install hushu again")


def _fonts() -> Finding:
    lister = shutil.which("fc-list")
    fonts = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout if lister else b""  # noqa: S603
    return Finding(
        "Chinese fonts", bool(fonts), "for PDF reports", "install a CJK font package such as fonts-noto-cjk"
    )
