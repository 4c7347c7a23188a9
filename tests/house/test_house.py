"""The house holds: imports point down, modules are small, tables and handbook are complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from oerbook.checks import CHECKS
from oerbook.cli import COMMANDS
from oerbook.formats import FORMATS
from oerbook.importers import IMPORTERS
from oerbook.policy import POLICY
from oerbook.reports import REPORTS
from tests.conftest import ROOT

PACKAGE = ROOT / "oerbook"
STAIRS = {
    "printing": -0.5,  # a part of the nouns
    "model": 0,
    "errors": 0,
    "evidence": 0.5,  # nouns made of nouns
    "adapters": 1,
    "source": 2,
    "attribution": 2,
    "design": 2,
    "metadata": 3,
    "checks": 3,
    "document": 4,
    "formats": 5,
    "importers": 5,
    "reports": 5,
    "tasks": 6,
    "cli": 7,
}
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 330


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down_the_stairs(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "oerbook" and len(parts) > 1 and parts[1] in STAIRS and parts[1] != here:
            assert STAIRS[parts[1]] < STAIRS[here], f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_room_keeps_to_its_own(path: Path) -> None:
    names = {name.split(".")[0] for name in imports(path)}
    here = room(path)
    if here not in ("document", "__init__"):
        assert not names & {"sphinx", "docutils", "myst_parser"}
    if here != "adapters":
        assert not names & {"subprocess", "socket", "urllib3", "requests"}
    if here in ("printing", "model", "errors", "evidence"):
        assert names - {"oerbook"} <= {
            "__future__",
            "collections",
            "dataclasses",
            "datetime",
            "enum",
            "pathlib",
            "types",
            "typing",
        }
    if here != "cli":
        calls = [
            n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        ]
        assert not [call for call in calls if call.func.id in ("print", "exit", "input", "eval", "exec")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_are_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert ast.get_docstring(ast.parse(text))


def test_tables_hold_every_file_of_their_folder() -> None:
    files = {path.stem for path in (PACKAGE / "formats").glob("*.py")}
    assert set(FORMATS) <= files
    assert {module.__name__.rsplit(".", 1)[1] for module in IMPORTERS.values()} == {  # type: ignore[attr-defined]
        p.stem for p in (PACKAGE / "importers").glob("*.py")
    } - {"__init__", "shared"}
    assert set(CHECKS) == {path.stem for path in (PACKAGE / "checks").glob("*.py")} - {"__init__"}
    assert set(POLICY) == {path.stem for path in (PACKAGE / "checks" / "policy").glob("*.py")} - {"__init__"}
    assert set(REPORTS) == {path.stem for path in (PACKAGE / "reports").glob("*.py")} - {"__init__"}
    assert set(COMMANDS) == {path.stem for path in (PACKAGE / "cli").glob("*.py")} - {"__init__", "say", "options"}


def codes() -> set[str]:
    found: set[str] = set()
    for path in MODULES:
        text = path.read_text()
        found |= set(
            re.findall(
                r"(?:Finding|_error|remark|\.say|_say)\(\s*(?:docname,\s*|self\.[\w.]+,\s*|page,\s*line,\s*)*\"([a-z]+(?:-[a-z]+)*)\"",
                text,
            )
        )
    from oerbook.document.context.finding_codes import BY_WORDS, CODES

    return (found | set(CODES.values()) | {code for _words, code in BY_WORDS}) - {""}


def test_the_handbook_explains_every_finding_and_command() -> None:
    handbook = "\n".join(p.read_text() for p in sorted((ROOT / "chapters").rglob("*.md")))
    assert {code for code in codes() if f"`{code}`" not in handbook} == set()
    assert [name for name in COMMANDS if f"oerbook {name}" not in handbook] == []


def test_the_handbook_explains_every_key_of_front_matter() -> None:
    from oerbook.source.schema import BOOK, PERSON

    page = (ROOT / "chapters/05-reference/02-front-matter.md").read_text()
    quiet = {
        "author",
        "status",
        "affiliations",
        "objectives",
        "affiliation",
        "aliases",
        "email",
        "pronouns",
        "open_access",
    }
    assert [key for key in {**BOOK, **PERSON} if key not in quiet and not re.search(rf"`{key}\b", page)] == []
