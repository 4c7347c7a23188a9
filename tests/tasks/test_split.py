"""Findings that were there before a submission are not held against it, wherever they are now."""

from __future__ import annotations

from oerbook.model.findings import Finding, Place
from oerbook.tasks.submissions.compare_findings import split

COPIED = "{} words beginning “{} …” stand in chapters/{}.md too"


def found(code: str, words: str, path: str = "a", line: int = 1) -> Finding:
    return Finding(code, words, Place(f"chapters/{path}.md", line))


def test_what_moved_was_there() -> None:
    before = [found("math", "line 3 is wrong"), found("image-alt", "x.png has no description")]
    after = [found("math", "line 9 is wrong", line=9), found("image-alt", "x.png has no description", "b")]
    assert split(before, after, {}) == ((), tuple(after))


def test_a_copied_passage_that_is_changed_in_part_was_there() -> None:
    before = [found("text-copied", COPIED.format(40, "of the log", "b"))]
    after = [found("text-copied", COPIED.format(28, "the money supply", "b"))]
    assert split(before, after, {}) == ((), tuple(after))
    more = found("text-copied", COPIED.format(30, "and so on", "c"))
    again = found("text-copied", COPIED.format(31, "once more", "b"))
    assert split(before, [*after, more, again], {})[0] == (more, again)


def test_another_word_in_quotes_is_another_finding() -> None:
    before, after = (
        [found("link-text", "the link “here” does not say")],
        [found("link-text", "the link “this” does not say")],
    )
    assert split(before, after, {}) == (tuple(after), ())


def test_what_stood_in_a_page_that_was_renamed_was_there() -> None:
    before, after = (
        [found("text-copied", COPIED.format(40, "x", "b"))],
        [found("text-copied", COPIED.format(30, "y", "b"), "z")],
    )
    assert split(before, after, {"chapters/a.md": "chapters/z.md"}) == ((), tuple(after))
