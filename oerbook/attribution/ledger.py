"""Compute credits from surviving words, commit trailers and declarations.

Measuring (whose words survive), declared roles and the policy that decides who is listed as an author are separate
steps: people named in front matter, a trailer or a commit stay in the ledger even if none of their words are left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from oerbook.attribution.bots import is_assistant, is_bot
from oerbook.attribution.identity import IdentityIndex
from oerbook.attribution.trailers import parse_trailers
from oerbook.attribution.word_codes import char_to_number
from oerbook.model.book import Book, Chapter, Credit, CreditPolicy, Credits
from oerbook.model.history import Commit, History, Identity
from oerbook.model.people import NamedPerson

ROLE_ORDER = (
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

EMPTY_TRAILERS: list[tuple[str, Identity]] = []  # shared by all commits without trailers, which most are
CreditSortKey = tuple[bool | float | str | tuple[str, str], ...]


@dataclass(slots=True)
class _Tally:
    """What is counted for one person while the ledger is computed."""

    words: float = 0.0
    roles: list[str] = field(default_factory=list)
    commits: set[int] = field(default_factory=set)
    declared: bool = False
    author: bool = False  # declared as an author

    def add_role(self, role: str) -> None:
        """Add a role once."""
        if role and role not in self.roles:
            self.roles.append(role)

    def merge(self, other: _Tally) -> None:
        """Add the words, commits and roles of another tally of the same person."""
        self.words += other.words
        self.commits |= other.commits
        self.declared |= other.declared
        for role in other.roles:
            self.add_role(role)


class CreditLedger:
    """The people behind every commit, and their credit for surviving words."""

    def __init__(self, book: Book, history: History) -> None:
        self.policy: CreditPolicy = book.settings.credit
        self.book, self.history = book, history
        self._mailmap = dict(history.mailmap)
        self._is_machine: dict[Identity, bool] = {}
        self._merges = _merges_of_branch(history)
        self._claimed_names = {name.casefold() for person in book.people for name in (person.name, *person.identities)}
        self._trailers = [
            list(self._parse_trailers(commit)) if commit.message else EMPTY_TRAILERS for commit in history.commits
        ]
        named = (who for pairs in self._trailers for role, who in pairs if role != "tool")
        counts = Counter([*(commit.author for commit in history.commits), *named])
        people = {who: count for who, count in counts.items() if not self._machine(who)}
        self.identities = IdentityIndex(book.people, people)
        self.tools = sorted(self._tool_names())

    def _parse_trailers(self, commit: Commit) -> Iterable[tuple[str, Identity]]:
        for role, who in parse_trailers(commit.message):
            if role == "reviewer" and commit.sha not in self._merges:
                continue  # a submitter's own commit is no place for a review
            if role == "author" and who.name.casefold() not in self._claimed_names and is_assistant(who, trailer=True):
                yield "tool", who
            elif role == "tool" or not is_bot(who, self.policy.bots):
                yield role, self._mailmap.get(who, who)

    def _machine(self, who: Identity) -> bool:
        if who not in self._is_machine:  # most commits are by few people
            assistant = who.name.casefold() not in self._claimed_names and is_assistant(who)
            self._is_machine[who] = assistant or is_bot(who, self.policy.bots)
        return self._is_machine[who]

    def _tool_names(self) -> set[str]:
        disclosed = {who.name for pairs in self._trailers for role, who in pairs if role == "tool"}
        committers = {commit.author for commit in self.history.commits}
        committing = {who.name for who in committers if is_assistant(who)}
        # Of several spellings of one name, the first in sort order wins: capitals come first.
        names = sorted({name for name in disclosed | committing if name and "@" not in name}, reverse=True)
        return set({name.casefold(): name for name in names}.values())

    @cached_property
    def authors(self) -> list[tuple[str, ...]]:
        """The ids of each commit's authors, the committer first; empty for machines."""
        committers = {commit.author for commit in self.history.commits}
        committer_ids = {who: () if self._machine(who) else (self.identities.person_id(who),) for who in committers}
        authors: list[tuple[str, ...]] = []
        for commit, pairs in zip(self.history.commits, self._trailers, strict=True):
            ids = committer_ids[commit.author]
            if pairs and (self.policy.coauthors != "author-only" or not ids):
                coauthors = (self.identities.person_id(who) for role, who in pairs if role == "author")
                ids = tuple(dict.fromkeys((*ids, *coauthors)))
            authors.append(ids)
        return authors

    @cached_property
    def automatic_commits(self) -> frozenset[str]:
        """The SHAs of commits by machines, and of those listed as reformatting only."""
        pairs = zip(self.history.commits, self.authors, strict=True)
        return frozenset(c.sha for c, people in pairs if not people or c.sha in self.history.ignored_revs)

    def author_ids(self, commit: int) -> tuple[str, ...]:
        """Return the ids of a commit's authors; none for uncommitted words."""
        known = commit < len(self.history.commits) and self.history.commits[commit].sha not in self.history.ignored_revs
        return self.authors[commit] if known else ()

    def compute_credits(self, origins: Mapping[str, str]) -> Credits:
        """Return the credit of every person.

        `origins` maps the path of each page to one character per surviving word (see `word_codes`).
        """
        totals: dict[str, _Tally] = defaultdict(_Tally)
        self._declare(totals, self.book)
        chapters: list[tuple[str, dict[str, _Tally]]] = []
        months: Counter[str] = Counter()
        word_count = 0
        for page in (self.book.index, *self.book.chapters):
            words = Counter(origins.get(page.path, ""))
            word_count += sum(words.values())
            tallies = self._page_tallies(page, words, months)
            for person, tally in tallies.items():
                totals[person].merge(tally)
            chapters.append((page.slug, tallies))
        self._add_helpers(totals, dict(chapters))
        people = self.identities.people
        opted_out = {person.id for person in people.values() if not person.credit}
        chapter_credits = tuple((slug, self._sorted_credits(tallies, opted_out)) for slug, tallies in chapters)
        book_credits = self._sorted_credits(totals, opted_out)
        credited = tuple(people[credit.person] for credit in book_credits)
        tools, by_month = tuple(self.tools), tuple(sorted(months.items()))
        return Credits(credited, book_credits, chapter_credits, word_count, tools, by_month)

    def _page_tallies(self, page: Chapter, words: Counter[str], months: Counter[str]) -> dict[str, _Tally]:
        """Return the tallies of one page; the words of each month are added to `months`."""
        tallies: dict[str, _Tally] = defaultdict(_Tally)
        if page is not self.book.index:
            self._declare(tallies, page)
        for char, count in words.items():
            self._share_out(tallies, char_to_number(char), count, months)
        return tallies

    def _declare(self, tallies: dict[str, _Tally], page: Book | Chapter) -> None:
        declared: list[tuple[str, Sequence[NamedPerson]]] = [
            ("author", page.authors), ("editor", page.editors), ("", page.contributors), ("reviewer", page.reviewers)
        ]  # fmt: skip
        for list_role, people in declared:
            for who in people:
                if not who.name:
                    continue
                tally = tallies[self.identities.person_id_by_name(who)]
                tally.declared = True
                tally.author |= list_role == "author"
                for role in (list_role, *who.roles):
                    tally.add_role(role)

    def _share_out(self, tallies: dict[str, _Tally], commit: int, count: int, months: Counter[str]) -> None:
        writers = self.author_ids(commit)
        for person in writers:
            tallies[person].words += count if self.policy.coauthors == "full" else count / len(writers)
            tallies[person].commits.add(commit)
            tallies[person].add_role("author")
        if writers:
            months[self.history.commits[commit].date[:7]] += count

    def _add_helpers(self, totals: dict[str, _Tally], chapters: Mapping[str, dict[str, _Tally]]) -> None:
        """Add roles and commits from trailers, so that every participant is listed."""
        slugs = {self.history.prefix + page.path: page.slug for page in (self.book.index, *self.book.chapters)}
        merges = [index for index, commit in enumerate(self.history.commits) if len(commit.parents) > 1]
        self._add_commits(totals, merges)
        for commit, pairs in enumerate(self._trailers):
            if not pairs:
                continue
            touched = {slugs[edit.new_path] for edit in self.history.commits[commit].edits if edit.new_path in slugs}
            for role, who in pairs:
                if role == "tool" or (role == "author" and len(self.history.commits[commit].parents) > 1):
                    continue
                person = self.identities.person_id(who)
                for tally in (totals[person], *(chapters[slug][person] for slug in touched if role != "author")):
                    tally.commits.add(commit)
                    tally.add_role(role)
        for contributor in self.book.people:
            for role in contributor.roles:
                totals[contributor.id].add_role(role)
            totals[contributor.id].declared = True

    def _add_commits(self, totals: dict[str, _Tally], merges: Sequence[int]) -> None:
        """Count the commits of each author; a merge counts for nobody but co-authors whom no other commit names."""
        merge_indexes = frozenset(merges)
        for commit, people in enumerate(self.authors):
            for person in people if commit not in merge_indexes else ():
                totals[person].commits.add(commit)
        for commit in merges:
            coauthors = {self.identities.person_id(who) for role, who in self._trailers[commit] if role == "author"}
            for person in sorted(coauthors):
                if not totals[person].commits - merge_indexes:
                    totals[person].commits.add(commit)
                    totals[person].add_role("author")

    def _sorted_credits(self, tallies: Mapping[str, _Tally], opted_out: set[str]) -> tuple[Credit, ...]:
        """Return credits in the order of the policy, without people who opted out."""
        total = sum(tally.words for tally in tallies.values())
        listed = [self._credit(person, tally, total) for person, tally in tallies.items() if person not in opted_out]
        return tuple(sorted(listed, key=self._sort_key(listed)))

    def _credit(self, person: str, tally: _Tally, total: float) -> Credit:
        share = tally.words / total if total else 0.0
        counts = tally.words > 0 and (tally.words >= self.policy.min_words or share >= self.policy.min_share)
        commits = sorted(tally.commits, reverse=True)
        days = [self.history.commits[commit].date for commit in commits] or [""]
        roles = sorted(tally.roles, key=lambda role: ROLE_ORDER.index(role) if role in ROLE_ORDER else len(ROLE_ORDER))
        return Credit(
            person=person,
            words=round(tally.words, 2),
            share=share,
            roles=tuple(roles) or (("contributor",) if commits else ()),
            commits=tuple(self.history.commits[commit].sha for commit in commits),
            first=min(days),
            last=max(days),
            declared=tally.declared,
            is_author=counts or tally.author,
        )

    def _sort_key(self, listed: Sequence[Credit]) -> Callable[[Credit], CreditSortKey]:
        """Return the sort key for the policy's order; authors come first in each order."""
        rank = {credit.person: index for index, credit in enumerate(listed)}
        people = self.identities.people

        def key(credit: Credit) -> CreditSortKey:
            name = people[credit.person].name.split()
            by_name = (name[-1].casefold() if name else "", people[credit.person].name.casefold())
            if self.policy.order == "alphabetical":
                return (not credit.is_author, by_name)
            if self.policy.order == "declared":
                return (
                    not credit.is_author,
                    not credit.declared,
                    rank[credit.person] if credit.declared else 0,
                    -credit.words,
                    by_name,
                )
            return (not credit.is_author, -credit.words, not credit.declared, by_name)

        return key


def _merges_of_branch(history: History) -> frozenset[str]:
    """Return the merges on the book's own branch: the first parents of its last commit, in which editors merge."""
    commits = {commit.sha: commit for commit in history.commits}
    merges, sha = set(), history.head or (history.commits[-1].sha if history.commits else "")
    while sha in commits:
        parents = commits[sha].parents
        if len(parents) > 1:
            merges.add(sha)
        sha = parents[0] if parents else ""
    return frozenset(merges)
