"""Which module renders which format; each is loaded when its format is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from hushu.reports.view import View

Renderer = Callable[[View], bytes]

_MODULES = ("html", "docx", "pdf", "xlsx", "md", "json")


def _lazy(form: str) -> Renderer:
    def render(view: View) -> bytes:
        content: bytes = import_module(f"hushu.reports.{_file(form)}").render(view)
        return content

    return render


def _file(form: str) -> str:
    return {"docx": "word", "xlsx": "workbook", "md": "markdown", "json": "data"}.get(form, form)


RENDERERS: Mapping[str, Renderer] = {form: _lazy(form) for form in _MODULES}
