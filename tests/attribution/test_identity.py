"""Matching identities to people, and recognising bots and assistants."""

from __future__ import annotations

from collections import Counter
from time import process_time

import pytest

from oerbook.attribution.bots import is_assistant, is_bot
from oerbook.attribution.identity import IdentityIndex
from oerbook.attribution.similar_names import group_similar
from oerbook.attribution.trailers import parse_trailers
from oerbook.model.findings import Place
from oerbook.model.history import Identity
from oerbook.model.people import Contributor, NamedPerson

ADA = Contributor("ada", "Ada Lee", Place("contributors/ada.md"), github="ada-l", identities=("adal",))


def directory(*identities: tuple[str, str], people: tuple[Contributor, ...] = (ADA,)) -> IdentityIndex:
    return IdentityIndex(people, Counter(Identity(*one) for one in identities))


@pytest.mark.parametrize(
    "identity",
    [
        ("Ada Lee", "a@example.org"),
        ("ada lee", "other@example.org"),
        ("adal", "x@laptop"),
        ("Somebody", "123+ada-l@users.noreply.github.com"),
        ("Somebody", "Ada-L@users.noreply.github.com"),
    ],
)
def test_a_contributors_file_gathers_its_identities(identity: tuple[str, str]) -> None:
    assert directory(identity).person_id(Identity(*identity)) == "ada"


def test_a_shared_address_merges_two_names() -> None:
    found = directory(("Bo Nilsson", "b@example.org"), ("bn", "B@example.org"))
    assert found.person_id(Identity("bn", "B@example.org")) == "bo-nilsson"
    assert sorted(found.commit_names("bo-nilsson")) == ["Bo Nilsson", "bn"]


def test_a_placeholder_address_does_not_merge_people() -> None:
    found = directory(("Bo Nilsson", "you@example.com"), ("Cy Ortiz", "you@example.com"))
    assert found.person_id(Identity("Bo Nilsson", "you@example.com")) != found.person_id(
        Identity("Cy Ortiz", "you@example.com")
    )


def test_a_shared_address_does_not_merge_two_contributors_files() -> None:
    bo = Contributor("bo", "Bo Nilsson", Place("contributors/bo.md"))
    found = directory(("Ada Lee", "same@example.org"), ("Bo Nilsson", "same@example.org"), people=(ADA, bo))
    assert found.person_id(Identity("Ada Lee", "same@example.org")) == "ada"
    assert found.person_id(Identity("Bo Nilsson", "same@example.org")) == "bo"


@pytest.mark.parametrize(
    "line",
    [
        "co-authored-by: Ada Lee <a@x.org>, Bo Ek <b@x.org>",
        "Co-authored-by: Ada Lee <a@x.org> and Bo Ek <b@x.org>",
        "* Co-Authored-By:“Ada Lee” <a@x.org>; 'Bo Ek' <mailto:b@x.org>",
        "Co\u2011authored\u2011by : Ada Lee a@x.org, Bo Ek b@x.org",
        "Co-authored by: Ada Lee [a@x.org] & Bo Ek (b@x.org)",
        "Co-authors: Ada Lee &lt;a@x.org&gt;, Bo Ek &lt;b@x.org&gt;",
        "Co-author: Ada Lee <a@x.org\nCo-authored-by: Bo Ek b@x.org",
    ],
)
def test_trailers_are_understood_in_many_spellings(line: str) -> None:
    found = list(parse_trailers(f"A change\n\n{line}\n\nMore."))
    assert found == [("author", Identity("Ada Lee", "a@x.org")), ("author", Identity("Bo Ek", "b@x.org"))]


def test_trailers_without_an_address_still_name_people() -> None:
    both = [("author", Identity("Ada Lee", "")), ("author", Identity("Bo Ek", ""))]
    assert list(parse_trailers("x\n\nCo-authored-by: Ada Lee and Bo Ek")) == both
    assert list(parse_trailers("x\n\nCo-authored-by: Lee, Ada")) == [("author", Identity("Lee, Ada", ""))]
    account = Identity("Ada Lee", "adal@users.noreply.github.com")
    assert list(parse_trailers("x\n\nReviewed-by: Ada Lee @adal")) == [("reviewer", account)]
    assert list(parse_trailers("As said by: the Romans, Co-authored-by: nobody; see Stand-by: on")) == []


@pytest.mark.parametrize("filler", ["\r", "\u00a0", ",;", "a-", "(", "<", " and"])
def test_no_line_takes_long_to_parse(filler: str) -> None:
    began = process_time()
    list(parse_trailers(f"x\n\nCo-authored-by: a{filler * 400}b"))
    assert process_time() - began < 0.5


