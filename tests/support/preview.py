"""A running `oerbook serve`."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

COMMAND = [sys.executable, "-c", "from oerbook.cli import main; main()", "serve", "--port", "0"]


@dataclass
class Serving:
    """A preview that runs: its book, its address, and what it says."""

    root: Path
    process: subprocess.Popen[str]
    address: str
    said: Path

    def get(self, path: str, host: str = "") -> tuple[int, str]:
        place = self.address.removeprefix("http://").rstrip("/")
        connection = http.client.HTTPConnection(place, timeout=30)
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def until(self, path: str, words: str) -> str:
        for _ in range(300):
            status, page = self.get(path)
            if status == 200 and words in page:
                return page
            time.sleep(0.1)
        raise AssertionError(f"{words} never came; {self.said.read_text()}")

    def hears(self, words: str) -> str:
        for _ in range(300):
            if words in self.said.read_text():
                return self.said.read_text()
            time.sleep(0.1)
        raise AssertionError(f"{words} was never said: {self.said.read_text()}")


@contextmanager
def serving(root: Path) -> Iterator[Serving]:
    said = root.parent / "said"
    with said.open("w") as errors:
        process = subprocess.Popen(
            [*COMMAND, "-C", str(root)],
            stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    try:
        assert process.stdout
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert found, said.read_text()
        yield Serving(root, process, found[0], said)
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        assert process.wait(30) == 0, said.read_text()
