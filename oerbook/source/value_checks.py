"""Check values of front matter by their kind: each check returns what is wrong, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import isbn, isni, issn
from stdnum.exceptions import InvalidChecksum, ValidationError

from oerbook.licensing.spdx import closest_license, find_license
from oerbook.markup.urls import (
    has_email_address,
    is_link_target,
    to_github_account,
    to_repository_url,
    to_web_url,
    url_scheme,
)
from oerbook.media.embeds import is_host_name
from oerbook.model.book import RELATIONS
from oerbook.source.paper_sizes import paper_size_mm
from oerbook.source.values import ISBN_FORMATS, PRINT_LISTS, as_date, as_millimetres, as_people, as_share, as_text_list
from oerbook.source.yaml_lines import YamlData, scalar_as_text

CONFORMANCE = re.compile(r"WCAG 2\.[0-2] Level A{1,3}")
EMAIL_AS_NAME_MESSAGE = "an e-mail address is not printed; write the name of the person"


def _flag(data: YamlData) -> str:
    return "" if isinstance(data, bool) else "true or false is expected here"


def _count(data: YamlData) -> str:
    return "" if type(data) is int and data >= 0 else f"{scalar_as_text(data)[:30]} is not a whole number"


def _share(data: YamlData) -> str:
    if isinstance(data, float) and 0 < data < 1:
        return f"{data} may mean {data} % or {100 * data:g} %: write it with the % sign"
    share = as_share(data)
    return "" if share is not None and share <= 1 else f"{scalar_as_text(data)[:30]} is not a share in per cent"


def _paper(data: YamlData) -> str:
    return "" if paper_size_mm(scalar_as_text(data)) else f"{scalar_as_text(data)[:30]} is not a known paper size"


def _length(data: YamlData) -> str:
    return "" if as_millimetres(data) is not None else f"{scalar_as_text(data)[:30]} is not a length in millimetres"


def _lists(data: YamlData) -> str:
    unknown = [name for name in as_text_list(data) if name not in PRINT_LISTS]
    return f"there is no list of {unknown[0][:30]}" if unknown else ""


def _texts(data: YamlData) -> str:
    if isinstance(data, str | int | float):
        return ""
    valid = isinstance(data, list) and all(not isinstance(item, dict | list) for item in data)
    return "" if valid else "a list of texts is expected here"


def _date(data: YamlData) -> str:
    return "" if as_date(data) else f"{scalar_as_text(data)[:30]} is not a date"


def _language(data: YamlData) -> str:
    valid = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", scalar_as_text(data))
    return "" if valid else f"{scalar_as_text(data)[:30]} is not a language tag"


def _license(data: YamlData) -> str:
    ids = [data.get("content"), data.get("code")] if isinstance(data, dict) else [data]
    for item in ids:
        name = item.get("id") if isinstance(item, dict) else item
        if isinstance(name, list):
            return "a license is expected here"
        if name and find_license(scalar_as_text(name)) is None:
            close = closest_license(scalar_as_text(name))
            return f"{scalar_as_text(name)[:40]} is not a known license" + (f"; did you mean {close}?" if close else "")
    return ""


def _people(data: YamlData) -> str:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if isinstance(item, list) or (isinstance(item, dict) and not (item.get("name") or item.get("id"))):
            return "each person needs a name, or the id of a file in contributors/"
    return EMAIL_AS_NAME_MESSAGE if any(has_email_address(person.name) for person in as_people(data)) else ""


def _works(data: YamlData) -> str:
    if not isinstance(data, list) or not all(isinstance(item, dict | str) for item in data):
        return "a list of works is expected here"
    sources = [scalar_as_text(item.get(key)) for item in data if isinstance(item, dict) for key in ("source", "url")]
    wrong = next((source for source in sources if not is_link_target(source) and " " not in source.strip()), "")
    if wrong:
        return f"{wrong[:60]} is not a web address"
    relations = [_relation(item.get("relation")) for item in data if isinstance(item, dict)]
    return next(filter(None, relations), "")


def _relation(data: YamlData) -> str:
    known = scalar_as_text(data).casefold() in ("", *RELATIONS)
    return "" if known else f"{scalar_as_text(data)[:30]} is not one of {', '.join(RELATIONS)}"


def _pairs(data: YamlData) -> str:
    return "" if isinstance(data, dict) else "names with texts are expected here"


def _numbering(data: YamlData) -> str:
    return "" if isinstance(data, bool | dict) else "true or false is expected here"


def _hosts(data: YamlData) -> str:
    wrong = next((name for name in as_text_list(data) if not is_host_name(name)), "")
    return f"{wrong[:60]} is not the name of a host" if wrong else _texts(data)


def _conformance(data: YamlData) -> str:
    valid = CONFORMANCE.fullmatch(scalar_as_text(data))
    return "" if valid else f"{scalar_as_text(data)[:40]} is not a level of WCAG"


def _url(data: YamlData) -> str:
    return "" if isinstance(data, str) and to_web_url(data) else f"{scalar_as_text(data)[:60]} is not a web address"


def _repository(data: YamlData) -> str:
    return (
        ""
        if to_repository_url(scalar_as_text(data))
        else f"{scalar_as_text(data)[:60]} is not the address of a repository"
    )


def _account(data: YamlData) -> str:
    return "" if to_github_account(scalar_as_text(data)) else f"{scalar_as_text(data)[:40]} is not an account on GitHub"


def _name(data: YamlData) -> str:
    if isinstance(data, dict | list):
        return "a text is expected here"
    return EMAIL_AS_NAME_MESSAGE if has_email_address(scalar_as_text(data)) else ""


def _affiliations(data: YamlData) -> str:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            urls = [scalar_as_text(item.get(key)) for key in ("url", "ror") if item.get(key)]
            wrong = next((url for url in urls if url_scheme(url) and not to_web_url(url)), "")
            if wrong:
                return f"{wrong[:60]} is not a web address"
    return ""


def _isbn(data: YamlData) -> str:
    if not isinstance(data, dict):
        return _checked_number(data, "an ISBN", isbn.validate)
    unknown = next((name for name in data if name not in ISBN_FORMATS), "")
    if unknown:
        return f"{str(unknown)[:30]} is not one of {', '.join(ISBN_FORMATS)}"
    return next(filter(None, (_checked_number(number, "an ISBN", isbn.validate) for number in data.values())), "")


def _issn(data: YamlData) -> str:
    return _checked_number(data, "an ISSN", issn.validate)


def _orcid(data: YamlData) -> str:
    return _checked_number(data, "an ORCID iD", isni.validate)  # every ORCID iD is an ISNI


def _checked_number(data: YamlData, kind: str, validate: Callable[[str], str]) -> str:
    """Return what is wrong with a number that ends in a check digit."""
    try:
        validate(scalar_as_text(data).removeprefix("https://orcid.org/"))
    except InvalidChecksum:
        return f"the last digit of {scalar_as_text(data)} does not match the others, so one digit is wrong"
    except ValidationError:
        return f"{scalar_as_text(data)[:40]} is not {kind}"
    return ""


def _doi(data: YamlData) -> str:
    valid = re.fullmatch(r"(https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S+", scalar_as_text(data))
    return "" if valid else f"{scalar_as_text(data)[:40]} is not a DOI"


VALUE_CHECK_BY_KIND: dict[str, Callable[[YamlData], str]] = {
    "flag": _flag,
    "count": _count,
    "share": _share,
    "texts": _texts,
    "date": _date,
    "language": _language,
    "license": _license,
    "people": _people,
    "works": _works,
    "relation": _relation,
    "pairs": _pairs,
    "numbering": _numbering,
    "paper": _paper,
    "length": _length,
    "lists": _lists,
    "hosts": _hosts,
    "url": _url,
    "repository": _repository,
    "account": _account,
    "name": _name,
    "affiliations": _affiliations,
    "isbn": _isbn,
    "issn": _issn,
    "orcid": _orcid,
    "doi": _doi,
    "conformance": _conformance,
}