def test_two_people_of_one_name_are_told_apart_by_what_their_files_say() -> None:
    one = Contributor("wei-1", "Wei Chen", Place("contributors/wei-1.md"), identities=("w1@x.org",))
    two = Contributor("wei-2", "Wei Chen", Place("contributors/wei-2.md"), github="chenw")
    who = [("Wei Chen", "w1@x.org"), ("Wei Chen", "2+chenw@users.noreply.github.com"), ("Wei Chen", "w3@x.org")]
    found = directory(*who, people=(one, two))
    assert [found.person_id(Identity(*each)) for each in who] == ["wei-1", "wei-2", "wei-chen"]
    twice = directory(*who, people=(one, Contributor("wei-2", "Wei Chen", Place("contributors/wei-2.md"))))
    assert {twice.person_id(Identity(*each)) for each in who} == {"wei-1"}  # nothing tells the second file's person


def test_a_name_is_the_same_however_its_letters_are_composed() -> None:
    found = directory(("Zo\u00eb Ek", "a@x.org"), ("Zoe\u0308 Ek", "b@x.org"))
    assert found.person_id(Identity("Zoe\u0308 Ek", "b@x.org")) == found.person_id(Identity("Zo\u00eb Ek", "a@x.org"))


def test_a_first_name_alone_does_not_merge_people() -> None:
    found = directory(("Wei", "a@example.org"), ("Wei", "b@example.org"))
    assert found.person_id(Identity("Wei", "a@example.org")) != found.person_id(Identity("Wei", "b@example.org"))


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        (("bo.ek@example.org", "bo.ek@example.org"), "bo.ek"),
        (("<bo.ek+git@example.org>", "x@example.org"), "bo.ek"),
        (("bo@example.org", "77+bo-e@users.noreply.github.com"), "bo-e"),
        (("77+bo-e@users.noreply.github.com", "x@example.org"), "bo-e"),
        (("Bo Ek (bo@example.org)", "bo@example.org"), "Bo Ek"),
        (("@bo-ek", "bo@example.org"), "bo-ek"),
        (("@", "@"), "Somebody without a name"),
    ],
)
def test_no_name_is_an_address(identity: tuple[str, str], shown: str) -> None:
    found = directory(identity)
    person = found.people[found.person_id(Identity(*identity))]
    assert person.name == shown
    assert "@" not in person.name + person.id


def test_an_address_given_as_name_belongs_to_the_person_with_that_address() -> None:
    found = directory(("Bo Ek", "bo@example.org"), ("bo@example.org", "bo@laptop.lan"))
    assert found.person_id(Identity("bo@example.org", "bo@laptop.lan")) == "bo-ek"
    bo = Contributor("bo", "Bo Ek", Place("contributors/bo.md"), identities=("bo.e",))
    claimed = directory(("bo.e@example.org", "bo.e@example.org"), people=(bo,))
    assert claimed.person_id(Identity("bo.e@example.org", "bo.e@example.org")) == "bo"


def test_a_chapter_may_name_its_author_by_the_account_that_the_history_knows() -> None:
    found = directory(("Rachel Ford", "9+r-ford@users.noreply.github.com"), ("Bo Ek", "b@example.org"))
    assert found.person_id_by_name(NamedPerson("r-ford")) == "rachel-ford"
    assert found.person_id_by_name(NamedPerson("@R-Ford")) == "rachel-ford"
    assert found.person_id_by_name(NamedPerson("b-ek")) == "b-ek"  # a guess is no match


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (
            ["Thomas Ek", "Tom Ek", "Thomas J. Ek", "thomasek30", "Bo Ek"],
            [("Thomas Ek", "Tom Ek", "Thomas J. Ek", "thomasek30")],
        ),
        (
            ["Kim De Raak", "KimDeRaak", "kim de raak", "kderaak"],
            [("Kim De Raak", "KimDeRaak", "kim de raak", "kderaak")],
        ),
        (["Cy Harrington", "harrington"], [("Cy Harrington", "harrington")]),
        (["Zoë Ångström", "Angstrom, Zoe"], [("Zoë Ångström", "Angstrom, Zoe")]),
        (["Al Roe", "Jo Roe", "J. Roe", "A. Roe"], [("Al Roe", "A. Roe"), ("Jo Roe", "J. Roe")]),
        (["Jane Roe", "John Roe", "J. Roe"], [("Jane Roe", "J. Roe"), ("John Roe", "J. Roe")]),
        (["Wei Li", "Wei Lin", "Ann Lee", "Alan Lee", "Ann", "Anna"], []),
    ],
)
def test_variants_of_a_name_are_grouped(names: list[str], groups: list[tuple[str, ...]]) -> None:
    assert group_similar(names) == groups


@pytest.mark.parametrize(
    "name", ["Claude Opus 5 (1M context)", "Copilot", "GitHub Copilot", "ChatGPT", "aider (gpt-4o)", "Devin AI"]
)
def test_a_writing_tool_is_no_person(name: str) -> None:
    assert is_assistant(Identity(name, "x@example.org"))


