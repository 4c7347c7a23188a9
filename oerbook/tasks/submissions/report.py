"""The results of a merge as JSON, and as Markdown for a comment."""

from __future__ import annotations

import json

from oerbook.model.findings import Severity
from oerbook.reports import pull_request_comment
from oerbook.reports.json_report import row
from oerbook.tasks.submissions.merge import Queue, Verdict


def as_json(queue: Queue) -> str:
    """Return the results as JSON, with the fields that the handbook describes."""
    rows = [
        {
            "branch": verdict.branch,
            "state": verdict.state,
            "people": list(verdict.people),
            "commit": verdict.commit,
            "instead": verdict.instead,
            "findings": [row(finding) for finding in verdict.findings],
        }
        for verdict in queue.verdicts
    ]
    return json.dumps({"onto": queue.onto, "dry_run": queue.dry_run, "branches": rows}, indent=2)


def as_markdown(queue: Queue) -> str:
    """Return the results as Markdown: skipped branches with findings, merged branches."""
    merged, refused = queue.of("merged"), [v for v in queue.verdicts if v.state in ("refused", "unrelated")]
    verb = "would be merged" if queue.dry_run else "merged"
    lines = [f"# {len(merged)} {verb} into {pull_request_comment.plain(queue.onto)}, {len(refused)} skipped"]
    for verdict in refused:
        lines += ["", f"## {_title(verdict)}", "", pull_request_comment.render(verdict.findings, verdict.before)]
    if merged:
        lines += [
            "",
            f"## {verb.capitalize()}",
            "",
            *(f"- {_title(verdict)}{_warnings(verdict)}" for verdict in merged),
        ]
    if older := queue.of("older"):
        copies = (pull_request_comment.plain(f"{v.branch}, {v.instead} is newer") for v in older)
        lines += ["", "## Older copies, skipped", "", *(f"- {copy}" for copy in copies)]
    return "\n".join(lines)


def _title(verdict: Verdict) -> str:
    authors = f", by {', '.join(verdict.people)}" if verdict.people else ""
    return pull_request_comment.plain(f"{verdict.branch}{authors}")


def _warnings(verdict: Verdict) -> str:
    count = sum(1 for finding in verdict.findings if finding.severity is not Severity.INFO)
    return f" ({count} to fix later)" if count else ""
