"""Optional programs that validate built books."""

from __future__ import annotations

import re
import shutil
import subprocess

OPTIONAL_PROGRAMS = (
    ("java", "runs EPUBCheck", "Install a Java runtime, for example: apt install default-jre-headless"),
    ("chromium", "renders pages for the accessibility tests", "Install Chromium, for example: apt install chromium"),
    ("pdftotext", "extracts text from PDFs in tests", "Install poppler, for example: apt install poppler-utils"),
)
VERSION_NUMBER = re.compile(r"\d+(\.\d+)+")


def program_version(name: str) -> str:
    """Return the version of a program, "" if it is not installed, "present" if it does not report a version."""
    path = shutil.which(name)
    if not path:
        return ""
    flag = "-v" if name == "pdftotext" else "-version" if name == "java" else "--version"
    try:
        result = subprocess.run([path, flag], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = VERSION_NUMBER.search((result.stdout + result.stderr).decode(errors="replace"))
    return match[0] if match else "present"
