"""Import the people in `.all-contributorsrc` (https://allcontributors.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from oerbook.importers.common import make_finding, to_list
from oerbook.model.findings import Finding, Place
from oerbook.model.untyped import Yaml
from oerbook.text.slugs import slugify

# Contribution types of all-contributors -> CRediT roles.
CONTRIBUTION_ROLES = {
    "content": "Writing – original draft",
    "doc": "Writing – original draft",
    "blog": "Writing – original draft",
    "review": "Writing – review & editing",
    "ideas": "Conceptualization",
    "code": "Software",
    "infra": "Software",
    "design": "Visualization",
    "translation": "Translation",
    "maintenance": "Supervision",
    "data": "Data curation",
    "projectManagement": "Project administration",
    "fundingFinding": "Funding acquisition",
}


def contributor_files(root: Path) -> tuple[list[tuple[str, str]], list[Finding]]:
    """Return a contributor's file for everyone in `.all-contributorsrc`."""
    path = root / ".all-contributorsrc"
    if not path.is_file():
        return [], []
    try:
        contributors = json.loads(path.read_text(encoding="utf-8"))["contributors"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [], [
            make_finding(
                "import-config-unreadable", "this file cannot be read", Place(".all-contributorsrc"), warning=True
            )
        ]
    files = {}
    for person in contributors if isinstance(contributors, list) else []:
        facts = _contributor_facts(person) if isinstance(person, Mapping) else {}
        slug = slugify(str(facts.get("github") or facts.get("name", "")))
        if facts.get("name") and slug:
            text = yaml.safe_dump({k: v for k, v in facts.items() if v}, sort_keys=False, allow_unicode=True)
            files[f"contributors/{slug}.md"] = f"---\n{text}---\n"
    return sorted(files.items()), []


def _contributor_facts(person: Mapping[str, Yaml]) -> dict[str, str | list[str]]:
    """Return the front matter of a contributor's file; the e-mail address is left out."""
    kinds = map(str, to_list(person.get("contributions")))
    profile = str(person.get("profile") or "")
    return {
        "name": str(person.get("name") or person.get("login") or "").strip(),
        "github": str(person.get("login") or ""),
        "website": profile if re.match(r"https?://(?!github\.com/)\S+$", profile) else "",
        "roles": list(dict.fromkeys(CONTRIBUTION_ROLES[kind] for kind in kinds if kind in CONTRIBUTION_ROLES)),
    }
