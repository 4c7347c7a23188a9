"""The results of a merge as JSON, and as Markdown for a comment."""

from __future__ import annotations

import json

from oerbook.model.findings import Severity, to_row
from oerbook.reports import pull_request_comment
from oerbook.tasks.submissions.merge import BranchResult, MergeReport


def as_json(queue: MergeReport) -> str:
    """Return the results as JSON, with the fields that the handbook describes."""
    rows = [
        {
            "branch": verdict.branch,
            "state": verdict.state,
            "people": list(verdict.people),
            "commit": verdict.commit,
            "instead": verdict.newer_branch,
            "findings": [to_row(finding) for finding in verdict.findings],
        }
        for verdict in queue.results
    ]
    return json.dumps({"onto": queue.onto, "dry_run": queue.dry_run, "branches": rows}, indent=2)


def as_markdown(queue: MergeReport) -> str:
    """Return the results as Markdown: skipped branches with findings, merged branches."""
    merged, refused = queue.with_state("merged"), [v for v in queue.results if v.state in ("refused", "unrelated")]
    verb = "would be merged" if queue.dry_run else "merged"
    lines = [f"# {len(merged)} {verb} into {pull_request_comment.escape_markdown(queue.onto)}, {len(refused)} skipped"]
    for verdict in refused:
        lines += ["", f"## {_title(verdict)}", "", pull_request_comment.render(verdict.findings, verdict.existing)]
    if merged:
        lines += [
            "",
            f"## {verb.capitalize()}",
            "",
            *(f"- {_title(verdict)}{_warnings(verdict)}" for verdict in merged),
        ]
    if older := queue.with_state("older"):
        copies = (pull_request_comment.escape_markdown(f"{v.branch}, {v.newer_branch} is newer") for v in older)
        lines += ["", "## Older copies, skipped", "", *(f"- {copy}" for copy in copies)]
    return "\n".join(lines)


def _title(verdict: BranchResult) -> str:
    authors = f", by {', '.join(verdict.people)}" if verdict.people else ""
    return pull_request_comment.escape_markdown(f"{verdict.branch}{authors}")


def _warnings(verdict: BranchResult) -> str:
    count = sum(1 for finding in verdict.findings if finding.severity is not Severity.INFO)
    return f" ({count} to fix later)" if count else ""
