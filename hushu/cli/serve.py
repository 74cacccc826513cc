"""``hushu serve``: review an inventory in the browser, on this machine only."""

from __future__ import annotations

import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, quote, urlsplit

import typer

from hushu.cli import output
from hushu.errors import HushuError
from hushu.model import Decision, Inventory

app = typer.Typer(rich_markup_mode=None)

_MOST_BYTES = 64 * 1024


@app.command()
def serve(
    inventory: Annotated[Path, typer.Argument(metavar="INVENTORY", help="inventory.json of a scan.")],
    decisions: Annotated[Path, typer.Option("-o", "--output", help="decisions.yaml to write to.")] = Path(
        "decisions.yaml"
    ),
    port: Annotated[int, typer.Option("--port", help="0 picks a free one.")] = 0,
) -> None:
    """Serve the review page on 127.0.0.1 until Ctrl-C; the address carries a one-time token."""
    from hushu.io.inventories import read_inventory

    server = review_server(read_inventory(inventory), decisions, port)
    output.emit(address(server))
    try:
        server.serve_forever()
    finally:
        server.server_close()


class ReviewServer(ThreadingHTTPServer):
    """The server of one session: its inventory, where decisions go, and its token."""

    def __init__(self, port: int, inventory: Inventory, decisions: Path) -> None:
        super().__init__(("127.0.0.1", port), _Page)
        self.inventory = inventory
        self.decisions = decisions
        self.token = secrets.token_urlsafe(18)

    def keep(self, decision: Decision) -> None:
        """Add a decision to the file; what it replaces stays there, set aside."""
        from hushu.rules.decisions import Book, merge, read_book, write_decisions

        book = read_book(self.decisions) if self.decisions.exists() else Book()
        write_decisions(self.decisions, merge(book, [decision], "overwrite-all"))


def review_server(inventory: Inventory, decisions: Path, port: int = 0) -> ReviewServer:
    """Return a server bound to the loopback address, not yet serving."""
    return ReviewServer(port, inventory, decisions)


def address(server: ReviewServer) -> str:
    """Return the address to open, with the session's token."""
    return f"http://127.0.0.1:{server.server_address[1]}/?token={server.token}"


class _Page(BaseHTTPRequestHandler):
    server: ReviewServer

    def do_GET(self) -> None:
        from hushu.reports.workbench import page

        asked = parse_qs(urlsplit(self.path).query)
        if not self._admitted(asked.get("token", [""])[0]):
            return
        self._answer(200, page(self.server.inventory, self.server.token, output.language()))

    def do_POST(self) -> None:
        from hushu.reports.workbench import decided

        size = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
        form = {
            name: values[0]
            for name, values in parse_qs(self.rfile.read(size).decode("utf-8", "replace")).items()
        }
        if not self._admitted(form.get("token", "")):
            return
        try:
            self.server.keep(decided(form, self.server.inventory))
        except HushuError as problem:
            self._answer(400, f"<pre>{problem.code} {problem.what}</pre>")
            return
        self.send_response(303)
        place = quote(f"{form['table']}.{form['column']}")
        self.send_header("Location", f"/?token={self.server.token}#{place}")
        self.end_headers()

    def _admitted(self, token: str) -> bool:
        # A page of another origin that rebinds its name to 127.0.0.1 would send its own Host.
        local = self.headers.get("Host", "").split(":")[0] in {"127.0.0.1", "localhost"}
        if local and secrets.compare_digest(token.encode(), self.server.token.encode()):
            return True
        self._answer(403, "<pre>403</pre>")
        return False

    def _answer(self, status: int, text: str) -> None:
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        )
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_parts: object) -> None:
        """Keep quiet: the address line holds the token."""
