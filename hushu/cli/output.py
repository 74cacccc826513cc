"""The one place that writes to the terminal: payload to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from hushu.errors import HushuError

Language = Literal["zh", "en"]


def language() -> Language:
    """Return ``zh`` or ``en``: ``--lang`` (kept in HUSHU_LANG), else the locale.

    Example:
        >>> language() in {"zh", "en"}
        True
    """
    chosen = os.environ.get("HUSHU_LANG", "")
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    asked = chosen if chosen in {"zh", "en"} else locale.lower()
    return "zh" if asked.startswith("zh") else "en"


def say(zh: str, en: str) -> str:
    """Return the text in the user's language."""
    return zh if language() == "zh" else en


def emit(payload: str, output: Path | None = None) -> None:
    """Write the payload to stdout, or whole and at once to ``output``."""
    if output is None:
        sys.stdout.write(payload if payload.endswith("\n") else payload + "\n")
        sys.stdout.flush()
        return
    from hushu.io.atomic import atomic_write

    with atomic_write(output) as handle:
        handle.write((payload if payload.endswith("\n") else payload + "\n").encode("utf-8"))
    notice(say(f"已写入 {output}", f"wrote {output}"))


def emit_json(payload: Any, output: Path | None = None) -> None:
    """Write ``payload`` as stable, readable UTF-8 JSON."""
    import json

    emit(json.dumps(payload, ensure_ascii=False, indent=1, default=str), output)


def notice(text: str) -> None:
    """Write one line for the person at the terminal."""
    sys.stderr.write(text + "\n")


def error(problem: HushuError) -> None:
    """Write an error as code, what, where, why and what to do."""
    labels = (
        ("错误", "位置", "原因", "处理", "说明")
        if language() == "zh"
        else ("error", "where", "why", "do", "more")
    )
    lines = [f"{labels[0]} {problem.code} {problem.what}"]
    for label, text in zip(labels[1:4], (problem.where, problem.why, problem.fix), strict=True):
        if text:
            lines.append(f"  {label}  {text}")
    lines.append(f"  {labels[4]}  hushu explain {problem.code}")
    sys.stderr.write("\n".join(lines) + "\n")


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """Yield ``step(text)``; a live line on a terminal, silence elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("HUSHU_QUIET"):
        yield lambda _text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(pulse_style="cyan"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None)

        def step(text: str) -> None:
            bar.update(task, description=text)

        yield step
