from __future__ import annotations

import pytest

from oerbook.model.findings import Severity
from oerbook.source import front_matter
from oerbook.source.schema import BOOK_KEYS, PERSON_KEYS, Schema
from oerbook.source.values import as_people

PATH = "chapters/x.md"


def findings(yaml: str, schema: Schema = BOOK_KEYS) -> list[tuple[str, int, str]]:
    matter = front_matter.read_front_matter(f"---\n{yaml}\n---\nText\n", PATH, schema)
    return [(finding.code, finding.place.line, finding.hint) for finding in matter.findings]


@pytest.mark.parametrize(
    ("yaml", "code", "line", "hint"),
    [
        ("title: A\ntitel: B", "front-matter-key", 3, "Did you mean title?"),
        ("title: [a, b]", "front-matter-value", 2, 'a text, for example "Soil and water"'),
        ("credit:\n  ordr: share", "front-matter-key", 3, "Did you mean order?"),
        ("credit:\n  min_words: 10\n  order: loudest", "front-matter-value", 4, "share, alphabetical, declared"),
        ("credit:\n  order: alphabetic", "front-matter-value", 3, "Did you mean alphabetical?"),
        ("credit:\n  hidden: true", "front-matter-key", 3, "The handbook lists"),
        ("credit:\n  min_share: 0.05", "front-matter-value", 3, "5 %"),
        ("credit:\n  min_words: many", "front-matter-value", 3, "a whole number"),
        ("credit:\n  min_share: half", "front-matter-value", 3, "5 %"),
        ("credit: everybody", "front-matter-value", 2, "order: alphabetical"),
        ("submissions:\n  signoff: true", "front-matter-key", 3, "Did you mean sign_off?"),
        ("draft: perhaps", "front-matter-value", 2, "true or false"),
        ("date: someday", "front-matter-value", 2, "2026-09-01"),
        ("license: CC BY 4", "front-matter-value", 2, "SPDX"),
        ("isbn: 978-3-16-148410-1", "front-matter-value", 2, "ISBN"),
        ("solutions: never", "front-matter-value", 2, "after, fold, end, hidden"),
        ("title: Soil: a history", "front-matter", 2, "quotes"),
        ("a: &x [1]\nb: *x", "front-matter", 2, "in full"),
        ("title: A\n\ttab: x", "front-matter", 3, ""),
        ("title: A\ntitle: B", "front-matter", 3, "Keep one"),
        ("- a\n- b", "front-matter", 2, "line of its own"),
        ("a: " + "[" * 30 + "]" * 30, "front-matter", 2, "flat"),
    ],
)
def test_each_problem_is_reported_on_its_line_with_a_hint(yaml: str, code: str, line: int, hint: str) -> None:
    reported = findings(yaml)
    assert (code, line) in [(finding[0], finding[1]) for finding in reported]
    assert any(hint in finding[2] for finding in reported)


def test_unclosed_front_matter_makes_only_its_chapter_unreadable() -> None:
    matter = front_matter.read_front_matter("---\ntitle: A\nText\n", PATH, BOOK_KEYS)
    assert matter.error
    assert matter.findings[0].severity is Severity.ERROR


@pytest.mark.parametrize("key", ["policy", "ai", "objectives", "code_license", "pronouns"])
def test_a_key_that_nothing_reads_is_unknown(key: str) -> None:
    assert [code for code, _line, _hint in findings(f"{key}: x")] == ["front-matter-key"]


def test_settings_of_notebook_tools_are_a_note() -> None:
    matter = front_matter.read_front_matter("---\njupytext: {x: y}\nrise: {a: b}\n---\nText\n", PATH, BOOK_KEYS)
    assert [(f.place.line, f.severity) for f in matter.findings if f.code == "front-matter-key"] == [(3, Severity.INFO)]


def test_keys_of_other_tools_are_ignored() -> None:
    assert findings("tags: [soil]\nfunding: {award: 1}\nopen_access: true\naffiliations: [U]\nstatus: draft") == []
    assert (
        findings("jupytext:\n  text_representation: {extension: .md}\nkernelspec: {name: python3}\n:og:title: x") == []
    )


@pytest.mark.parametrize(("orcid", "valid"), [("0000-0002-1825-0097", True), ("0000-0002-1825-0098", False)])
def test_the_check_digit_of_an_orcid_is_checked(orcid: str, valid: bool) -> None:
    assert (findings(f"name: Ada\norcid: {orcid}", PERSON_KEYS) == []) is valid


def test_people_are_read_from_texts_lists_and_mappings_without_e_mail_addresses() -> None:
    people = as_people(["ada", {"name": "Bo Lee", "orcid": "https://orcid.org/0000-0002-1825-0097"}])
    assert [person.name for person in people] == ["ada", "Bo Lee"]
    assert people[1].orcid == "0000-0002-1825-0097"
    assert as_people("Cy Day <cy@example.org>")[0].name == "Cy Day"
