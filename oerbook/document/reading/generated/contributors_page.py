"""Write the page about the contributors: their names, roles, chapters and commits."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from babel.numbers import format_percent

from oerbook.document.context.reading_order import numbered_pages
from oerbook.metadata.name_sorting import index_letter, surname_sort_key
from oerbook.model.book import Book, Credit
from oerbook.model.people import Contributor
from oerbook.text.slugs import ascii_slug
from oerbook.text.translations import ENGLISH, locale_of, translate

CONTRIBUTORS_PAGE_NAME = "contributors"
MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+.!|$@~^%&:=-])")
BLOCK_MARKUP = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,}|#{1,6}\s|\+\+\+|%|\([^)]*\)=|-+\s*$|=+\s*$)")
MAX_PEOPLE_WITH_BIOGRAPHY = 12  # people; with more, the page becomes a directory
MAX_PEOPLE_WITHOUT_LETTER_INDEX = 36  # people; with more, a directory has headings by letter
MAX_CHAPTER_TITLES = 4  # chapters of one person; with more, numbers replace titles
MAX_GAP_YEARS = 15  # years without a word; months beyond come from a wrong clock

CreditedPeople = Sequence[tuple[Contributor, Credit]]
WordsByMonth = Sequence[tuple[str, int]]  # ("2026-09", words written in that month)


def escape_markdown(text: str) -> str:
    """Return a text as one line of Markdown, with special characters escaped.

    >>> escape_markdown("Bo *Lee*")
    'Bo \\\\*Lee\\\\*'
    """
    return MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(text.split()))


def contributors_page_title(book: Book) -> str:
    """Return the page's title in the book's language."""
    return translate(book.language, "About the contributors")


def contributors_page_markdown(book: Book) -> str:
    """Return the page as MyST Markdown, or "" when the book has no known contributor."""
    people = {person.id: person for person in book.credits.people}
    if not people:
        return ""
    parts = [f"# {contributors_page_title(book)}"]
    months = drop_outlier_months(book.credits.months)
    if len(months) > 1:
        image = base64.b64encode(words_by_month_svg(months).encode()).decode()
        # As a directive: markdown-it rejects SVG data URLs in ![](…).
        parts.append(
            f":::{{image}} data:image/svg+xml;base64,{image}\n:alt: {_alt_text(book, months)}\n:class: months\n:::"
        )
    entries = [(people[credit.person], credit) for credit in book.credits.book]
    parts += _directory(book, entries) if len(entries) > MAX_PEOPLE_WITH_BIOGRAPHY else _full_entries(book, entries)
    if book.credits.tools:
        tools = ", ".join(escape_markdown(tool) for tool in book.credits.tools)
        message = "Tools that commits disclose, none of them an author: {tools}."
        parts.append(translate(book.language, message).format(tools=tools))
    return "\n\n".join(parts) + "\n"


def _full_entries(book: Book, entries: CreditedPeople) -> Iterator[str]:
    """Yield people in the order of their credit, with their biographies."""
    for person, credit in entries:
        yield f"({anchor_of_person(person)})="
        yield _entry(book, person, credit)
        # In a container: markup left open in one biography ends there and hides nobody who follows.
        yield from (f":::{{container}} own-words\n{text}\n:::" for text in _biography(person))


def _directory(book: Book, entries: CreditedPeople) -> Iterator[str]:
    """Yield people by surname and first letter, with links to the letters in HTML."""
    groups: dict[str, list[tuple[Contributor, Credit]]] = {}
    for entry in sorted(entries, key=lambda entry: surname_sort_key(entry[0].name, book.language)):
        groups.setdefault(index_letter(entry[0].name, book.language), []).append(entry)
    has_headings = len(entries) > MAX_PEOPLE_WITHOUT_LETTER_INDEX
    if has_headings:
        links = " ".join(
            f"[{escape_markdown(initial)}](#{CONTRIBUTORS_PAGE_NAME}-letter-{ord(initial):x})" for initial in groups
        )
        yield f"::::{{only}} html\n:::{{container}} letters\n{links}\n:::\n::::"
    yield "::::{container} people"
    for initial, group in groups.items():
        if has_headings:
            anchor = f"{CONTRIBUTORS_PAGE_NAME}-letter-{ord(initial):x}"
            yield f"({anchor})=\n\n:::{{rubric}} {escape_markdown(initial)}\n:::"
        for person, credit in group:
            yield f"({anchor_of_person(person)})="
            yield _entry(book, person, credit)
            yield from (f":::{{container}} biography\n{text}\n:::" for text in _biography(person))
    yield "::::"


def drop_outlier_months(months: WordsByMonth) -> WordsByMonth:
    """Return the months without outliers, which come from clocks set to 1970 or 2286.

    Months are grouped at gaps of more than 15 years; the group with the most words stays.

    >>> drop_outlier_months((("1970-01", 3), ("2020-09", 40), ("2021-01", 9), ("2286-11", 5)))
    [('2020-09', 40), ('2021-01', 9)]
    """
    groups: list[list[tuple[str, int]]] = []
    for month in months:
        if not groups or int(month[0][:4]) - int(groups[-1][-1][0][:4]) > MAX_GAP_YEARS:
            groups.append([])
        groups[-1].append(month)
    return max(groups, key=lambda group: sum(words for _month, words in group), default=[])


def _alt_text(book: Book, months: WordsByMonth) -> str:
    """Return the description of the bar chart."""
    month, words = max(months, key=lambda pair: (pair[1], pair[0]))
    message = translate(
        book.language,
        "Bar chart: words of this book by the month in which they were written, from {first} to {last}; "
        "the most are from {month}: {words}",
    )
    return message.format(first=months[0][0], last=months[-1][0], month=month, words=words)


def words_by_month_svg(months: WordsByMonth) -> str:
    """Return a bar chart of words by month as SVG, with the years as labels."""
    first, last = (_month_number(month) for month in (months[0][0], months[-1][0]))
    count, max_words = last - first + 1, max(words for _month, words in months) or 1
    width, height, label_height = 640, 160, 24
    step, base = width / count, height - label_height
    bars, labels = [], []
    for month, words in months:
        x = (_month_number(month) - first) * step
        bar_height = max(1.0, base * words / max_words)
        bar_width = min(40.0, max(1.0, step * 0.8))
        bars.append(
            f'<rect x="{x:.1f}" y="{base - bar_height:.1f}" width="{bar_width:.1f}" height="{bar_height:.1f}"/>'
        )
    years_per_label = -(-count // 12 // 8) or 1
    for index in range(count):
        year, month_of_year = divmod(first + index, 12)
        if index * step > width - 30:
            break  # the label would not fit
        if (month_of_year == 0 and year % years_per_label == 0) or (index == 0 and count < 12):
            labels.append(f'<text x="{index * step:.1f}" y="{height - 6}">{year}</text>')
    axis = f'<path d="M0 {base + 0.5}H{width}" stroke="#857e71"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12"><g fill="#a5562f">{"".join(bars)}</g>{axis}'
        f'<g fill="#857e71">{"".join(labels)}</g></svg>'
    )


def _month_number(month: str) -> int:
    """Return a month ("2026-09") as its number since January of year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def anchor_of_person(person: Contributor) -> str:
    """Return the id of a person's entry, with non-ASCII characters as code points.

    >>> from oerbook.model.findings import Place
    >>> anchor_of_person(Contributor("李", "李", Place("contributors")))
    'contributor-674e'
    """
    return "contributor-" + ascii_slug(person.id)