@pytest.mark.parametrize(
    "name", ["Claude Monet", "Claude", "Devin Townsend", "Gemini Ganesan", "Jules Verne", "Max Code"]
)
def test_a_person_is_no_writing_tool(name: str) -> None:
    assert not is_assistant(Identity(name, "x@example.org"))


@pytest.mark.parametrize(
    "name",
    [
        "dependabot[bot]",
        "pre-commit-ci[bot]",
        "github-actions",
        "crowdin-bot",
        "Hosted Weblate",
        "GitHub Action",
        "The Gitter Badger",
        "Deployment Bot (from Travis CI)",
    ],
)
def test_bots_are_recognized_by_name_or_address(name: str) -> None:
    assert is_bot(Identity(name, "x@example.org")) and not is_bot(Identity("Anna Bot", "x@example.org"))
    assert is_bot(Identity("docs", "action@github.com")) and not is_bot(Identity("Travis Badger", "t@example.org"))


@pytest.mark.parametrize(
    "message",
    [
        "Fix\n\nCo-authored-by: Bo Lee <b@x.org>",
        "Fix\nCO-AUTHORED-BY: Bo Lee <b@x.org>\nmore",
        "Fix\n\n* one\n\n  Co-authored-by: Bo Lee <b@x.org>\n\n---------\n\nSigned-off-by: A <a@x.org>",
        "Fix\r\n\r\nco-authored-by:Bo Lee<b@x.org>\r\n",
        'Fix\n\nCo-authored-by: "Bo Lee" <b@x.org>\nCo-authored-by: Bo Lee <b@x.org>',
    ],
)
def test_trailers_are_found_wherever_they_stand(message: str) -> None:
    assert list(parse_trailers(message)) == [("author", Identity("Bo Lee", "b@x.org"))]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (
            "Illustrated-by: Ill <i@x.org>, Zoë O’Neill, Jr. <z@x.org> and Al <a@x.org>",
            ["Ill", "Zoë O’Neill, Jr.", "Al"],
        ),
        ("Illustrated-by: Tom Ray (t@x.org)", ["Tom Ray"]),
        ("Illustrated-by: Rita Reviewer", ["Rita Reviewer"]),
        ("Illustrated-by: A Long Name\n  Goes On <g@x.org>", ["A Long Name Goes On"]),
        ("Illustrated-by: https://example.org/pictures", []),
        ("Illustrated-by: everybody who sent us pictures in the summer of 2023", []),
        ("Illustrated-by:\nIll <i@x.org>", []),
    ],
)
def test_a_trailer_names_one_person_or_several(line: str, named: list[str]) -> None:
    assert [(role, who.name) for role, who in parse_trailers(f"Fix\n\n{line}\n")] == [("illustrator", n) for n in named]


def test_a_sign_off_is_no_credit() -> None:
    assert list(parse_trailers("Fix\n\nSigned-off-by: Bo Lee <b@x.org>\nReviewed-by: Cy <c@x>")) == [
        ("reviewer", Identity("Cy", "c@x"))
    ]


@pytest.mark.parametrize(
    "name",
    ["Claude", "Devin", "Jules", "Gemini", "Junie", "Kimi Raikkonen", "Claude Codeburn", "Gemini Proctor", "Amp"],
)
def test_people_who_are_called_like_a_tool_are_people(name: str) -> None:
    who = Identity(name, f"{name.split()[0].lower()}@example.org")
    assert not is_assistant(who) and not is_assistant(who, trailer=True)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Claude", "noreply@anthropic.com"),
        ("Claude", ""),
        ("Devin", "noreply@devin.ai"),
        ("Gemini CLI", ""),
        ("Cursor Agent", "cursoragent@cursor.com"),
        ("Copilot", "198982749+Copilot@users.noreply.github.com"),
        ("Jules", "161369871+google-labs-jules[bot]@users.noreply.github.com"),
        ("Kimi K2", ""),
    ],
)
def test_tools_in_trailers_are_known(name: str, email: str) -> None:
    assert is_assistant(Identity(name, email), trailer=True)


def test_trailers_with_windows_line_ends_and_broken_ones() -> None:
    message = "Squash (#4)\r\n\r\n* one\r\n\r\nCo-authored-by: Bo Lee <b@x.org>\r\n\r\n---------\r\nReviewed-by: Lee, Zed <z@x.org>\r\nCo-authored-by:\r\nCo-authored-by: broken <no\r\n"
    named = [(role, who.name) for role, who in parse_trailers(message)]
    assert named[:2] == [("author", "Bo Lee"), ("reviewer", "Lee, Zed")] and len(named) == 2


def test_indented_lines_of_a_squashed_commit_are_one_person_each() -> None:
    message = "Squash\n\n* First\n\n    Co-authored-by: Pia <p@x.org>\n    Co-authored-by: Quy <q@x.org>"
    assert [who.name for _role, who in parse_trailers(message)] == ["Pia", "Quy"]
