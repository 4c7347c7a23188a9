"""Read tables of contents that are Markdown lists: `SUMMARY.md` of mdBook and GitBook."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from oerbook.importers import common
from oerbook.importers.common import TocEntry
from oerbook.model.findings import Finding, Place

ITEM = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|\d+[.)])[ \t]+(?P<text>.*?)\s*$")
LINK = re.compile(r"^\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?(?P<path>[^)<>]*?)>?(?:\s+\"[^\"]*\")?\s*\)$")
HEADING = re.compile(r"^#{1,6}\s+(?P<words>.*?)\s*$")


@dataclass(slots=True)
class SummaryReader:
    """Reads `SUMMARY.md`: links before the list, parts, and a list with pages below pages."""

    base: Path  # the folder that the links are relative to
    place: str  # the file from the root of the repository, for findings
    pages: list[str] = field(default_factory=list)
    unnumbered: list[str] = field(default_factory=list)  # pages before and after the numbered list
    findings: list[Finding] = field(default_factory=list)

    def entries(self, text: str) -> list[TocEntry]:
        """Return the table of contents in mystmd's form."""
        entries: list[TocEntry] = []
        siblings = entries
        levels: list[tuple[int, list[TocEntry]]] = []
        has_title = False
        for number, line in enumerate(text.split("\n"), start=1):
            if heading := HEADING.match(line):
                levels = []
                if has_title or (entries and self.pages):
                    siblings = _add_part(entries, heading["words"])
                has_title = True
                continue
            item = ITEM.match(line)
            indent = len(item["indent"].expandtabs(4)) if item else -1
            link = LINK.match(item["text"] if item else line.strip())
            if link is None and not item:
                continue
            while levels and levels[-1][0] >= indent:
                levels.pop()
            target = levels[-1][1] if levels else siblings
            children = self._add(target, link, item["text"] if item else "", number)
            if link and not item and self.pages:
                self.unnumbered.append(self.pages[-1])
            if item:
                levels.append((indent, children))
        return _without_empty(entries)

    def _add(self, target: list[TocEntry], link: re.Match[str] | None, words: str, number: int) -> list[TocEntry]:
        """Add a page or a group to a list, and return the list of what is below it."""
        children: list[TocEntry] = []
        path = posixpath.normpath(re.split(r"[#?]", link["path"])[0].strip().replace("%20", " ")) if link else ""
        if link is None or path in ("", "."):
            title = link["words"] if link else re.sub(r"[*_`]", "", words)
            target.append({"title": title, "children": children})
            return children
        if re.match(r"https?:", link["path"]):
            message = f"the link {link['path']} in the table of contents is not imported"
            self.findings.append(common.make_finding("import-toc-link", message, Place(self.place, number)))
        elif path in self.pages:
            return children if "#" in link["path"] else target
        elif not common.has_file(self.base, path) or not path.lower().endswith((".md", ".markdown", ".ipynb")):
            message = f"{path} is listed, but there is no such page"
            self.findings.append(
                common.make_finding("import-page-missing", message, Place(self.place, number), warning=True)
            )
        else:
            self.pages.append(path)
            target.append({"file": path, "children": children})
            return children
        target.append({"title": link["words"], "children": children})
        return children


def _add_part(entries: list[TocEntry], title: str) -> list[TocEntry]:
    children: list[TocEntry] = []
    entries.append({"title": title, "children": children})
    return children


def _without_empty(entries: list[TocEntry]) -> list[TocEntry]:
    """Return entries without empty lists and groups."""
    result: list[TocEntry] = []
    for entry in entries:
        children = _without_empty(common.to_list(entry.get("children")))
        kept = {key: value for key, value in entry.items() if key != "children"}
        if children:
            kept["children"] = children
        if kept.get("file") or children:
            result.append(kept)
    return result
