"""A real browser for tests: one Chromium, driven by journeys that are small functions of a page."""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

from tests.conftest import judges, need

DRIVER = Path(__file__).with_suffix(".mjs")
HERE = ("http://127.0.0.1:", "file:", "data:", "blob:")
PACKED = (".html", ".css", ".js", ".svg", ".json")


class Packing(SimpleHTTPRequestHandler):
    """Serves a folder as the hosts of books do: text is packed with gzip."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix not in PACKED:
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(str(path))}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; the address is given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Packing, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Browser:
    """One Chromium; each journey has a profile of its own."""

    process: subprocess.Popen[str]

    def go(self, journey: str, *, strict: bool = True, **wish: Any) -> Any:
        """Return what a journey told; fail when a script failed, a policy was broken or another host was asked.

        `wish` may hold width, height, theme, touch, scripts; everything else is a fact that the journey takes by name.
        """
        said = {name: wish.pop(name) for name in ("width", "height", "theme", "touch", "scripts") if name in wish}
        pipe, answer = self.process.stdin, self.process.stdout
        assert pipe
        assert answer
        pipe.write(json.dumps({"journey": journey, "facts": wish, **said}) + "\n")
        pipe.flush()
        found = json.loads(answer.readline())
        assert "failed" not in found, found["failed"]
        if strict:
            assert found["wrong"] == [], found["wrong"]
            assert [url for url in found["asked"] if not url.startswith(HERE)] == []
        return found.get("told")


AXE = """async ({ page, urls, looks, require }) => {
  const axe = require("node:fs").readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  await page.setBypassCSP(true);
  const found = [];
  for (const url of urls) {
    await page.goto(url);
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(axe);
    for (const [width, theme] of looks) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);
      const told = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], preload: false }));
      for (const one of told.violations) found.push([url, width, theme, one.id, one.nodes.map((node) => node.html.slice(0, 120))]);
    }
  }
  return found;
}"""
EVERY_LOOK = tuple((width, theme) for width in (390, 1280) for theme in ("light", "dark"))


def barriers(chromium: Browser, pages: Iterable[Path], looks: Iterable[tuple[int, str]] = EVERY_LOOK) -> Any:
    """Return what axe-core finds on pages, of any impact: page, width, theme, rule and the elements."""
    return chromium.go(AXE, urls=[page.as_uri() for page in pages], looks=list(looks))


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser, or skip where there is none."""
    command = [need("node"), str(DRIVER), f"{judges()}/", need("chromium")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Browser(process)
        _close(process.stdin)


def _close(pipe: IO[str] | None) -> None:
    if pipe:
        pipe.close()
