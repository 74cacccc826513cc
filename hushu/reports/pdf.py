"""The report as PDF, printed from the same HTML: by a Chromium that is installed, else by WeasyPrint."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hushu.errors import OutputError
from hushu.reports import html
from hushu.reports.view import View

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SECONDS = 180
# A report is printed offline: nothing of the browser's own traffic leaves either.
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-pdf-header-footer",
)


def render(view: View) -> bytes:
    """Return the report as PDF.

    Raises:
        OutputError: HS-E521, neither Chromium nor WeasyPrint is here; HS-E522, no font holds Chinese;
            HS-E523, the browser did not print.
    """
    if view.lang == "zh":
        check_fonts()
    page = html.render(view)
    # Of the two, Chromium took a tenth of the time on a report of 26 pages.
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return _by_weasyprint(page) if browser is None else _by_browser(page, browser)


def check_fonts() -> None:
    """Make sure that a font for Chinese is here: without one a renderer prints blanks and no warning.

    Raises:
        OutputError: HS-E522.
    """
    lister = shutil.which("fc-list")
    if lister is None:  # Windows and macOS bring Chinese fonts and no fontconfig
        return
    found = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False, timeout=60)  # noqa: S603
    if not found.stdout.strip():
        raise OutputError(
            "no font for Chinese is installed",
            where="PDF",
            why="the report would be printed without its Chinese text",
            fix="apt install fonts-noto-cjk   or write .html and print it on another machine",
            code="HS-E522",
        )


def _by_weasyprint(page: bytes) -> bytes:
    try:
        import weasyprint
    except (ImportError, OSError):  # OSError: installed, but Pango is not
        raise OutputError(
            "nothing here can make a PDF",
            where="PDF",
            why="neither Chromium nor WeasyPrint is installed",
            fix='pip install "hushu[pdf]"   or write .html or .docx and print it',
            code="HS-E521",
        ) from None
    content: bytes = weasyprint.HTML(string=page.decode("utf-8"), base_url=None).write_pdf()
    return content


def _by_browser(page: bytes, browser: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="hushu-") as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_bytes(page)
        command = [browser, *_QUIET, *_as_root(), f"--user-data-dir={Path(folder) / 'profile'}"]
        command += [f"--print-to-pdf={target}", source.as_uri()]
        _run(command)
        if not target.is_file():
            raise _not_printed(browser, "it wrote no file")
        return target.read_bytes()


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _not_printed(command[0], f"it did not finish within {SECONDS} seconds") from None
    except (OSError, subprocess.CalledProcessError) as problem:
        raise _not_printed(command[0], type(problem).__name__) from None


def _as_root() -> tuple[str, ...]:
    # Chromium refuses to sandbox for root, which is who runs in many containers.
    root = sys.platform != "win32" and os.geteuid() == 0
    return ("--no-sandbox",) if root else ()


def _not_printed(browser: str, why: str) -> OutputError:
    return OutputError(
        "the PDF could not be printed",
        where=Path(browser).name,
        why=why,
        fix='pip install "hushu[pdf]"   or write .html or .docx and print it',
        code="HS-E523",
    )
