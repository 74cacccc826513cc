"""``hushu explain CODE``: the page of an error code."""

from __future__ import annotations

import typer

from hushu.cli import output
from hushu.cli.code_pages import pages, text_of
from hushu.errors import ConfigError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def explain(
    code: str = typer.Argument(..., help="An error code such as HS-E203, or 'list'."),
) -> None:
    """Explain an error code."""
    known, lang = pages(), output.language()
    if code == "list":
        output.emit(
            "\n".join(f"{key}  {text_of(page, 'title', lang)}" for key, page in sorted(known.items()))
        )
        return
    page = known.get(code.upper())
    if page is None:
        raise ConfigError("unknown error code", where=code, fix="hushu explain list", code="HS-E103")
    output.emit(
        f"{code.upper()}  {text_of(page, 'title', lang)}\n\n"
        f"{output.say('原因', 'Why')}\n  {text_of(page, 'why', lang)}\n\n"
        f"{output.say('处理', 'What to do')}\n  {text_of(page, 'fix', lang)}"
    )
