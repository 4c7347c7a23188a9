"""MARC 21 as MARCXML, for library catalogs (https://www.loc.gov/marc/bibliographic/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from oerbook.metadata.records.facts import Agent, BookFacts

if TYPE_CHECKING:
    from pymarc import Record

SUMMARY = "MARC 21 as MARCXML, for library catalogs"
FILE_NAME = "marc.xml"
LEADER = "00000nam a22000003i 4500"  # new, language material, monograph, UTF-8, described as in RDA
# Field 008: entry, dates, place unknown, online, not a conference, festschrift or index, not fiction.
FIELD_008_TEMPLATE = "{entered}{dates}xx      o     000 0 {language} d"  # 40 characters
# ISO 639-1 to the codes of MARC, which are those of ISO 639-2/B.
MARC_LANGUAGES = {
    "ar": "ara", "bn": "ben", "ca": "cat", "cs": "cze", "cy": "wel", "da": "dan", "de": "ger", "el": "gre", "en": "eng",
    "es": "spa", "et": "est", "eu": "baq", "fa": "per", "fi": "fin", "fr": "fre", "ga": "gle", "gl": "glg", "he": "heb",
    "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "arm", "id": "ind", "is": "ice", "it": "ita", "ja": "jpn", "ka": "geo",
    "ko": "kor", "lt": "lit", "lv": "lav", "mk": "mac", "ms": "may", "nb": "nob", "nl": "dut", "nn": "nno", "no": "nor",
    "pl": "pol", "pt": "por", "ro": "rum", "ru": "rus", "sk": "slo", "sl": "slv", "sq": "alb", "sr": "srp", "sv": "swe",
    "sw": "swa", "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "chi",
}  # fmt: skip


def write(facts: BookFacts) -> str:
    """Return the record."""
    from pymarc import record_to_xml

    xml: bytes = record_to_xml(marc_record(facts), namespace=True)  # type: ignore[no-untyped-call]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.decode("utf-8") + "\n"


def marc_record(facts: BookFacts) -> Record:
    """Return the record; the first creator is the main entry."""
    from pymarc import Field, Indicators, Record, Subfield

    record = Record(leader=LEADER)
    entered = facts.date.replace("-", "")[2:] or "||||||"
    dates = f"s{facts.year}    " if facts.year else "nuuuuuuuu"  # a single date, or unknown ones
    fixed = FIELD_008_TEMPLATE.format(entered=entered, dates=dates, language=marc_language(facts.language))
    fields = [("001", facts.identifier), ("006", "m     o  d f      "), ("007", "cr |||||||||||"), ("008", fixed)]
    added = [Field(tag, data=value) for tag, value in fields]
    for tag, indicators, subfields in _fields(facts):
        filled = [Subfield(code, value) for code, value in subfields if value]
        if filled:
            added.append(Field(tag, Indicators(*indicators), filled))
    record.add_field(*added)  # type: ignore[no-untyped-call]
    return record


def _fields(facts: BookFacts) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return tag, two indicators and subfields of each variable field, in order."""
    first, *others = facts.creators or (None,)
    statement = ", ".join(agent.name for agent in facts.creators)
    title = [("a", facts.title), ("b", facts.subtitle), ("c", statement)]
    license_ = [("a", facts.license.name), ("u", facts.license.url), ("2", "cc")] if facts.license else []
    return [
        ("020", "  ", [("a", facts.isbn)]),
        ("024", "7 ", [("a", facts.doi), ("2", "doi")] if facts.doi else []),
        ("040", "  ", [("b", marc_language(facts.language)), ("e", "rda")]),
        *([(_tag(first, "1"), _indicators(first), _name(first, "aut"))] if first else []),
        ("245", "10" if first else "00", title),
        ("250", "  ", [("a", facts.edition)]),
        ("264", " 1", [("a", facts.publisher_place), ("b", facts.publisher), ("c", facts.year)]),
        ("336", "  ", [("a", "text"), ("b", "txt"), ("2", "rdacontent")]),
        ("337", "  ", [("a", "computer"), ("b", "c"), ("2", "rdamedia")]),
        ("338", "  ", [("a", "online resource"), ("b", "cr"), ("2", "rdacarrier")]),
        ("506", "0 ", [("a", "Open access"), ("2", "star")] if facts.is_free else []),
        ("520", "  ", [("a", facts.description)]),
        ("540", "  ", license_),
        *(("653", "  ", [("a", keyword)]) for keyword in facts.keywords),
        ("655", " 7", [("a", "Textbooks."), ("2", "lcgft")]),
        *((_tag(agent, "7"), _indicators(agent), _name(agent, "aut")) for agent in others),
        *((_tag(agent, "7"), _indicators(agent), _name(agent, role)) for agent, role in facts.contributors),
        ("856", "40", [("u", facts.url)]),
    ]


def _tag(agent: Agent, block: str) -> str:
    return f"{block}10" if agent.is_group else f"{block}00"


def _indicators(agent: Agent) -> str:
    return "2 " if agent.is_group else "1 " if agent.family else "0 "


def _name(agent: Agent, role: str) -> list[tuple[str, str]]:
    orcid = f"https://orcid.org/{agent.orcid}" if agent.orcid else ""
    return [("a", agent.inverted), ("1", orcid), ("4", role)]


def marc_language(tag: str) -> str:
    """Return the MARC code of a language, "und" if it is not known.

    >>> marc_language("de-AT"), marc_language("gsw")
    ('ger', 'gsw')
    """
    try:
        language = Locale.parse(tag.replace("_", "-"), sep="-").language
    except (UnknownLocaleError, ValueError):
        language = tag.partition("-")[0].lower()
    return MARC_LANGUAGES.get(language, language if len(language) == 3 else "und")
