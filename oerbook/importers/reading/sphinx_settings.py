"""Read the settings of Sphinx: literal values of `conf.py`, which never runs, and those of Jupyter Book."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.reading.author_names import read_authors
from oerbook.importers.reading.find_license import find_book_license
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml

KNOWN_SETTINGS = frozenset(
    [
        "project",
        "author",
        "copyright",
        "language",
        "bibtex_bibfiles",
        "html_baseurl",
        "html_logo",
        "intersphinx_mapping",
        "mathjax3_config",
        "extensions",
        "myst_enable_extensions",
        "exclude_patterns",
        "master_doc",
        "root_doc",
        "source_suffix",
        "bibtex_reference_style",
        "bibtex_default_style",
        "html_title",
        "html_theme_options",
        "numfig",
        "numfig_secnum_depth",
        "use_multitoc_numbering",
        "html_static_path",
        "templates_path",
        "suppress_warnings",
        "nb_execution_mode",
        "nb_execution_timeout",
        "pygments_style",
        "latex_engine",
        "external_toc_path",
        "external_toc_exclude_missing",
    ]
)


def read_settings(root: Path, base: Path) -> tuple[dict[str, Yaml], list[Finding]]:
    """Return the literal values that `conf.py` assigns, and findings.

    Computed values are left out with a note.
    """
    path = next((p for p in (base / "conf.py", root / "conf.py") if p.is_file()), None)
    if path is None:
        return {}, []
    name = path.relative_to(root).as_posix()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, RecursionError):
        message = "conf.py cannot be parsed as Python"
        return {}, [common.make_finding("import-config-unreadable", message, Place(name), warning=True)]
    settings: dict[str, Yaml] = {}
    findings = []
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            continue
        key, place = node.targets[0].id, Place(name, node.lineno)
        try:
            settings[key] = ast.literal_eval(node.value)
        except (ValueError, TypeError, RecursionError):
            message = f"{key} is computed in conf.py, which is not run; not imported"
            findings.append(common.make_finding("import-unsupported", message, place))
            continue
        if key not in KNOWN_SETTINGS:
            findings.append(
                common.make_finding("import-unsupported", f"{key}: this Sphinx setting is not imported", place)
            )
    return settings, findings


def facts_from_settings(root: Path, base: Path, settings: Mapping[str, Yaml]) -> dict[str, Yaml]:
    """Return the front matter of the title page from the values of `conf.py`."""
    logo = str(settings.get("html_logo") or "")
    options = common.get_mapping(settings, "html_theme_options")
    mapping = common.get_mapping(settings, "intersphinx_mapping")
    bibliography = map(str, common.to_list(settings.get("bibtex_bibfiles")))
    return {
        "title": str(settings.get("project") or settings.get("html_title") or ""),
        "authors": read_authors(str(settings.get("author") or ""))[0],
        "language": str(settings.get("language") or ""),
        "license": find_book_license((root,)),
        "copyright": str(settings.get("copyright") or ""),
        "repository": str(options.get("repository_url") or ""),
        "url": str(settings.get("html_baseurl") or "").rstrip("/"),
        "logo": logo if common.has_file(base, logo) else "",
        "bibliography": [name for name in bibliography if common.has_file(base, name)],
        "bibliography_style": common.bibliography_style(settings),
        "math": mathjax_macros(settings),
        "references": intersphinx_urls(
            {key: list(value) if isinstance(value, tuple) else value for key, value in mapping.items()}
        ),
    }


def mathjax_macros(settings: Mapping[str, Yaml]) -> dict[str, str]:
    """Return the TeX macros of a MathJax 2 or 3 configuration by name."""
    found: dict[str, str] = {}
    for key in ("mathjax3_config", "mathjax_config"):
        tex = common.get_mapping(common.get_mapping(settings, key), "tex") or common.get_mapping(
            common.get_mapping(settings, key), "TeX"
        )
        for name, body in (common.get_mapping(tex, "macros") or common.get_mapping(tex, "Macros")).items():
            found[str(name)] = str(body[0] if isinstance(body, list) and body else body)
    return found


def intersphinx_urls(mapping: Yaml) -> dict[str, str]:
    """Return the base URLs of an intersphinx mapping by key."""
    urls = {}
    for key, value in mapping.items() if isinstance(mapping, Mapping) else ():
        url = value[0] if isinstance(value, list) and value else value
        if isinstance(url, str) and re.match(r"https?://", url):
            urls[str(key)] = url.strip()
    return urls
