"""The one place that writes to the terminal: payload to stdout, everything else to stderr."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from hushu.errors import HushuError

Language = Literal["zh", "en"]

_CHOICES = re.compile(r"one of:? (?P<some>.+)|did you mean (?P<close>.+)\?")
_WORD, _HAN = re.compile(r"[A-Za-z]{2,}"), re.compile(r"[\u4e00-\u9fff]")


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
    if language() == "zh":
        labels, (what, why, fix) = ("错误", "位置", "原因", "处理", "说明"), _in_chinese(problem)
    else:
        labels = ("error", "where", "why", "do", "more")
        what, why, fix = problem.what, problem.why, problem.fix
    lines = [f"{labels[0]} {problem.code} {what}"]
    for label, text in zip(labels[1:4], (problem.where, why, fix), strict=True):
        if text:
            lines.append(f"  {label}  {text}")
    lines.append(f"  {labels[4]}  hushu explain {problem.code}")
    sys.stderr.write("\n".join(lines) + "\n")


def _in_chinese(problem: HushuError) -> tuple[str, str, str]:
    """Return what, why and what to do, from the page of the code where the error itself speaks English."""
    from hushu.cli.code_pages import pages, text_of

    page = pages().get(problem.code, {})

    def told(own: str, part: str, or_else: str) -> str:
        written = text_of(page, part, "zh")
        return or_else if written and _is_english(own) else own

    what = told(problem.what, "title", text_of(page, "title", "zh"))
    why = told(problem.why, "why", f"{text_of(page, 'why', 'zh')}（{problem.why}）")
    choices = _CHOICES.fullmatch(problem.fix)
    if choices:
        offered = choices["some"] or choices["close"]
        return what, why, f"可选：{offered}" if choices["some"] else f"是否指 {offered}？"
    return what, why, told(problem.fix, "fix", text_of(page, "fix", "zh"))


def _is_english(text: str) -> bool:
    """Return whether a text is English prose; a command is said alike in both languages."""
    if text.startswith(("hushu ", "pip ", "--")):
        return False
    return len(_WORD.findall(text)) > len(_HAN.findall(text))


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
