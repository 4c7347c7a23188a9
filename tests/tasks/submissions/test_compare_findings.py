"""Findings that existed before a submission are not counted, wherever they are now."""

from __future__ import annotations

from oerbook.model.findings import Finding, Place
from oerbook.tasks.submissions.compare_findings import split_new_from_existing


def finding(code: str, words: str, path: str = "a", line: int = 1) -> Finding:
    return Finding(code, words, Place(f"chapters/{path}.md", line))


def copied(count: int, words: str, other: str, path: str = "a") -> Finding:
    message, place = f"{count} words starting “{words} …” stand in {other} too", Place(f"chapters/{path}.md", 1)
    return Finding("text-copied", message, place, related_path=f"chapters/{other}.md")


def test_a_finding_on_another_line_or_page_counts_as_existing() -> None:
    before = [finding("math", "line 3 is wrong"), finding("image-alt-missing", "x.png has no description")]
    after = [finding("math", "line 9 is wrong", line=9), finding("image-alt-missing", "x.png has no description", "b")]
    assert split_new_from_existing(before, after, {}) == ((), tuple(after))


def test_a_partly_changed_copied_passage_counts_as_an_existing_finding() -> None:
    before = [copied(40, "of the log", "b")]
    after = [copied(28, "the money supply", "b")]
    assert split_new_from_existing(before, after, {}) == ((), tuple(after))
    more = copied(30, "and so on", "c")
    again = copied(31, "once more", "b")
    assert split_new_from_existing(before, [*after, more, again], {})[0] == (more, again)


def test_a_finding_with_other_quoted_words_is_new() -> None:
    before, after = (
        [finding("link-text-generic", "the link “here” does not say")],
        [finding("link-text-generic", "the link “this” does not say")],
    )
    assert split_new_from_existing(before, after, {}) == (tuple(after), ())


def test_a_finding_in_a_renamed_page_counts_as_existing() -> None:
    before, after = (
        [copied(40, "x", "b")],
        [copied(30, "y", "b", "z")],
    )
    assert split_new_from_existing(before, after, {"chapters/a.md": "chapters/z.md"}) == ((), tuple(after))
