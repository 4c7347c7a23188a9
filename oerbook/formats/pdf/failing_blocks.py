"""Find what Typst rejects in a section, replace that alone, and report it at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oerbook.formats.pdf.block_runs import plain_text, split_runs
from oerbook.formats.pdf.compile_book import TypstProject
from oerbook.formats.pdf.glyph_repair import place_of_section
from oerbook.formats.pdf.markup import runs_to_typst
from oerbook.manuscript import pandoc_ast
from oerbook.manuscript.manuscript import Manuscript, Section
from oerbook.manuscript.pandoc_ast import Block
from oerbook.model.findings import Finding, Place, Severity
from oerbook.model.untyped import Json
from oerbook.source.text import load_page_text
from oerbook.text.translations import translate
from oerbook.tools.typst import CompileFailure

FAILED_SECTION_NOTICE = "This chapter could not be set in this edition. It is complete on the web and in the e-book."
FAILED_RUN_NOTICE = "A passage could not be set in this edition. It is complete on the web and in the e-book."
ANCHOR_LABEL = re.compile(r"<([A-Za-z][\w-]*--[\w-]+)>")
# A call of the template, with the file of a picture and the description of a picture or formula.
ELEMENT_CALL = re.compile(
    r'#oer-(image|inline-image|math|equation)\("((?:[^"\\]|\\.)*)"(?:, alt: "((?:[^"\\]|\\.)*)")?'
)
NOUN_BY_CALL = {"image": "picture", "inline-image": "picture", "math": "formula", "equation": "formula"}
HINT_BY_NOUN = {
    "picture": "Save the picture again as PNG, JPEG or SVG.",
    "formula": "Write the formula in another way, and report it.",
    "passage": "Its words are printed without their form. Simplify the passage, and report it.",
    "chapter": "Split the chapter to find the cause, and report it.",
}
MIN_MATCHING_WORDS = 3
MAX_TRIAL_COMPILES = 120


@dataclass(slots=True)
class _Budget:
    """How often the book may still be compiled to find what fails: in a large book each time takes seconds."""

    left: int = MAX_TRIAL_COMPILES


@dataclass(frozen=True, slots=True)
class _Trial:
    """Compiles one section, with only the link targets of the others."""

    manuscript: Manuscript
    sections: Sequence[str]
    number: int
    project: TypstProject
    budget: _Budget

    def failure(self, text: str) -> CompileFailure | None:
        """Return why a text does not compile in place of the section."""
        self.budget.left -= 1
        all_anchors = keep_link_targets_only(self.sections[self.number])
        missing = [
            line for line in all_anchors.split("\n") if line and line not in keep_link_targets_only(text).split("\n")
        ]
        tried = "\n".join([text, *missing])
        alone = [
            tried if index == self.number else keep_link_targets_only(other)
            for index, other in enumerate(self.sections)
        ]
        return self.project.write_pdf(alone, self.manuscript.epoch)


def replace_failing_blocks(
    manuscript: Manuscript, sections: Sequence[str], project: TypstProject
) -> tuple[list[str], tuple[Finding, ...]]:
    """Replace what does not compile: a picture or formula, else its passage, else its chapter."""
    good, findings, budget = list(sections), [], _Budget()
    for number, section in enumerate(manuscript.sections):
        trial = _Trial(manuscript, good, number, project, budget)
        fault = trial.failure(sections[number])
        if fault is None:
            continue
        repaired, found = _repair(section, trial) if budget.left > 0 else (None, [])
        if repaired is None or trial.failure(repaired) is not None:
            repaired, found = (
                _notice(section, sections[number], manuscript.book.language),
                [_finding(trial, "chapter", fault, "")],
            )
        good[number] = repaired
        findings += found
    return good, tuple(findings)


def _repair(section: Section, trial: _Trial) -> tuple[str | None, list[Finding]]:
    """Return the section's markup with its failing parts replaced; None if no part fails by itself."""
    runs = [section.blocks[start:end] for start, end in split_runs(section.blocks)]
    texts = runs_to_typst(runs)
    outline = [_placeholder(blocks) for blocks in runs]
    failing = list(_failing_runs(_Runs(texts, outline, trial), 0, len(texts)))
    findings: list[Finding] = []
    for index in failing:
        if trial.budget.left <= 0:
            return None, []
        texts[index], found = _repair_run(runs[index], texts[index], trial)
        findings += found
    return ("\n\n".join(texts) if failing else None), findings


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of a section as markup, and the placeholder for each, since PDF/UA allows no gap in heading levels."""

    texts: Sequence[str]
    outline: Sequence[str]
    trial: _Trial

    def fails(self, start: int, end: int) -> bool:
        """Return whether some runs do not compile, with only the headings of the others."""
        text = "\n\n".join([*self.outline[:start], *self.texts[start:end], *self.outline[end:]])
        return self.trial.failure(text) is not None


def _placeholder(blocks: Sequence[Block]) -> str:
    """Return an empty heading for a run that is one."""
    level = next((block["c"][0] for block in blocks if block["t"] == "Header"), 0)
    return f"{'=' * level} …" if level else ""


def _failing_runs(runs: _Runs, start: int, end: int) -> Iterator[int]:
    """Yield the indices of the runs that do not compile by themselves, found by halving."""
    if start == end or runs.trial.budget.left <= 0 or not runs.fails(start, end):
        return
    if end - start == 1:
        yield start
        return
    middle = (start + end) // 2
    yield from _failing_runs(runs, start, middle)
    yield from _failing_runs(runs, middle, end)


def _repair_run(blocks: list[Block], text: str, trial: _Trial) -> tuple[str, list[Finding]]:
    """Return the markup of a run without its failing elements; if that is not enough, only its words."""
    level = next((block["c"][0] for block in blocks if block["t"] == "Header"), 1)
    above = "".join(f"{'=' * number} …\n\n" for number in range(1, level))
    fault = trial.failure(above + text)
    if fault is None:
        return text, []
    words = _words(blocks)
    findings: list[Finding] = []

    def replaced(node: Json) -> Json:
        if isinstance(node, list):
            return [replaced(item) for item in node]
        if not isinstance(node, dict):
            return node
        match = ELEMENT_CALL.match(str(node["c"][1])) if node.get("t") in ("RawInline", "RawBlock") else None
        if not match:
            return {key: replaced(value) for key, value in node.items()}
        reason = trial.failure(str(node["c"][1]))
        if reason is None:
            return node
        noun = NOUN_BY_CALL[match[1]]
        description = re.sub(r"\\(.)", r"\1", match[3] or "" if noun == "picture" else match[2])
        findings.append(_finding(trial, noun, reason, description, words))
        emphasis = pandoc_ast.inline("Emph", pandoc_ast.text_inlines(f"[{description or noun}]"))
        return emphasis if node["t"] == "RawInline" else pandoc_ast.para([emphasis])

    repaired = runs_to_typst([replaced(blocks)])[0]
    if findings and trial.failure(above + repaired) is None:
        return repaired, findings
    finding = _finding(trial, "passage", fault, " ".join(words.split()[:8]), words)
    notice = translate(trial.manuscript.book.language, FAILED_RUN_NOTICE)
    for content in (words or notice, notice):
        plain = runs_to_typst([[pandoc_ast.para(pandoc_ast.text_inlines(content))]])[0]
        plain = f"{keep_link_targets_only(text)}\n\n{plain}"
        if trial.failure(plain) is None:
            break
    return plain, [finding]


def _finding(trial: _Trial, noun: str, fault: CompileFailure, name: str, words: str = "") -> Finding:
    place = place_of_section(trial.manuscript, trial.manuscript.sections[trial.number])
    root = trial.manuscript.book.root
    text, _problem = load_page_text(root / place.path, root)
    line = _line_of(text, name) or _line_of(text, words)
    subject = f"this {noun}" if not name else f"the {noun} “{name[:60]}”"
    message = f"{subject} cannot be typeset for the PDF: {fault.message}"
    return Finding("pdf-section-failed", message, Place(place.path, line), Severity.ERROR, HINT_BY_NOUN[noun])


def _line_of(text: str, words: str) -> int:
    """Return the first line of a text that has some of the words in sequence, 0 if none has.

    >>> _line_of("# Soil\\n\\nWorms *dig* deep holes.", "1. Worms dig deep holes")
    3
    """
    found = re.findall(r"\w+", words)
    size = min(MIN_MATCHING_WORDS, len(found))
    for start in range(len(found) - size + 1) if size else ():
        match = re.search(r"\W+".join(map(re.escape, found[start : start + size])), text)
        if match:
            return text.count("\n", 0, match.start()) + 1
    return 0


def _words(node: Json) -> str:
    """Return the words of blocks."""
    if isinstance(node, list):
        is_text = any(isinstance(item, dict) and item.get("t") in ("Str", "Space") for item in node)
        return plain_text(node) if is_text else " ".join(filter(None, map(_words, node)))
    if isinstance(node, dict) and node.get("t") not in ("RawInline", "RawBlock"):
        content: Json = node.get("c")
        return str(content[1]) if node.get("t") == "CodeBlock" else _words(content)
    return ""


def _notice(section: Section, text: str, language: str) -> str:
    title = re.sub(r"[^\w\s.,:;-]", "", section.title)
    return f"= {title}\n\n{translate(language, FAILED_SECTION_NOTICE)}\n" + keep_link_targets_only(text)


def keep_link_targets_only(text: str) -> str:
    """Return only the link targets of a section, so that links to it still compile."""
    labels = dict.fromkeys(ANCHOR_LABEL.findall(re.sub(r"#link\(<[^>]*>\)", "", text)))
    return "\n".join(f"#[#metadata(none)<{name}>]" for name in labels)
