"""Scores of Lighthouse for pages of a site, on a phone and at a desk, served from this machine.

    npm install --prefix /some/folder lighthouse@12
    python -m tests.benchmarks.lighthouse /some/folder/node_modules/.bin/lighthouse _build/html index.html writing/mathematics.html

Prints a row for each page and device, then what lost points. Lighthouse and Chromium (CHROME_PATH) ask no other host.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.browser import served

KINDS = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def report(program: str, url: str, device: str) -> dict[str, Any]:
    """Return Lighthouse's report on a page."""
    command = [
        program,
        url,
        "--quiet",
        "--output=json",
        f"--chrome-flags={FLAGS}",
        f"--only-categories={','.join(KINDS)}",
    ]
    command += ["--preset=desktop"] if device == "desk" else []
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": chrome}, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def lost(told: dict[str, Any]) -> Iterator[str]:
    """Yield the audits that cost points, with what they measured."""
    for kind in KINDS:
        for row in told["categories"][kind]["auditRefs"]:
            audit = told["audits"][row["id"]]
            if row["weight"] and audit["score"] is not None and audit["score"] < 1:
                yield f"    {kind}: {audit['title']} {audit.get('displayValue', '')}"


def main(program: str, site: str, *pages: str) -> None:
    """Print the scores of pages."""
    with served(Path(site)) as address:
        for page in pages or ("index.html",):
            for device in ("phone", "desk"):
                told = report(program, f"{address}/{page}", device)
                scores = "  ".join(f"{kind} {told['categories'][kind]['score'] * 100:.0f}" for kind in KINDS)
                print(f"{page}  {device}  {scores}")
                print("\n".join(lost(told)))


if __name__ == "__main__":
    main(*sys.argv[1:])
