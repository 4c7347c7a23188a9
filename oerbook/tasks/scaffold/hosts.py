"""The hosts of repositories that a book can be set up for, and where each reads its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import oerbook

TEMPLATE_FOLDER = Path(oerbook.__file__).parent / "hosting"


@dataclass(frozen=True, slots=True)
class Host:
    """A host: its name on the command line, and what differs between hosts.

    `folder` is where it reads its files; `moved` maps templates (below `hosting/`) to paths in a book, for those that
    do not go into `folder`. `new_issue` is the end of the address where a form is chosen.
    """

    name: str
    title: str
    folder: str
    check_file: str
    moved: dict[str, str]
    request: str
    new_issue: str
    report: str
    next_step: str

    def templates(self) -> dict[str, Path]:
        """Return the templates by their paths in a book."""
        own = TEMPLATE_FOLDER / self.name
        files = {path.relative_to(own).as_posix(): path for path in own.rglob("*") if path.is_file()}
        paths = {self.moved.get(f"{self.name}/{name}", f"{self.folder}/{name}"): path for name, path in files.items()}
        shared = {target: TEMPLATE_FOLDER / source for source, target in self.moved.items()}
        return dict(sorted({**shared, **paths}.items()))


FORM_PATHS = ("ISSUE_TEMPLATE/propose-a-chapter.yml", "ISSUE_TEMPLATE/report-a-mistake.yml")
GITHUB = Host(
    "github",
    "GitHub",
    ".github",
    ".github/workflows/check.yml",
    {
        "github/CONTRIBUTING.md": "CONTRIBUTING.md",
        "shared/request_template.md": ".github/pull_request_template.md",
        **{f"shared/{form}": f".github/{form}" for form in FORM_PATHS},
    },
    "pull request",
    "/issues/new/choose",
    "A report with a link to a preview appears below in a few minutes.",
    "When the workflow has run once, open Pages in the repository's settings and set the source to Deploy from a"
    " branch, gh-pages, / (root).",
)
GITLAB = Host(
    "gitlab",
    "GitLab",
    ".gitlab",
    ".gitlab-ci.yml",
    {
        "gitlab/gitlab-ci.yml": ".gitlab-ci.yml",
        "shared/CONTRIBUTING.md": "CONTRIBUTING.md",
        "shared/request_template.md": ".gitlab/merge_request_templates/Default.md",
    },
    "merge request",
    "/-/issues/new",
    "A report and a preview appear above in a few minutes.",
    "GitLab publishes the book after each change; Deploy, Pages shows its address.",
)
FORGEJO = Host(
    "forgejo",
    "Forgejo",
    ".forgejo",
    ".forgejo/workflows/check.yml",
    {
        "shared/CONTRIBUTING.md": "CONTRIBUTING.md",
        "shared/request_template.md": ".forgejo/pull_request_template.md",
        **{f"shared/{form}": f".forgejo/{form}" for form in FORM_PATHS},
    },
    "pull request",
    "/issues/new/choose",
    "The result of a check appears below in a few minutes.",
    "Switch on Actions in the repository's settings. The site is on the branch pages.",
)
