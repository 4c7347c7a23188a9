"""Package metadata: one version everywhere, every imported package declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest
import yaml

import oerbook
from oerbook.cli.output import ISSUES_ADDRESS
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Packages whose import name is not their name on PyPI.
PYPI_NAMES = {
    "PIL": "pillow",
    "brotli": "brotli",
    "confusable_homoglyphs": "confusable-homoglyphs",
    "fontTools": "fonttools",
    "git": "gitpython",
    "markdown_it": "markdown-it-py",
    "license_expression": "license-expression",
    "myst_parser": "myst-parser",
    "pypandoc": "pypandoc-binary",
    "quickjs": "quickjs-ng",
    "sphinx_design": "sphinx-design",
    "sphinx_exercise": "sphinx-exercise",
    "sphinx_proof": "sphinx-proof",
    "sphinxcontrib": "sphinxcontrib-bibtex",
    "stdnum": "python-stdnum",
    "yaml": "pyyaml",
}


def test_the_citation_file_names_the_version_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == oerbook.__version__
    assert citation["license"] == PROJECT["license"]
    assert citation["repository-code"] == PROJECT["urls"]["Homepage"]


def test_the_version_has_an_entry_in_the_changelog() -> None:
    assert f"\n## {oerbook.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_imported_package_is_declared() -> None:
    extras = PROJECT["optional-dependencies"]["notebooks"]
    declared = {normalize(re.split(r"[<>=!~ \[]", line)[0]) for line in [*PROJECT["dependencies"], *extras]}
    # jupyter_client comes with nbclient, whose API hands its objects out.
    own = {"oerbook", "jupyter_client"}
    imported = set(imported_packages()) - set(sys.stdlib_module_names) - own
    assert {name for name in imported if normalize(PYPI_NAMES.get(name, name)) not in declared} == set()


def test_a_bug_is_reported_at_the_address_in_the_metadata() -> None:
    assert PROJECT["urls"]["Issues"] == ISSUES_ADDRESS


def imported_packages() -> Iterator[str]:
    """Yield the top-level name of every absolute import in the package."""
    for path in sorted((ROOT / "oerbook").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def normalize(name: str) -> str:
    """Return a package name as PyPI compares it: lower case, with hyphens.

    >>> normalize("types_PyYAML")
    'types-pyyaml'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["py.typed", "ARCHITECTURE.md"])
def test_files_that_are_not_python_lie_in_the_package(name: str) -> None:
    assert (ROOT / "oerbook" / name).is_file()
