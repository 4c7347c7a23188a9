"""The ledger: from surviving words, trailers and declarations to everybody's credit.

Measuring (whose words stand today), declared roles and the policy that decides who is shown as an author are kept
apart: who is named in front matter, a trailer or a commit stays in the ledger although no word of theirs is left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from oerbook.attribution.bots import is_assistant, is_bot
from oerbook.attribution.identity import Directory
from oerbook.attribution.trailers import trailers
from oerbook.attribution.word_codes import number
from oerbook.model.book import Book, Chapter, Credit, CreditPolicy, Credits
from oerbook.model.history import Commit, History, Identity
from oerbook.model.people import Declared

ORDER = (
    "author",
    "editor",
    "translator",
    "illustrator",
    "photographer",
    "designer",
    "reviewer",
    "proofreader",
    "helper",
)


NOTHING: list[tuple[str, Identity]] = []  # what most commits say


@dataclass(slots=True)
class _Tally:
    """What is known of one person while the ledger is drawn up."""

    words: float = 0.0
    roles: list[str] = field(default_factory=list)
    commits: set[int] = field(default_factory=set)
    declared: bool = False
    author: bool = False  # declared as one

    def add_role(self, role: str) -> None:
        """Note a role once."""
        if role and role not in self.roles:
            self.roles.append(role)


class Ledger:
    """Who is behind every commit of a history, and what that makes of the words that stand."""

    def __init__(self, book: Book, history: History) -> None:
        self.policy: CreditPolicy = book.settings.credit
        self.book, self.history = book, history
        self._mailmap = dict(history.mailmap)
        self._machines: dict[Identity, bool] = {}
        self._claimed = {name.casefold() for person in book.people for name in (person.name, *person.identities)}
        self._said = [list(self._trailers(commit)) if commit.message else NOTHING for commit in history.commits]
        named = (who for said in self._said for role, who in said if role != "tool")
        everyone = Counter([*(commit.author for commit in history.commits), *named])
        people = {one: times for one, times in everyone.items() if not self._machine(one)}
        self.directory = Directory(book.people, people)
        self.tools = sorted(self._tools())

    def _trailers(self, commit: Commit) -> Iterable[tuple[str, Identity]]:
        for role, who in trailers(commit.message):
            if role == "author" and who.name.casefold() not in self._claimed and is_assistant(who, trailer=True):
                yield "tool", who
            elif role == "tool" or not is_bot(who, self.policy.bots):
                yield role, self._mailmap.get(who, who)

    def _machine(self, who: Identity) -> bool:
        if who not in self._machines:  # most commits are by few people
            assistant = who.name.casefold() not in self._claimed and is_assistant(who)
            self._machines[who] = assistant or is_bot(who, self.policy.bots)
        return self._machines[who]

    def _tools(self) -> set[str]:
        disclosed = {who.name for said in self._said for role, who in said if role == "tool"}
        committers = {commit.author for commit in self.history.commits}
        committing = {one.name for one in committers if is_assistant(one)}
        # Of one name in several spellings, the first in the alphabet stays: capitals come first.
        named = sorted({name for name in disclosed | committing if name and "@" not in name}, reverse=True)
        return set({name.casefold(): name for name in named}.values())

    @cached_property
    def authors(self) -> list[tuple[str, ...]]:
        """Return the ids of those who wrote each commit, the committer's own first; nobody where a machine did."""
        committers = {commit.author for commit in self.history.commits}
        alone = {one: () if self._machine(one) else (self.directory.id_of(one),) for one in committers}
        found: list[tuple[str, ...]] = []
        for commit, said in zip(self.history.commits, self._said, strict=True):
            people = alone[commit.author]
            if said and (self.policy.coauthors != "author-only" or not people):
                named = (self.directory.id_of(who) for role, who in said if role == "author")
                people = tuple(dict.fromkeys((*people, *named)))
            found.append(people)
        return found

    @cached_property
    def automatic(self) -> frozenset[str]:
        """Return the commits that no person wrote, and those that the book says only changed the look of the text."""
        pairs = zip(self.history.commits, self.authors, strict=True)
        return frozenset(c.sha for c, people in pairs if not people or c.sha in self.history.ignored)

    def writers(self, commit: int) -> tuple[str, ...]:
        """Return the ids of those whom a commit's words belong to; nobody for what is not committed yet."""
        known = commit < len(self.history.commits) and self.history.commits[commit].sha not in self.history.ignored
        return self.authors[commit] if known else ()

    def credits(self, origins: Mapping[str, str]) -> Credits:
        """Return everybody's credit; `origins` holds for each page (by path) one letter per word that stands."""
        whole: dict[str, _Tally] = defaultdict(_Tally)
        self._declare(whole, self.book)
        chapters: list[tuple[str, dict[str, _Tally]]] = []
        months: Counter[str] = Counter()
        counted = 0
        for page in (self.book.index, *self.book.chapters):
            tallies: dict[str, _Tally] = defaultdict(_Tally)
            if page is not self.book.index:
                self._declare(tallies, page)
            words = Counter(origins.get(page.path, ""))
            counted += sum(words.values())
            for sign, count in words.items():
                self._share_out(tallies, number(sign), count, months)
            for person, tally in tallies.items():
                whole[person].words += tally.words
                whole[person].commits |= tally.commits
                whole[person].declared |= tally.declared
                for role in tally.roles:
                    whole[person].add_role(role)
            chapters.append((page.slug, tallies))
        self._helpers(whole, dict(chapters))
        people = self.directory.people
        opted_out = {person.id for person in people.values() if not person.credit}
        listed = tuple((slug, self._settled(tallies, opted_out)) for slug, tallies in chapters)
        found = self._settled(whole, opted_out)
        kept = tuple(people[credit.person] for credit in found)
        return Credits(kept, found, listed, counted, tuple(self.tools), tuple(sorted(months.items())))

    def _declare(self, tallies: dict[str, _Tally], what: Book | Chapter) -> None:
        named: list[tuple[str, Sequence[Declared]]] = [
            ("author", what.authors), ("editor", what.editors), ("", what.contributors), ("reviewer", what.reviewers)
        ]  # fmt: skip
        for role, people in named:
            for who in people:
                if not who.name:
                    continue
                tally = tallies[self.directory.declared(who)]
                tally.declared = True
                tally.author |= role == "author"
                for said in (role, *who.roles):
                    tally.add_role(said)

    def _share_out(self, tallies: dict[str, _Tally], commit: int, count: int, months: Counter[str]) -> None:
        writers = self.writers(commit)
        for person in writers:
            tallies[person].words += count if self.policy.coauthors == "full" else count / len(writers)
            tallies[person].commits.add(commit)
            tallies[person].add_role("author")
        if writers:
            months[self.history.commits[commit].date[:7]] += count

    def _helpers(self, whole: dict[str, _Tally], chapters: Mapping[str, dict[str, _Tally]]) -> None:
        """Enter what commits and trailers say beyond the words: everybody who took part is in the ledger."""
        slugs = {self.history.prefix + page.path: page.slug for page in (self.book.index, *self.book.chapters)}
        for commit, said in enumerate(self._said):
            for person in self.authors[commit]:
                whole[person].commits.add(commit)
            if not said:
                continue
            touched = {slugs[edit.new] for edit in self.history.commits[commit].edits if edit.new in slugs}
            for role, who in said:
                if role == "tool":
                    continue
                person = self.directory.id_of(who)
                for tally in (whole[person], *(chapters[slug][person] for slug in touched if role != "author")):
                    tally.commits.add(commit)
                    tally.add_role(role)
        for known in self.book.people:
            for role in known.roles:
                whole[known.id].add_role(role)
            whole[known.id].declared = True

    def _settled(self, tallies: Mapping[str, _Tally], opted_out: set[str]) -> tuple[Credit, ...]:
        """Return credits in the order of the policy; who asked not to be named is not."""
        total = sum(tally.words for tally in tallies.values())
        found = []
        for person, tally in tallies.items():
            if person in opted_out:
                continue
            share = tally.words / total if total else 0.0
            counts = tally.words > 0 and (tally.words >= self.policy.words or share >= self.policy.share)
            commits = sorted(tally.commits, reverse=True)
            days = [self.history.commits[commit].date for commit in commits] or [""]
            roles = sorted(tally.roles, key=lambda role: ORDER.index(role) if role in ORDER else len(ORDER))
            found.append(
                Credit(
                    person=person,
                    words=round(tally.words, 2),
                    share=share,
                    roles=tuple(roles) or (("contributor",) if commits else ()),
                    commits=tuple(self.history.commits[commit].sha for commit in commits),
                    first=min(days),
                    last=max(days),
                    declared=tally.declared,
                    author=counts or tally.author,
                )
            )
        return tuple(sorted(found, key=self._place(found)))

    def _place(self, found: Sequence[Credit]) -> Callable[[Credit], tuple[Any, ...]]:
        """Return the sort key of the policy's order; authors stand before everybody else in each."""
        rank = {credit.person: place for place, credit in enumerate(found)}
        people = self.directory.people

        def key(credit: Credit) -> tuple[Any, ...]:
            name = people[credit.person].name.split()
            alphabet = (name[-1].casefold() if name else "", people[credit.person].name.casefold())
            if self.policy.order == "alphabetical":
                return (not credit.author, alphabet)
            if self.policy.order == "declared":
                return (
                    not credit.author,
                    not credit.declared,
                    rank[credit.person] if credit.declared else 0,
                    -credit.words,
                    alphabet,
                )
            return (not credit.author, -credit.words, not credit.declared, alphabet)

        return key
