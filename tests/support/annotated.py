"""A history of pages in memory, and who wrote each of their words."""

from __future__ import annotations

from dataclasses import dataclass, field

from oerbook.attribution.annotate import Annotator
from oerbook.attribution.myst_prose import iter_prose_words
from oerbook.attribution.page_revisions import PagesByPath
from oerbook.attribution.word_codes import Vocabulary, char_to_number
from oerbook.model.history import PageEdit


@dataclass
class History:
    """Commits by name, on a stack of files."""

    annotator: Annotator = field(default_factory=lambda: Annotator(Vocabulary()))
    people: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    pages: PagesByPath = field(default_factory=dict)

    def commit(self, who: str, automatic: bool = False, **files: str) -> PagesByPath:
        """Set files ("" removes one); every other file stays."""
        wanted = {**self.files, **files}
        wanted = {name: text for name, text in wanted.items() if text}
        self.pages = self.step(who, [self.pages], self.files, wanted, automatic)
        self.files = wanted
        return self.pages

    def step(
        self, who: str, parents: list[PagesByPath], old: dict[str, str], new: dict[str, str], automatic: bool = False
    ) -> PagesByPath:
        edits = [
            PageEdit(name if name in old else "", name if name in new else "", new.get(name, ""))
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        ]
        self.people.append(who)
        texts = {edit.blob: edit.blob for edit in edits if edit.blob}
        return self.annotator.annotate_commit(len(self.people) - 1, parents, edits, texts, automatic)

    def who(self, name: str, pages: PagesByPath | None = None) -> list[str]:
        """Return who wrote each word of a file."""
        page = (pages or self.pages)[name]
        return [self.people[char_to_number(sign)] for sign in "".join(page.origins)]

    def wrote(self, name: str, person: str) -> str:
        """Return the words of a file that somebody wrote."""
        found = [
            w.text for w, who in zip(iter_prose_words(self.files[name]), self.who(name), strict=True) if who == person
        ]
        return " ".join(found)
