"""The architecture holds: imports point down, modules are small, tables and handbook are complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from oerbook.checks import CHECKS
from oerbook.cli import COMMANDS
from oerbook.document.patches import EARLY_PATCHES
from oerbook.document.patches import PATCHES as INSTALLED_PATCHES
from oerbook.formats import FORMATS
from oerbook.importers import IMPORTERS
from oerbook.model.formats import BOOK_FORMATS
from oerbook.policy import POLICY_RULES
from oerbook.reports import REPORTS
from oerbook.tasks.build.compare_formats import READER_BY_FORMAT
from tests.conftest import ROOT

PACKAGE = ROOT / "oerbook"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 300
MAX_MODULES_IN_A_FOLDER = 20
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 5
LAYERS = (
    ("errors", "model"),
    ("text", "storage"),
    ("git", "sandbox", "tools", "licensing", "markup", "images", "media"),
    ("source", "attribution", "theming", "manuscript", "formulas"),
    ("metadata", "checks", "policy", "comparison", "citations"),
    ("document", "formats", "importers", "reports"),
    ("tasks",),
    ("cli",),
)
DOCUMENT_LAYERS = (
    ("context",),
    ("safety", "math", "citations"),
    ("media",),
    ("reading", "transforms"),
    ("html",),
    ("resolving",),
    ("pandoc",),
    ("patches",),
    ("sphinx_config",),
    ("extension",),
    ("session",),
)
PLUG_INS = {"checks", "policy", "cli", "metadata", "importers", "document/patches"}
STANDARD_LIBRARY_ONLY = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "pathlib",
    "types",
    "typing",
}


def level(layers: tuple[tuple[str, ...], ...], name: str) -> int | None:
    """Return the number of the layer that a package is in, None for names that are no package."""
    return next((number for number, packages in enumerate(layers) if name in packages), None)


def parts_of(path: Path) -> tuple[str, ...]:
    return path.relative_to(PACKAGE).with_suffix("").parts


def imports(path: Path) -> Iterator[str]:
    """Yield every module and name that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> Iterator[tuple[str, ...]]:
    for name in imports(path):
        first, *rest = name.split(".")
        if first == "oerbook" and rest:
            yield tuple(rest)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_to_lower_layers(path: Path) -> None:
    package, *rest = parts_of(path)
    if package == "__init__":
        return
    mine = level(LAYERS, package)
    assert mine is not None, f"{package} is in no layer"
    for other in own_imports(path):
        theirs = level(LAYERS, other[0])
        if other[0] != package and theirs is not None:
            assert theirs < mine, f"{path} imports oerbook.{'.'.join(other)}"
        if (
            package == other[0] == "document"
            and len(other) > 1
            and rest
            and rest[0] != "__init__"
            and other[1] != rest[0]
        ):
            below, here = level(DOCUMENT_LAYERS, other[1]), level(DOCUMENT_LAYERS, rest[0])
            assert here is not None, f"document/{rest[0]} is in no layer"
            if below is not None:
                assert below < here, f"{path} imports oerbook.{'.'.join(other)}"


