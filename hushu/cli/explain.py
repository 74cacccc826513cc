"""``hushu explain CODE``: the page of an error code."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import typer

from hushu.cli import output
from hushu.errors import ConfigError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def explain(
    code: str = typer.Argument(..., help="An error code such as HS-E203, or 'list'."),
) -> None:
    """Explain an error code."""
    pages = _pages()
    if code == "list":
        output.emit("\n".join(f"{key}  {_in(page['title'])}" for key, page in sorted(pages.items())))
        return
    page = pages.get(code.upper())
    if page is None:
        raise ConfigError("unknown error code", where=code, fix="hushu explain list", code="HS-E103")
    output.emit(
        f"{code.upper()}  {_in(page['title'])}\n\n"
        f"{output.say('原因', 'Why')}\n  {_in(page.get('why', ''))}\n\n"
        f"{output.say('处理', 'What to do')}\n  {_in(page.get('fix', ''))}"
    )


def _pages() -> dict[str, dict[str, Any]]:
    import yaml

    pages: dict[str, dict[str, Any]] = {}
    for path in (files("hushu.cli") / "codes").iterdir():
        if path.name.endswith(".yaml"):
            for page in yaml.safe_load(path.read_text("utf-8")) or []:
                pages[page["code"]] = page
    return pages


def _in(text: Any) -> str:
    if isinstance(text, dict):
        return str(text.get(output.language()) or text.get("en") or "")
    return str(text)
