"""What became of the editor's queue, as JSON and as Markdown that is fit for a comment."""

from __future__ import annotations

import json

from oerbook.model.findings import Severity
from oerbook.reports import pull_request_comment
from oerbook.reports.json_report import row
from oerbook.tasks.submissions.merge import Queue, Verdict


def as_json(queue: Queue) -> str:
    """Return a queue as JSON: `onto`, `dry_run`, and a list `branches` of what became of each; the handbook lists all."""
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
    """Return a queue as Markdown: what went into the book, then a comment for every branch that did not."""
    merged, refused = queue.of("merged"), [v for v in queue.verdicts if v.state in ("refused", "unrelated")]
    would = "would be merged" if queue.dry_run else "merged"
    lines = [f"# {len(merged)} {would} into {pull_request_comment.plain(queue.onto)}, {len(refused)} left alone"]
    for verdict in refused:
        lines += ["", f"## {_head(verdict)}", "", pull_request_comment.render(verdict.findings, verdict.before)]
    if merged:
        lines += ["", f"## {would.capitalize()}", "", *(f"- {_head(verdict)}{_remarks(verdict)}" for verdict in merged)]
    if older := queue.of("older"):
        copies = (pull_request_comment.plain(f"{v.branch}, of which {v.instead} is newer") for v in older)
        lines += ["", "## Older copies, left out", "", *(f"- {copy}" for copy in copies)]
    return "\n".join(lines)


def _head(verdict: Verdict) -> str:
    by = f", by {', '.join(verdict.people)}" if verdict.people else ""
    return pull_request_comment.plain(f"{verdict.branch}{by}")


def _remarks(verdict: Verdict) -> str:
    count = sum(1 for finding in verdict.findings if finding.severity is not Severity.INFO)
    return f" ({count} to mend later)" if count else ""