def test_no_modules_import_each_other_in_a_ring() -> None:
    """Imports inside functions count: they would only hide the ring from Python."""
    names = {".".join(parts_of(path)): path for path in MODULES}
    graph = {
        name: {found for other in own_imports(path) if (found := ".".join(other)) in names and found != name}
        for name, path in names.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"a ring of imports: {' -> '.join([*trail[trail.index(name) :], name])}"
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_permitted_packages_import_sphinx_start_processes_or_print(path: Path) -> None:
    names = {name.split(".")[0] for name in imports(path)}
    package = parts_of(path)[0]
    if package not in ("document", "__init__"):
        assert not names & {"sphinx", "docutils", "myst_parser"}
    if package not in ("git", "sandbox", "tools"):
        assert not names & {"subprocess", "socket", "urllib3", "requests"}
    if package in ("model", "errors"):
        assert names - {"oerbook"} <= STANDARD_LIBRARY_ONLY
    if package != "cli":
        calls = [
            n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        ]
        assert not [call for call in calls if call.func.id in ("print", "exit", "input", "eval", "exec")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_are_small_and_documented(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_LINES
    assert ast.get_docstring(ast.parse(text))


def test_folders_are_small() -> None:
    folders = {path.parent for path in MODULES} - {PACKAGE}
    sizes = {folder.relative_to(PACKAGE).as_posix(): len([*folder.glob("*.py")]) for folder in folders}
    assert {name: size for name, size in sizes.items() if size > MAX_MODULES_IN_A_FOLDER and name not in PLUG_INS} == {}


def test_tables_hold_every_file_of_their_folder() -> None:
    assert set(FORMATS) - {"print"} <= {path.name for path in (PACKAGE / "formats").iterdir()}
    assert {"html", *FORMATS} == {"html", *READER_BY_FORMAT} == set(BOOK_FORMATS)
    assert {module.__name__.rsplit(".", 1)[1] for module in IMPORTERS.values()} == {  # type: ignore[attr-defined]
        p.stem for p in (PACKAGE / "importers").glob("*.py")
    } - {"__init__", "common"}
    assert set(CHECKS) == {path.stem for path in (PACKAGE / "checks").glob("*.py")} - {"__init__"}
    assert set(POLICY_RULES) == {path.stem for path in (PACKAGE / "policy").glob("*.py")} - {"__init__"}
    assert {module.__name__.rsplit(".", 1)[1] for module in REPORTS.values()} == {  # type: ignore[attr-defined]
        path.stem for path in (PACKAGE / "reports").glob("*.py")
    } - {"__init__"}
    assert set(COMMANDS) == {path.stem for path in (PACKAGE / "cli").glob("*.py")} - {
        "__init__",
        "output",
        "options",
        "import_options",
        "locations",
    }


PATCHES = sorted(path for path in (PACKAGE / "document/patches").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("path", PATCHES, ids=lambda p: p.stem)
def test_patches_name_the_version_they_were_written_for_and_the_reason(path: Path) -> None:
    """A version is the installed one: after an update, check whether the patch still applies."""
    docstring = " ".join((ast.get_docstring(ast.parse(path.read_text())) or "").split())
    versions = re.findall(r"([A-Za-z][A-Za-z-]*) (\d+\.\d+)", docstring.partition("Written for ")[2])
    assert versions
    assert {name: ".".join(version(name).split(".")[:2]) for name, _version in versions} == dict(versions)
    assert "https://" in docstring
    assert path.stem in {patch.__name__.rsplit(".", 1)[1] for patch in (*EARLY_PATCHES, *INSTALLED_PATCHES)}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_other_packages_are_changed_by_patches_only(path: Path) -> None:
    if path in PATCHES:
        return
    tree = ast.parse(path.read_text())
    foreign = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        or (isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] != "oerbook")
        for alias in node.names
        if alias.name.split(".")[0] != "oerbook"
    }
    assigned = {
        target.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
    }
    assert not assigned & foreign


def codes() -> set[str]:
    found: set[str] = set()
    for path in MODULES:
        text = path.read_text()
        found |= set(
            re.findall(
                r"(?:Finding|_error|remark|make_finding|\.say|report_problem|_say|_report)\(\s*(?:docname,\s*|self\.[\w.]+,\s*|page,\s*line,\s*|place,\s*)*\"([a-z]+(?:-[a-z]+)*)\"",
                text,
            )
        )
    from oerbook.document.context.finding_codes import CODE_BY_PHRASE, CODE_BY_WARNING_TYPE

    return (found | set(CODE_BY_WARNING_TYPE.values()) | {code for _words, code in CODE_BY_PHRASE}) - {""}


def test_the_handbook_explains_every_finding_and_command() -> None:
    handbook = "\n".join(p.read_text() for p in sorted((ROOT / "chapters").rglob("*.md")))
    assert {code for code in codes() if f"`{code}`" not in handbook} == set()
    assert [name for name in COMMANDS if f"oerbook {name}" not in handbook] == []


# The signature of MyST's own method, and the fields of a finding.
LONG_SIGNATURES = {"run_directive", "report_problem"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_functions_are_short_and_take_few_parameters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.FunctionDef):
            continue
        lines = (node.end_lineno or 0) - node.lineno + 1
        assert lines <= MAX_FUNCTION_LINES, f"{path}:{node.lineno}: {node.name} has {lines} lines"
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        count = len(names) - (names[:1] in (["self"], ["cls"]))
        is_command = parts_of(path)[0] == "cli" and node.name == "command"
        assert count <= MAX_PARAMETERS or is_command or node.name in LONG_SIGNATURES, f"{path}: {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_document_and_tools_use_any(path: Path) -> None:
    """Elsewhere values of unknown type have a name: those of `model/untyped.py`."""
    if parts_of(path)[0] not in ("document", "tools") and parts_of(path) != ("model", "untyped"):
        assert "typing.Any" not in set(imports(path))


def test_the_folders_of_tests_are_named_after_packages() -> None:
    packages = {path.parent.relative_to(PACKAGE).as_posix() for path in MODULES} - {"."}
    # Whole commands, random books, long validations, measurements, what tests share, the themes, and these rules.
    others = {"journeys", "fuzz", "judgement", "benchmarks", "support", "themes", "architecture"}
    folders = {path.parent.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders - packages - others == set()


def symbols_of(trees: Iterable[ast.Module]) -> set[str]:
    """Return every name, attribute, parameter and keyword in some modules."""
    symbols: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        symbols |= {str(getattr(node, field)) for field in ("name", "id", "attr", "arg") if getattr(node, field, None)}
    return symbols


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
# Names in backquotes that look like ours (`one_two`, `OneTwo`, `one.two`), and the exceptions that are raised.
DOCUMENTED_NAME = re.compile(r"`([a-z]+_\w+|[A-Z]\w+[a-z][A-Z]\w+|[a-z_]+\.[A-Za-z_]+)`|Raises (\w+Error)\b")
NAMES_OF_OTHERS = {"worm", "jpg", "PdfError", "SkippedContent"}  # in an example, of pikepdf, of pandoc


def test_docstrings_name_only_what_exists() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    known = symbols_of(trees.values()) | NAMES_OF_OTHERS
    known |= {part for path in MODULES for part in path.with_suffix("").parts}
    known |= {name for path in PACKAGE.rglob("*.[ct]*") for name in path.name.split(".")}
    known |= {name for tree in trees.values() for name in names_in_strings(tree)}
    outdated = [
        f"{path.relative_to(PACKAGE)}: {getattr(node, 'name', 'the module')} names {name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, DOCUMENTED)
        for match in DOCUMENTED_NAME.findall(ast.get_docstring(node) or "")
        for name in ("".join(match),)
        if not known.issuperset(name.split("."))
    ]
    assert outdated == []


def names_in_strings(tree: ast.Module) -> set[str]:
    """Return the words of short texts without spaces: keys, options and attributes."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {word for text in texts if len(text) < 60 and " " not in text for word in re.findall(r"\w+", text)}


def test_a_docstring_of_a_class_names_only_its_fields() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    known = symbols_of(trees.values()) | {"hlist"}  # a directive of Sphinx
    outdated = [
        f"{path.relative_to(PACKAGE)}: {node.name} names `{word}`"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for word in re.findall(r"`([a-z_][a-z0-9_]*)`", ast.get_docstring(node) or "")
        if word not in known
    ]
    assert outdated == []
