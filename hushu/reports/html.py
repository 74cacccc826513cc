"""The report as one self-contained HTML file: no network, no font, no script from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hushu.reports.view import View
from hushu.reports.words import speaker

if TYPE_CHECKING:
    from jinja2 import Environment


def render(view: View) -> bytes:
    """Return the report as UTF-8 HTML; it works without its script and prints with every fold open."""
    style, script = _style(), _asset("report.js")
    from markupsafe import Markup

    text = (
        _environment()
        .get_template("report.html.j2")
        .render(
            view=view,
            say=speaker(view.lang),
            # Our own files, not data: everything that comes from the data stays escaped.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )
    return text.encode("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("hushu.reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@lru_cache(maxsize=1)
def _style() -> str:
    # A policy that allows no inline style attribute needs a class for every column width.
    widths = "\n".join(f".w{n}{{width:{n * 5}%}}" for n in range(21))
    return _asset("report.css").replace("WIDTHS", widths)


def _asset(name: str) -> str:
    return files("hushu.reports").joinpath("templates", name).read_text("utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
