"""From a folder on the disk to the `Book`: what its authors declared, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from oerbook.errors import OerbookError
from oerbook.model.book import Book, Chapter, CreditPolicy, Part, Settings
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.printing import Printing
from oerbook.source import front_matter, toc
from oerbook.source.front_matter import Matter
from oerbook.source.page import INDEX, read_page
from oerbook.source.people import read_people
from oerbook.source.text import load
from oerbook.source.values import LISTS, as_millimetres, as_share, as_texts
from oerbook.source.yaml_lines import Mapping as YamlMapping
from oerbook.source.yaml_lines import Value, parse, text_of
from oerbook.text.slugs import slug_of, unfit


def read_book(root: Path) -> tuple[Book, tuple[Finding, ...]]:
    """Return the book at `root` and every finding in what its authors declared, sorted by place.

    Raises OerbookError when there is no `chapters/` folder at all.
    """
    root = root.resolve()
    chapters = root / "chapters"
    if not chapters.is_dir():
        raise OerbookError(
            f"there is no book in {root.name or root}",
            hint=_elsewhere(root),
        )
    findings: list[Finding] = []
    index, matter = _index(root, findings)
    groups = _groups(root, findings)
    people, found = read_people(root)
    findings += [*found, *unfit(root, ("chapters", "contributors"))]
    parts = _parts(root, groups, findings)
    if not any(part.chapters or part.opener for part in parts):
        hint = "Add a file such as chapters/01-welcome.md."
        findings.append(Finding("no-chapters", "the book has no chapters yet", Place(INDEX), Severity.WARNING, hint))
    book = _book(root, index, matter.values, parts, people)
    return book, tuple(sorted(findings, key=lambda f: f.sort_key))


def _elsewhere(root: Path) -> str:
    """Return where to look for the book, when it is not in a folder: perhaps in one above it."""
    above = next(
        (up for up, folder in enumerate(root.parents, start=1) if (folder / "chapters" / "index.md").is_file()), 0
    )
    if above:
        return f"It lies in {'/'.join(['..'] * above)}: go there, or name it with -C {'/'.join(['..'] * above)}"
    return "A book has a folder chapters/ with an index.md. Go to its folder, or name it with -C."


def _index(root: Path, findings: list[Finding]) -> tuple[Chapter, Matter]:
    path = root / INDEX
    if not path.exists():
        hint = "Write it: its front matter holds the title, the authors and the licence of the book."
        findings.append(Finding("no-index", f"{INDEX} is missing", Place(INDEX), Severity.ERROR, hint))
        title = toc.words(root.name)
        return Chapter("index", INDEX, title, problem="it is missing"), Matter({}, {}, (), 1)
    chapter, matter = _page(root, INDEX, "index", findings)
    for key, example in (("title", "title: Soil and water"), ("license", "license: CC-BY-4.0")):
        said = matter.values.get(key) or (key == "title" and chapter.title != toc.words(INDEX))
        if not said and not matter.broken and not chapter.problem:
            hint = f"Add a line to the front matter of {INDEX}: {example}"
            found = Finding("book-facts", f"the book has no {key}", Place(INDEX, 1), Severity.WARNING, hint)
            findings.append(found)
    return chapter, matter


def _groups(root: Path, findings: list[Finding]) -> list[toc.Group]:
    """Return the parts in order, from `toc:` if there is one, else from the names of files."""
    there = toc.listed(root / "chapters")
    declared = _toc_value(root)
    if declared is None:
        findings += toc.same_numbers(there)
        return toc.from_names(there)
    reader = toc.Reader(root / "chapters", INDEX)
    reader.seen["index.md"] = declared.line
    groups = reader.groups(declared)
    findings += reader.findings
    listed = set(reader.seen)
    for group in toc.from_names(there):
        for name in [group.opener, *group.files]:
            if name and name not in listed:
                hint = "Add it to toc: in chapters/index.md if it belongs to the book."
                place = Place(f"chapters/{name}")
                findings.append(
                    Finding("not-in-toc", "toc does not name this page, so it is left out", place, Severity.INFO, hint)
                )
    return groups


def _toc_value(root: Path) -> Value | None:
    text, problem = load(root / INDEX, root) if (root / INDEX).exists() else ("", "missing")
    if problem:
        return None
    yaml_text, _line = front_matter.split(text)
    value = parse(yaml_text, 2) if yaml_text else None
    if not isinstance(value, Value) or not isinstance(value.data, YamlMapping):
        return None
    found = value.data.get("toc")
    return found if found is not None and found.data is not None else None


def _parts(root: Path, groups: Iterable[toc.Group], findings: list[Finding]) -> tuple[Part, ...]:
    slugs: dict[str, str] = {"index": INDEX}
    parts = []
    for group in groups:
        opener = _chapter(root, group.opener, slugs, findings) if group.opener else None
        pages = [_chapter(root, name, slugs, findings) for name in group.files]
        kept = tuple(page for page in pages if page is not None)
        title = (opener.title if opener else "") or group.title
        if opener or kept:
            parts.append(Part((group.title if group.named else "") or title, opener, kept))
    return tuple(parts)


def _chapter(root: Path, name: str, slugs: dict[str, str], findings: list[Finding]) -> Chapter | None:
    """Return the page of a file below `chapters/`, or None for a draft."""
    path = f"chapters/{name}"
    slug = slug_of(name)
    if slug in slugs:
        message = f"{slugs[slug]} has the page name “{slug}” already, so this page is named after its whole file name"
        hint = "Rename one of the two files: links go by the name without its number."
        findings.append(Finding("duplicate-slug", message, Place(path), Severity.ERROR, hint))
        slug = str(PurePosixPath(name).with_suffix(""))
        slug = slug if slug not in slugs else name.replace(".", "-")
    chapter, matter = _page(root, path, slug, findings)
    if matter.values.get("draft") is True:
        return None
    slugs[slug] = path
    return chapter


def _page(root: Path, path: str, slug: str, findings: list[Finding]) -> tuple[Chapter, Matter]:
    """Read one page; a page that cannot be read keeps its place in the book and says why."""
    page = read_page(root, path, slug)
    findings += page.findings
    return page.chapter, page.matter


def _book(root: Path, index: Chapter, values: Mapping[str, Any], parts: tuple[Part, ...], people: Any) -> Book:
    github = text_of(values.get("repository") or values.get("github"))
    if github and "://" not in github:
        github = f"https://github.com/{github}"
    return Book(
        root=root,
        title=index.title,
        index=index,
        language=index.language or "en",
        subtitle=index.subtitle,
        description=index.description,
        license=index.license,
        edition=text_of(values.get("edition")),
        date=index.date,
        publisher=text_of(values.get("publisher")),
        place_of_publication=text_of(values.get("place")),
        isbn=text_of(values.get("isbn")),
        doi=text_of(values.get("doi")).removeprefix("https://doi.org/"),
        copyright=text_of(values.get("copyright")),
        repository=github,
        url=text_of(values.get("url")),
        keywords=index.keywords,
        subject=text_of(values.get("subject")),
        authors=index.authors,
        editors=index.editors,
        reviewers=index.reviewers,
        contributors=index.contributors,
        parts=parts,
        people=people,
        sources=index.sources,
        math=index.math,
        substitutions=index.substitutions,
        abbreviations=index.abbreviations,
        settings=_settings(root, values, index),
    )


def _settings(root: Path, values: Mapping[str, Any], index: Chapter) -> Settings:
    base = Settings()
    files = [f"chapters/{name}" for name in as_texts(values.get("bibliography")) if name.endswith(".bib")]
    return Settings(
        solutions=text_of(values.get("solutions")) or base.solutions,
        bibliography=text_of(values.get("bibliography_placement")) or base.bibliography,
        bibliography_style=text_of(values.get("bibliography_style")) or base.bibliography_style,
        theme=text_of(values.get("theme")) or base.theme,
        paper=text_of(values.get("paper")) or base.paper,
        numbered=index.numbered,
        bibliography_files=tuple(name for name in files if (root / name).is_file()),
        inventories=_inventories(values.get("references")),
        execute=values.get("execute") is True,
        licence_of_code=text_of(values.get("code_license")),
        logo=_inside(root, text_of(values.get("logo"))),
        cover=_inside(root, text_of(values.get("cover"))),
        credit=_credit(values.get("credit")),
        printing=_printing(values.get("print")),
        versions=values.get("versions") is True,
    )


def _credit(data: Any) -> CreditPolicy:
    """Return how the book wants credit to be shown; `frontmatter` has said already what it cannot mean."""
    base = CreditPolicy()
    values = {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else {}
    return CreditPolicy(
        words=values.get("words", base.words),
        share=as_share(values.get("share"), base.share),
        order=_one_of(values.get("order"), ("share", "alphabetical", "declared")),
        collective=text_of(values.get("collective")),
        shares=values.get("shares") is True,
        coauthors=_one_of(values.get("coauthors"), ("split", "full", "author-only")),
        placement=_one_of(values.get("placement"), ("top", "end", "credits")),
        bots=as_texts(values.get("bots")),
    )


def _printing(data: Any) -> Printing:
    """Return how the book is to be printed; `frontmatter` has said already what it cannot mean."""
    base, values = Printing(), data if isinstance(data, dict) else {}
    asked = as_texts(values.get("lists"))
    return Printing(
        two_sided=_flag(values.get("two_sided")),
        crop_marks=_flag(values.get("crop_marks")),
        black_and_white=_flag(values.get("black_and_white")),
        leaf=as_millimetres(values.get("leaf"), base.leaf),
        bleed=as_millimetres(values.get("bleed"), base.bleed),
        lists=tuple(kind.removesuffix("s") for kind in LISTS if kind in asked),
    )


def _flag(data: Any) -> bool | None:
    return data if isinstance(data, bool) else None


def _one_of(data: Any, words: tuple[str, ...]) -> str:
    return text_of(data) if text_of(data) in words else words[0]


def _inside(root: Path, name: str) -> str:
    """Return a picture's path from the root, or "" when it is not a file of `chapters/`."""
    path = (root / "chapters" / name).resolve()
    good = name and path.is_file() and path.is_relative_to((root / "chapters").resolve())
    return f"chapters/{name}" if good else ""


def _inventories(data: Any) -> tuple[tuple[str, str, str], ...]:
    """Return other books to refer to: key, address and the file of the inventory, if it lies in the book."""
    found = []
    for key, value in data.items() if isinstance(data, dict) else ():
        url = text_of(value.get("url") if isinstance(value, dict) else value)
        local = text_of(value.get("inventory")) if isinstance(value, dict) else ""
        found.append((str(key), url, f"chapters/{local}" if local else ""))
    return tuple(found)
