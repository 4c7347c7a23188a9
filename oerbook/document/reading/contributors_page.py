"""The page about the contributors: who they are, what they did, and where to see it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from oerbook.document.context.reading_order import numbered_pages
from oerbook.metadata.name_sorting import letter, surname_key
from oerbook.model.book import Book, Credit
from oerbook.model.people import Contributor

PAGE = "contributors"
TITLES = {
    "en": "About the contributors",
    "de": "Über die Mitwirkenden",
    "fr": "Les contributeurs",
    "es": "Colaboradores",
}
SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+.!|$@~^%&:=-])")
STRUCTURE = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,}|#{1,6}\s|\+\+\+|%|\([^)]*\)=|-+\s*$|=+\s*$)")


def plain(text: str) -> str:
    """Return a name as Markdown that means nothing but itself.

    >>> plain("Bo *Lee*")
    'Bo \\\\*Lee\\\\*'
    """
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


MANY = 12  # people, above which the page becomes a directory
LETTERED = 36  # people, above which letters stand over them
FEW = 4  # chapters, up to which their titles are named
FAR = 15  # years without a word between two months, after which one of them is taken for a wrong clock


def title(book: Book) -> str:
    """Return the page's title in the book's language."""
    return TITLES.get(book.language.split("-")[0], TITLES["en"])


def page(book: Book) -> str:
    """Return the page as MyST Markdown; "" when nobody is known."""
    known = {person.id: person for person in book.credits.people}
    if not known:
        return ""
    parts = [f"# {title(book)}"]
    months = together(book.credits.months)
    if len(months) > 1:
        picture = base64.b64encode(plot(months).encode()).decode()
        # As a directive: Markdown's own pictures may not hold a drawing.
        parts.append(
            f":::{{image}} data:image/svg+xml;base64,{picture}\n:alt: {_described(months)}\n:class: months\n:::"
        )
    entries = [(known[credit.person], credit) for credit in book.credits.book]
    parts += _directory(book, entries) if len(entries) > MANY else _few(book, entries)
    if book.credits.tools:
        tools = ", ".join(plain(tool) for tool in book.credits.tools)
        parts.append(f"Tools that commits disclose, none of them an author: {tools}.")
    return "\n\n".join(parts) + "\n"


def _few(book: Book, entries: Sequence[tuple[Contributor, Credit]]) -> Iterator[str]:
    """Yield people in the order of their credit, each with room for their own words."""
    for person, credit in entries:
        yield f"({anchor(person)})="
        yield _entry(book, person, credit)
        # In a container: what somebody does not close ends with it, and hides nobody who follows.
        yield from (f":::{{container}} own-words\n{text}\n:::" for text in _biography(person))


def _directory(book: Book, entries: Sequence[tuple[Contributor, Credit]]) -> Iterator[str]:
    """Yield many people by surname under their letters, in small print; on screens the letters lead to them."""
    ordered = sorted(entries, key=lambda entry: surname_key(entry[0].name, book.language))
    groups: dict[str, list[tuple[Contributor, Credit]]] = {}
    for entry in ordered:
        groups.setdefault(letter(entry[0].name, book.language), []).append(entry)
    lettered = len(entries) > LETTERED
    if lettered:
        row = " ".join(f"[{plain(sign)}](#{PAGE}-letter-{ord(sign):x})" for sign in groups)
        yield f"::::{{only}} html\n:::{{container}} letters\n{row}\n:::\n::::"
    yield "::::{container} people"
    for sign, some in groups.items():
        if lettered:
            yield f"({PAGE}-letter-{ord(sign):x})=\n\n:::{{rubric}} {plain(sign)}\n:::"
        for person, credit in some:
            yield f"({anchor(person)})="
            yield _entry(book, person, credit)
            yield from (f":::{{container}} biography\n{text}\n:::" for text in _biography(person))
    yield "::::"


def together(months: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """Return the months without those far off from most of the words: clocks that were never set say 1970 or 2286.

    >>> together((("1970-01", 3), ("2020-09", 40), ("2021-01", 9), ("2286-11", 5)))
    [('2020-09', 40), ('2021-01', 9)]
    """
    groups: list[list[tuple[str, int]]] = []
    for month in months:
        if not groups or int(month[0][:4]) - int(groups[-1][-1][0][:4]) > FAR:
            groups.append([])
        groups[-1].append(month)
    return max(groups, key=lambda group: sum(words for _month, words in group), default=[])


def _described(months: Sequence[tuple[str, int]]) -> str:
    """Return what the plot shows, in words."""
    month, most = max(months, key=lambda pair: (pair[1], pair[0]))
    return (
        f"Bars: words that stand today by the month they were written, {months[0][0]} to {months[-1][0]}; "
        f"most, {most}, in {month}"
    )


def plot(months: Sequence[tuple[str, int]]) -> str:
    """Return a drawing of words by month (pairs of "2026-09" and a number), as SVG."""
    first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (months[0][0], months[-1][0]))
    count, most = last - first + 1, max(number for _month, number in months) or 1
    width, height, foot = 640, 160, 24
    step = width / count
    bars, labels = [], []
    for month, number in months:
        at = (int(month[:4]) * 12 + int(month[5:7]) - 1 - first) * step
        tall = max(1.0, (height - foot) * number / most)
        box = f'x="{at:.1f}" y="{height - foot - tall:.1f}" width="{min(40.0, max(1.0, step * 0.8)):.1f}" height="{tall:.1f}"'
        bars.append(f"<rect {box}/>")
    every = -(-count // 12 // 8) or 1
    for place in range(count):
        year, month_of_year = divmod(first + place, 12)
        if place * step > width - 30:
            break  # it would not fit
        if (month_of_year == 0 and year % every == 0) or (place == 0 and count < 12):
            labels.append(f'<text x="{place * step:.1f}" y="{height - 6}">{year}</text>')
    line = f'<path d="M0 {height - foot + 0.5}H{width}" stroke="#857e71"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12"><g fill="#a5562f">{"".join(bars)}</g>{line}'
        f'<g fill="#857e71">{"".join(labels)}</g></svg>'
    )


def anchor(person: Contributor) -> str:
    """Return the id of a person's entry; letters that an id may not hold stand in it as their numbers.

    >>> from oerbook.model.findings import Place
    >>> anchor(Contributor("李", "李", Place("contributors")))
    'contributor-674e'
    """
    plain_id = "".join(sign if sign.isascii() else f"{ord(sign):x}" for sign in person.id.lower())
    return "contributor-" + re.sub(r"[^a-z0-9]+", "-", plain_id).strip("-")


def _entry(book: Book, person: Contributor, credit: Credit) -> str:
    """Return a person's name, roles and what shows them: chapters and commits."""
    said = [f"**{plain(person.name)}**"]
    if credit.roles:
        said.append(plain(", ".join(credit.roles)))
    if person.affiliations:
        said.append(plain("; ".join(place.name for place in person.affiliations)))
    if chapters := _chapters(book, person.id):
        said.append(chapters)
    if book.settings.credit.shares and credit.words:
        said.append(f"{credit.share:.1%} of the words".replace(".", "\\."))
    if credit.commits:
        count = f"{len(credit.commits)} {'commit' if len(credit.commits) == 1 else 'commits'}"
        said.append(_linked(book, person, count))
    links = []
    if re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", person.orcid):
        links.append(f"[ORCID {person.orcid}](https://orcid.org/{person.orcid})")
    if re.fullmatch(r"https?://[^\s<>()\"'\\@]+", person.website):
        links.append(f"[website of {plain(person.name)}]({person.website})")
    return ". ".join([", ".join(said), *links]) + "."


