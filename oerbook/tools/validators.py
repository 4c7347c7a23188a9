"""Programs that judge finished books; a build needs none of them."""

from __future__ import annotations

import re
import shutil
import subprocess

OPTIONAL = (
    ("java", "runs EPUBCheck", "Install a Java runtime, for example: apt install default-jre-headless"),
    ("chromium", "shows pages to the accessibility tests", "Install Chromium, for example: apt install chromium"),
    ("pdftotext", "reads PDFs back in tests", "Install poppler, for example: apt install poppler-utils"),
)
NUMBER = re.compile(r"\d+(\.\d+)+")


def version(name: str) -> str:
    """Return the version of a program, "" when it is not there."""
    path = shutil.which(name)
    if not path:
        return ""
    flag = "-v" if name == "pdftotext" else "-version" if name == "java" else "--version"
    try:
        done = subprocess.run([path, flag], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = NUMBER.search((done.stdout + done.stderr).decode(errors="replace"))
    return match[0] if match else "present"
