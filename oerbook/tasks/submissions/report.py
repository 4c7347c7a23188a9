"""The results of a merge as JSON, and as Markdown for a comment."""

from __future__ import annotations

import json

from oerbook.model.findings import Severity, to_row
from oerbook.reports import pull_request_comment
from oerbook.tasks.submissions.merge import BranchResult, MergeReport


def merge_report_to_json(report: MergeReport) -> str:
    """Return the results as JSON, with the fields that the handbook describes."""
    rows = [
        {
            "branch": result.branch,
            "state": result.state,
            "people": list(result.people),
            "commit": result.commit,
            "instead": result.newer_branch,
            "findings": [to_row(finding) for finding in result.findings],
        }
        for result in report.results
    ]
    facts: dict[str, object] = {"onto": report.onto, "dry_run": report.dry_run, "branches": rows}
    if report.stopped_by:
        facts["error"] = {"message": report.stopped_by.message, "hint": report.stopped_by.hint}
    return json.dumps(facts, indent=2)


def merge_report_to_markdown(report: MergeReport) -> str:
    """Return the results as Markdown: skipped branches with findings, merged branches."""
    merged, refused = report.with_state("merged"), [v for v in report.results if v.state in ("refused", "unrelated")]
    verb = "would be merged" if report.dry_run else "merged"
    lines = [
        f"# {len(merged)} {verb} into {pull_request_comment.escape_all_markdown(report.onto)}, {len(refused)} skipped"
    ]
    for result in refused:
        lines += ["", f"## {_title(result)}", "", pull_request_comment.render(result.findings, result.existing)]
    if merged:
        lines += [
            "",
            f"## {verb.capitalize()}",
            "",
            *(f"- {_title(result)}{_warnings(result)}" for result in merged),
        ]
    if report.stopped_by:
        reason = pull_request_comment.escape_all_markdown(report.stopped_by.message)
        lines += ["", f"The remaining branches were not tried: {reason}"]
    if older := report.with_state("older"):
        copies = (pull_request_comment.escape_all_markdown(f"{v.branch}, {v.newer_branch} is newer") for v in older)
        lines += ["", "## Older copies, skipped", "", *(f"- {copy}" for copy in copies)]
    return "\n".join(lines)


def _title(result: BranchResult) -> str:
    authors = f", by {', '.join(result.people)}" if result.people else ""
    return pull_request_comment.escape_all_markdown(f"{result.branch}{authors}")


def _warnings(result: BranchResult) -> str:
    count = sum(1 for finding in result.findings if finding.severity is not Severity.INFO)
    return f" ({count} to fix later)" if count else ""
