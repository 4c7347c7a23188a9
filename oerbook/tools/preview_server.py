"""A web server for one reader on this machine: pages of a preview, and a stream that says when they change.

It listens on the loopback address alone, and answers nobody who calls it by another name: a page of another site that has
its own name lead here reads nothing.
"""

from __future__ import annotations

import errno
import json
import mimetypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from oerbook.errors import OerbookError

HERE = "127.0.0.1"
SCRIPT = Path(__file__).with_name("preview.js")
OURS = "/-oerbook/"  # no page of a book has such an address
MORE = 20  # ports to try after the first
HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Shown(Protocol):
    """What is served."""

    def read(self, address: str) -> tuple[bytes, str] | None:
        """Return a file of the site and its digest; None when there is none."""
        ...

    def news(self, address: str) -> Iterator[Mapping[str, Any] | None]:
        """Yield what the reader of a page should know, each as plain data; None when there is nothing for a while."""
        ...


@contextmanager
def serving(shown: Shown, port: int, *, fixed: bool) -> Iterator[str]:
    """Serve from a thread of its own, on `port` or, unless that is `fixed`, on the next free one; the address is given.

    Raises OerbookError when no port is free.
    """
    server = _server(shown, port, fixed)
    thread = threading.Thread(target=partial(server.serve_forever, 0.1), daemon=True)
    thread.start()
    try:
        yield f"http://{HERE}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _server(shown: Shown, port: int, fixed: bool) -> ThreadingHTTPServer:
    for candidate in range(port, port + (1 if fixed or not port else MORE)):
        try:
            server = _Quiet((HERE, candidate), partial(_Handler, shown))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            server.daemon_threads = True
            return server
    hint = "Name a free one with --port, or --port 0 for any."
    raise OerbookError(f"port {port} is taken", hint=hint)


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "oerbook", ""

    def __init__(self, shown: Shown, *given: Any) -> None:
        self.shown = shown
        super().__init__(*given)

    def do_GET(self) -> None:
        """Answer with a page, a file, the script, or the news."""
        port = self.server.server_address[1]  # type: ignore[index]  # of a server on a port
        if self.headers.get("Host", "") not in {f"{HERE}:{port}", f"localhost:{port}"}:
            self._send(421, b"This preview answers to 127.0.0.1 alone.\n", "text/plain")
            return
        asked = urlsplit(self.path)
        if asked.path == f"{OURS}live.js":
            self._send(200, SCRIPT.read_bytes(), "text/javascript")
        elif asked.path == f"{OURS}news":
            self._tell(parse_qs(asked.query).get("page", [""])[0])
        else:
            self._page(unquote(asked.path).lstrip("/"))

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def _page(self, address: str) -> None:
        if not address or address.endswith("/"):
            address += "index.html"
        found = self.shown.read(address)
        if found is None:
            self._send(404, _with_script(MISSING, address, ""), "text/html")
            return
        body, digest = found
        kind = mimetypes.guess_type(address)[0] or "application/octet-stream"
        tag = f'"{digest}"'
        if self.headers.get("If-None-Match") == tag:
            self._head(304, {"ETag": tag})
            return
        self._send(200, _with_script(body, address, digest) if kind == "text/html" else body, kind, {"ETag": tag})

    def _tell(self, address: str) -> None:
        self._head(200, {"Content-Type": "text/event-stream", "Connection": "close"})
        self.close_connection = True
        try:
            for news in self.shown.news(address):
                text = f"data: {json.dumps(news)}\n\n" if news is not None else ": still here\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            return  # the reader has left

    def _send(self, status: int, body: bytes, kind: str, more: Mapping[str, str] | None = None) -> None:
        told = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        self._head(status, {"Content-Type": told, "Content-Length": str(len(body)), **(more or {})})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, more: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of requests."""


MISSING = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>No such page</title><style>body { font: 1.2rem/1.5 serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem; color-scheme: light dark }</style>
</head><body><h1>No such page</h1><p>The book has no page at this address, or not yet. <a href="/">To the title page</a></p></body></html>
"""


def _with_script(page: bytes, address: str, digest: str) -> bytes:
    """Return a page with the script that listens for changes, before all other scripts."""
    import html

    tag = f'<script src="{OURS}live.js" data-page="{html.escape(address)}" data-seen="{digest}" defer></script>'
    head, found, rest = page.partition(b"<head>")
    return head + found + tag.encode() + rest if found else page