def _entry(book: Book, person: Contributor, credit: Credit) -> str:
    """Return a person's name, roles, affiliations, chapters, commits and links."""
    facts = [f"**{escape_markdown(person.name)}**"]
    if credit.roles:
        facts.append(escape_markdown(", ".join(translate(book.language, role) for role in credit.roles)))
    if person.affiliations:
        facts.append(escape_markdown("; ".join(affiliation.name for affiliation in person.affiliations)))
    if chapters := _chapters(book, person.id):
        facts.append(chapters)
    if book.settings.credit.show_shares and credit.words:
        share = format_percent(credit.share, "0.0%", locale_of(book.language) or ENGLISH)
        facts.append(escape_markdown(translate(book.language, "{share} of the words").format(share=share)))
    if credit.commits:
        count = len(credit.commits)
        message = translate(book.language, "{count} commit" if count == 1 else "{count} commits")
        facts.append(_link_commits(book, person, message.format(count=count)))
    links = []
    if re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", person.orcid):
        links.append(f"[ORCID {person.orcid}](https://orcid.org/{person.orcid})")
    if re.fullmatch(r"https?://[^\s<>()\"'\\@]+", person.website):
        words = translate(book.language, "website of {name}").format(name=escape_markdown(person.name))
        links.append(f"[{words}]({person.website})")
    return ". ".join([", ".join(facts), *links]) + "."


def _link_commits(book: Book, person: Contributor, count: str) -> str:
    """Return the number of commits, as a link to them if the book is on GitHub."""
    if re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", book.repository) and re.fullmatch(r"[\w-]+", person.github):
        words = translate(book.language, "{count} by {name}").format(count=count, name=person.github)
        return f"[{words}]({book.repository}/commits?author={person.github})"
    return count


def _chapters(book: Book, person_id: str) -> str:
    """Return the chapters that a person wrote in: a few by title, many by number."""
    written = [
        chapter
        for chapter in book.chapters
        if any(c.person == person_id and (c.words or c.declared) for c in book.credits.for_chapter(chapter.slug))
    ]
    titles = [f"{{doc}}`/{chapter.slug}`" for chapter in written]
    numbers = {slug: number[0] for slug, number in numbered_pages(book).items()}
    slugs = {numbers[chapter.slug]: chapter.slug for chapter in reversed(written) if chapter.slug in numbers}
    numbered = sorted(slugs.items())
    if (len(book.credits.book) <= MAX_PEOPLE_WITH_BIOGRAPHY and len(written) <= MAX_CHAPTER_TITLES) or not numbered:
        return translate(book.language, "in {chapters}").format(chapters=", ".join(titles)) if titles else ""
    unnumbered = [link for link, chapter in zip(titles, written, strict=True) if chapter.slug not in numbers]
    message = translate(book.language, "chapter {numbers}" if len(numbered) == 1 else "chapters {numbers}")
    return message.format(numbers=", ".join([*_number_ranges(numbered), *unnumbered]))


def _number_ranges(chapters: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield linked chapter numbers, with three and more in a row as a range."""
    for _offset, run in groupby(enumerate(chapters), lambda pair: pair[1][0] - pair[0]):
        links = [f"{{doc}}`{number} </{slug}>`" for _index, (number, slug) in run]
        yield from [f"{links[0]}–{links[-1]}"] if len(links) > 2 else links


def _biography(person: Contributor) -> list[str]:
    """Return a biography without block markup as a list of one text, or of none."""
    # splitlines, as docutils does: U+2028 and the like end a line, too.
    lines = [line for line in person.biography.splitlines() if not BLOCK_MARKUP.match(line)]
    return ["\n".join(lines).strip()] if "".join(lines).strip() else []