def _linked(book: Book, person: Contributor, words: str) -> str:
    """Return the number of commits, as a link to them where the book's repository shows them."""
    if re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", book.repository) and re.fullmatch(r"[\w-]+", person.github):
        return f"[{words} by {person.github}]({book.repository}/commits?author={person.github})"
    return words


def _chapters(book: Book, person: str) -> str:
    """Return where somebody wrote: few chapters by their titles, many by their numbers."""
    theirs = [
        chapter
        for chapter in book.chapters
        if any(one.person == person and (one.words or one.declared) for one in book.credits.of(chapter.slug))
    ]
    titles = [f"{{doc}}`/{chapter.slug}`" for chapter in theirs]
    numbers = {slug: number for number, slug in enumerate(numbered_pages(book), start=1)}
    places = sorted((numbers[chapter.slug], chapter.slug) for chapter in theirs if chapter.slug in numbers)
    if (len(book.credits.book) <= MANY and len(theirs) <= FEW) or not places:
        return f"in {', '.join(titles)}" if titles else ""
    others = [title for title, chapter in zip(titles, theirs, strict=True) if chapter.slug not in numbers]
    word = "chapter" if len(places) == 1 else "chapters"
    return f"{word} {', '.join([*_runs(places), *others])}"


def _runs(places: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield numbers of chapters as links, three and more in a row by the first and the last."""
    for _gap, some in groupby(enumerate(places), lambda pair: pair[1][0] - pair[0]):
        row = [f"{{doc}}`{number} </{slug}>`" for _at, (number, slug) in some]
        yield from [f"{row[0]}–{row[-1]}"] if len(row) > 2 else row


def _biography(person: Contributor) -> list[str]:
    """Return a biography's text, with nothing in it that could swallow what follows."""
    # As directives tell lines apart: U+2028 and its like end one, too.
    lines = [line for line in person.biography.splitlines() if not STRUCTURE.match(line)]
    return ["\n".join(lines).strip()] if "".join(lines).strip() else []
