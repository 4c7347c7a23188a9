"""The web server of the live preview: pages, files, and a stream of events when they change.

It listens on the loopback address only, unless told otherwise, and rejects requests whose Host header has a name, so
that a web site whose host name resolves to this machine (DNS rebinding) cannot read the book.
"""

from __future__ import annotations

import errno
import html
import ipaddress
import json
import mimetypes
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, unquote, urlsplit

from oerbook.errors import OerbookError

LOOPBACK_ADDRESS, ANY_ADDRESS = "127.0.0.1", "0.0.0.0"  # noqa: S104 - only if the user asks for it
CLIENT_SCRIPT_FILE = Path(__file__).with_name("preview.js")
INTERNAL_PREFIX = "/-oerbook/"  # path of the script and the events; no page of a book has such an address
MAX_PORT_TRIES = 20  # ports to try
POLL_INTERVAL_S = 0.1
RESPONSE_HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where a server listens: an address of this machine ("0.0.0.0": all of them) and a port.

    If the port is taken, the next free one is used unless `is_fixed`; 0 is any free port.
    """

    port: int
    is_fixed: bool = False
    host: str = LOOPBACK_ADDRESS


class PreviewContent(Protocol):
    """The content of the preview."""

    def read_file(self, path: str) -> tuple[bytes, str] | None:
        """Return a file of the site and its digest, None if there is no such file."""
        ...

    def wait_for_page_states(self, path: str) -> Iterator[Mapping[str, Any] | None]:
        """Yield events for a page as JSON data; None if there was no event for a while."""
        ...


@contextmanager
def serve_preview(content: PreviewContent, where: ListenAddress) -> Iterator[str]:
    """Serve in a thread; the context value is the URL.

    Raises OerbookError if no port is free or the machine does not have the address.
    """
    server = _server(content, where)
    thread = threading.Thread(target=partial(server.serve_forever, POLL_INTERVAL_S), daemon=True)
    thread.start()
    try:
        address = find_network_address() if where.host == ANY_ADDRESS else where.host
        yield f"http://{address}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def find_network_address() -> str:
    """Return the IPv4 address of this machine in its network, or the loopback address if it is in none.

    No packet is sent: the system only says which of its addresses it would send from.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation, https://www.rfc-editor.org/rfc/rfc5737
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK_ADDRESS


def _server(content: PreviewContent, where: ListenAddress) -> ThreadingHTTPServer:
    tries = 1 if where.is_fixed or not where.port else MAX_PORT_TRIES
    for candidate in range(where.port, where.port + tries):
        try:
            server = _Server((where.host, candidate), partial(_Handler, content))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                hint = "Use --host without an address, or one that this machine has."
                raise OerbookError(f"this machine does not have the address {where.host}", hint=hint) from error
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            server.daemon_threads = True
            return server
    hint = "Choose another one with --port, or --port 0 for any free port."
    raise OerbookError(f"port {where.port} is in use", hint=hint)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors of a connection: the browser closed it."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "oerbook", ""

    def __init__(self, content: PreviewContent, *args: Any) -> None:
        self.content = content
        super().__init__(*args)

    def do_GET(self) -> None:
        """Respond with a page, a file, the script or the event stream."""
        if not self._is_own_address(self.headers.get("Host", "")):
            self._send(421, b"This preview answers to its own address only.\n", "text/plain")
            return
        url = urlsplit(self.path)
        if url.path == f"{INTERNAL_PREFIX}preview.js":
            self._send(200, CLIENT_SCRIPT_FILE.read_bytes(), "text/javascript")
        elif url.path == f"{INTERNAL_PREFIX}news":
            self._send_events(parse_qs(url.query).get("page", [""])[0])
        else:
            self._send_file(unquote(url.path).lstrip("/"))

    def _is_own_address(self, host: str) -> bool:
        """Return whether a Host header names this server: by its address or, on all addresses, by any in numbers."""
        bound, port = cast(tuple[str, int], self.server.server_address)  # it is an IPv4 server
        name, _colon, number = host.rpartition(":")
        if number != str(port):
            return False
        if bound != ANY_ADDRESS:
            return name == bound or (bound == LOOPBACK_ADDRESS and name == "localhost")
        try:
            return name == "localhost" or bool(ipaddress.IPv4Address(name))
        except ValueError:
            return False

    def do_HEAD(self) -> None:
        """Respond as to GET, without the body."""
        self.do_GET()

    def _send_file(self, path: str) -> None:
        if not path or path.endswith("/"):
            path += "index.html"
        file = self.content.read_file(path)
        if file is None:
            self._send(404, _with_script(NOT_FOUND_PAGE, path, ""), "text/html")
            return
        body, digest = file
        mime_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        etag = f'"{digest}"'
        if self.headers.get("If-None-Match") == etag:
            self._send_headers(304, {"ETag": etag})
            return
        data = _with_script(body, path, digest) if mime_type == "text/html" else body
        self._send(200, data, mime_type, {"ETag": etag})

    def _send_events(self, path: str) -> None:
        self._send_headers(200, {"Content-Type": "text/event-stream", "Connection": "close"})
        self.close_connection = True
        try:
            for event in self.content.wait_for_page_states(path):
                text = f"data: {json.dumps(event)}\n\n" if event is not None else ": still here\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            return  # the browser closed the connection

    def _send(self, status: int, body: bytes, mime_type: str, headers: Mapping[str, str] | None = None) -> None:
        content_type = f"{mime_type}; charset=utf-8" if mime_type.startswith("text/") else mime_type
        all_headers = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
        self._send_headers(status, all_headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_headers(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**RESPONSE_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Do not log requests."""


NOT_FOUND_PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>No such page</title><style>body { font: 1.2rem/1.5 serif; margin: 15vh auto;
max-width: 32rem; padding: 0 1rem; color-scheme: light dark }</style>
</head><body><h1>No such page</h1><p>The book has no page at this address, or not yet.
<a href="/">To the title page</a></p></body></html>
"""


def _with_script(page: bytes, path: str, digest: str) -> bytes:
    """Return a page with the script that listens for events, before all other scripts."""
    tag = (
        f'<script src="{INTERNAL_PREFIX}preview.js" data-page="{html.escape(path)}" data-seen="{digest}"'
        " defer></script>"
    )
    before, head, after = page.partition(b"<head>")
    return before + head + tag.encode() + after if head else page
