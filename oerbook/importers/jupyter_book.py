"""Import Jupyter Book 1: `_toc.yml` in all its formats, and `_config.yml` or `conf.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.reading.find_license import find_book_license
from oerbook.importers.reading.foreign_book import ForeignBook, find_page_folder, find_settings
from oerbook.importers.reading.jupyter_toc import JupyterTocReader, listed_names
from oerbook.importers.reading.plan import ParsedForeignBook, make_plan
from oerbook.importers.reading.sphinx_settings import (
    facts_from_settings,
    intersphinx_urls,
    mathjax_macros,
    read_settings,
)
from oerbook.model.artifacts import ImportPlan
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

SUMMARY = "Jupyter Book 1 (_toc.yml, _config.yml)"
BUILT_IN_EXTENSIONS = frozenset(
    [
        "sphinx_proof",
        "sphinx_exercise",
        "sphinx_design",
        "sphinxcontrib.bibtex",
        "sphinx_togglebutton",
        "sphinx.ext.intersphinx",
        "sphinx.ext.todo",
        "sphinx_multitoc_numbering",
        "myst_nb",
        "myst_parser",
        "sphinx_copybutton",
        "sphinx_inline_tabs",
    ]
)
IMPORTED_KEYS = frozenset(["title", "author", "logo", "copyright", "description", "bibtex_bibfiles", "repository"])
NOTE_BY_REPLACED_KEY = {
    "execute": "code is shown and not run, unless execute: true is set and oerbook[notebooks] is installed",
    "launch_buttons": "pages have no launch buttons",
    "html": "the theme has its own settings",
    "latex": "the PDF is made without LaTeX",
    "parse": "the MyST extensions that books use are always on",
}
IGNORED_SETTINGS = frozenset(
    [
        "bibtex_reference_style",
        "bibtex_default_style",
        "exercise_style",
        "intersphinx_mapping",
        "mathjax3_config",
        "mathjax_path",
        "suppress_warnings",
        "proof_minimal_theme",
        "language",
        "numfig",
    ]
)


def find_books(tracked: Sequence[str], _root: Path) -> list[str]:
    """Return the paths of the `_toc.yml` files."""
    return find_settings(tracked, "_toc.yml")


def read(book: ForeignBook) -> ImportPlan:
    """Return the import plan of a Jupyter Book."""
    root = book.root
    toc, findings = common.read_yaml(book.settings_path, root)
    base = find_page_folder(book, listed_names(toc))
    config_path = book.settings_folder / "_config.yml"
    config, config_findings = common.read_yaml(config_path, root) if config_path.is_file() else ({}, [])
    config = config if isinstance(config, dict) else {}
    reader = JupyterTocReader(base, book.settings_path, book.settings_file)
    entries = reader.entries(toc)
    facts, author_findings = _facts(book, base, config)
    if not config_path.is_file():  # a Sphinx book with sphinx-external-toc
        settings, config_findings = read_settings(root, book.settings_folder)
        facts |= {key: value for key, value in facts_from_settings(root, base, settings).items() if value}
    if not reader.numbered:
        facts["numbering"] = False
    facts["toc"] = entries
    findings += [*config_findings, *reader.findings, *author_findings, *_not_imported(root, config_path, config)]
    folder = common.book_folder(root, book.settings_folder)
    settings_files = {book.settings_file, *(f"{folder}/{name}".lstrip("/") for name in ("_config.yml", "conf.py"))}
    index_page = "index.md" if reader.root_page == "index.md" else ""
    pages = [page for page in reader.pages if page != index_page]
    removals = tuple(sorted(settings_files & set(book.tracked)))
    return make_plan(ParsedForeignBook(book, base, facts, pages, index_page, removals, tuple(findings)))


def _facts(book: ForeignBook, base: Path, config: Mapping[str, Yaml]) -> tuple[dict[str, Yaml], list[Finding]]:
    """Return the front matter of the title page from `_config.yml`, and findings on the authors."""
    root = book.root
    sphinx = common.get_mapping(config, "sphinx")
    settings = common.get_mapping(sphinx, "config")
    repository = common.get_mapping(config, "repository")
    options = common.get_mapping(settings, "html_theme_options")
    html = common.get_mapping(config, "html")
    bibliography = map(str, common.to_list(config.get("bibtex_bibfiles")))
    logo = str(config.get("logo") or "")
    config_path = book.settings_folder / "_config.yml"
    authors, author_findings = common.author_facts(config.get("author"), config_path, root)
    facts: dict[str, Yaml] = {
        "title": str(config.get("title") or root.name).strip(),
        "description": str(config.get("description") or ""),
        "authors": authors,
        "language": str(settings.get("language") or ""),
        "license": find_book_license((root,)),
        "copyright": str(config.get("copyright") or ""),
        "repository": str(repository.get("url") or options.get("repository_url") or ""),
        "url": str(html.get("baseurl") or "").rstrip("/"),
        "logo": logo if common.has_file(base, logo) else "",
        "bibliography": [name for name in bibliography if common.has_file(base, name)],
        "bibliography_style": common.bibliography_style(settings),
        "solutions": "after" if settings.get("exercise_style") else "",
        "math": mathjax_macros(settings),
        "references": intersphinx_urls(settings.get("intersphinx_mapping")),
    }
    return facts, author_findings


def _not_imported(root: Path, path: Path, config: Mapping[str, Yaml]) -> Iterable[Finding]:
    """Yield a finding for every setting that is not imported."""
    name = path.relative_to(root).as_posix()
    for key in config:
        if key in IMPORTED_KEYS or key in ("sphinx", "only_build_toc_files"):
            continue
        reason = NOTE_BY_REPLACED_KEY.get(key, "not imported, there is no equivalent")
        yield common.make_finding(
            "import-unsupported", f"{key}: {reason}", Place(name, common.find_key_line(path, key))
        )
    sphinx = common.get_mapping(config, "sphinx")
    for extension in map(str, common.to_list(sphinx.get("extra_extensions"))):
        if extension not in BUILT_IN_EXTENSIONS:
            line = common.find_key_line(path, "extra_extensions")
            message = f"the extension {extension} is not imported; what it does may be missing"
            yield common.make_finding("import-unsupported", message, Place(name, line))
    for key in common.get_mapping(sphinx, "config"):
        if key not in IGNORED_SETTINGS:
            message = f"{key}: this Sphinx setting is not imported"
            yield common.make_finding("import-unsupported", message, Place(name, common.find_key_line(path, key)))
