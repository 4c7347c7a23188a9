"""What Sphinx, docutils, MyST and their extensions say of a page, in words that a teacher understands."""

from __future__ import annotations

import re

FIRST_HEADING = "the page's first heading is not its title"
NAMELESS = "no text is given for a footnote"
NUMBER = "Write a whole number."
LENGTH = "Write a share of the width or a length: 80%, 300px or 12em."
ROWS = "Begin each row with * - and write each further cell below it, behind a hyphen."
COLUMNS = "Write one number from 1 to 12, or four, for screens from narrow to wide."
MOST_LETTERS = 1000
LINES = "Write numbers and ranges of lines: 1,3-5."
OTHER = "Name the other book under references: in chapters/index.md, or write the address of its page."
APART = "Leave an empty line between it and the text that follows."

# A pattern, what it says in plain words, and what to do where the code of the finding does not tell well enough.
WORDS: tuple[tuple[str, str, str], ...] = (
    # Headings, links, references
    (r"^Document headings start at H\d.*$", FIRST_HEADING, ""),
    (
        r"^Non-consecutive header level increase; H(\d) to H(\d)$",
        r"a heading of level \2 stands below one of level \1",
        "",
    ),
    (r"'myst' cross-reference target not found: '?(.*?)'?$", r"nothing in the book is labelled \1", ""),
    (r"undefined label: '?(.*?)'?$", r"nothing in the book is labelled \1", ""),
    (r"label '(.*?)' not found\.?$", r"nothing in the book is labelled \1", ""),
    (r"unknown document: '?(.*?)'?$", r"there is no page \1", ""),
    (r"^local id not found in doc '(.*?)': '(.*?)'$", r"nothing in the page \1 is labelled \2", ""),
    (r"^'any' reference target not found: (.*)$", r"nothing in the book is labelled \1", ""),
    (r"^external \S+ reference target not found: (.*)$", r"no other book that this one names has a label \1", OTHER),
    (r"^[Nn]o matches for ['\"](\*|[^:]*):.*:(.*?)['\"]$", r"no other book that this one names has a label \2", OTHER),
    (r"term not in glossary: '?(.*?)'?$", r"the glossary has no term \1", ""),
    (r"equation not found: (.*)$", r"no equation is labelled \1", ""),
    (r"duplicate label:? (.*?)[,;]? other instance in (.*)$", r"the label \1 is used twice", ""),
    (r"duplicate term description of (.*?), other instance in (.*)$", r"the term \1 is explained twice", ""),
    (r"[Dd]uplicate explicit target name: \"(.*?)\"\.?$", r"the label \1 is used twice", ""),
    (r"^Duplicate reference definition: (.*)$", r"the address of [\1] is given twice", "Keep one of them."),
    (
        r"Failed to create a cross reference. A title or caption not found: '?(.*?)'?$",
        r"what is labelled \1 has no heading or caption whose words could be shown: write {ref}`some words <\1>`",
        "",
    ),
    (r"Failed to create a cross reference. Any number is not assigned: (.*)$", r"what is labelled \1 has no number", ""),
    (r"could not find bibtex key [\"'](.*?)[\"']$", r"the bibliography has no entry \1", ""),
    (
        r"^syntax error in :filter: expression \((.*)\); the option will be ignored$",
        r"the filter of this bibliography cannot be read: \1",
        "Take the line :filter: out, and everything that is cited is listed.",
    ),
    # Footnotes
    (r"Footnote \[(.*?)\] is not referenced\.?$", r"footnote \1 is never referred to", ""),
    (r"No reference found for footnote: (.*)$", r"no text is given for footnote \1", ""),
    (r"[Uu]nknown target name: \"(.*?)\"\.?$", r"no text is given for footnote \1", ""),
    (r"^Too many autonumbered footnote references.*$", NAMELESS, ""),
    (r"^Duplicate footnote definition found for label: '?(.*?)'?$", r"the footnote \1 is written twice", ""),
    # Files
    (r"image file not readable: (.*)$", r"the picture \1 is missing", ""),
    (r"download file not readable: (.*)$", r"the file \1 is missing", ""),
    (r"[Ii]nclude file '?(.*?)'? not found or reading it failed$", r"the file \1 is missing", ""),
    (r"[Dd]irective \"[\w-]+\": file not found: '(.*)'$", r"the file \1 is missing", ""),
    (r"^Problems with \".*?\" directive path: .*?'(?:.*/)?(.*?)'\.?$", r"the file \1 is missing", ""),
    (
        r"^Directive \".*?\"; option \"(.*?)\": text not found \"(.*)\"\.$",
        r"the file does not hold the words of :\1: “\2”",
        "Copy the words out of the file, sign by sign.",
    ),
    (
        r"^Object named '(.*?)' not found in include file '(?:.*/)?(.*?)'$",
        r"\2 holds nothing that is called \1",
        "Write the name of a function or class that stands in the file.",
    ),
    (
        r"^Line spec '(.*?)': no lines pulled from include file '(?:.*/)?(.*?)'$",
        r"\2 has no lines \1",
        LINES,
    ),
    (r"^circular inclusion in .*$", "this file takes itself in, by others or at once", "Take one of the {include} out."),
    # Pictures and figures
    (
        r"^Figure caption must be a paragraph or empty comment\.$",
        "the caption of this figure is no paragraph",
        "Begin with the caption, one paragraph of words; a list may follow after an empty line.",
    ),
    (
        r"^[Cc]ontent should be one image, followed by a single paragraph caption$",
        "a figure of this kind holds a picture and one paragraph, its caption, and nothing else",
        "Write ![what it shows](drop.png), an empty line, and the caption.",
    ),
    (r"^Invalid '(width|height)' attribute value: '(.*)'$", r"\1 cannot be “\2”", LENGTH),
    (r"^Invalid 'align' attribute value: '(.*)'$", r"align cannot be “\1”", "Write left, center or right."),
    (r"^[Uu]nknown directive type \"(.*?)\"\.?$", r"nothing is known of {\1}", ""),
    # Boxes and what stands behind their names
    (r"^Unknown interpreted text role \"(.*?)\"\.?$", r"nothing is known of the role {\1}", ""),
    (
        r"^Directive '(solution(?:-start)?)': \d+ argument\(s\) required, 0 supplied$",
        r"{\1} wants a word behind its name, in the same line",
        r"Write the label of its exercise there: {\1} my-exercise",
    ),
    (
        r"^Directive '(.*?)': \d+ argument\(s\) required, 0 supplied$",
        r"{\1} wants a word behind its name, in the same line",
        "A title, a file or a label, whichever the box needs: {admonition} Remember, {figure} drop.png.",
    ),
    (
        r"^Directive '(.*?)': maximum \d+ argument\(s\) allowed, \d+ supplied$",
        r"{\1} takes less than what stands behind its name",
        "Write the rest below, on lines of its own.",
    ),
    (
        r"^'(.*?)': Has content, but none permitted$",
        r"{\1} takes no text, so what stands in it is not shown",
        "Write the text below its end.",
    ),
    (
        r"^Content block expected for the \"(.*?)\" directive; none found\.$",
        r"{\1} is empty",
        "Write its text between its first line and its last.",
    ),
    (r"^'(.*?)': Unknown option key: '(.*?)' \(allowed: \[(.*)\]\)$", r"{\1} has no option \2; it has \3", ""),
    (
        r"^'(.*?)': Invalid options format.*$",
        r"the lines with the options of {\1} cannot be read",
        "Write each as :name: value, on a line of its own, right below the first line.",
    ),
    (r"^'(.*?)': Invalid option value for '(.*?)': (.*?): \".*\" is no valid measure\.$", r"{\1} cannot have “\3” as its \2", LENGTH),
    (r"^'(.*?)': Invalid option value for '(.*?)': (.*?): invalid literal for int\(\).*$", r"{\1} cannot have “\3” as its \2", NUMBER),
    (r"^'(.*?)': Invalid option value for '(.*?)': (.*?): negative value.*$", r"{\1} cannot have “\3” as its \2", NUMBER),
    (r"^'(.*?)': Invalid option value for '(.*?)': (.*?): argument must be 1 or 4.*$", r"{\1} cannot have “\3” as its \2", COLUMNS),
    (
        r"^'(.*?)': Invalid option value for '(.*?)': (.*?): \".*\" unknown; choose from (.*)$",
        r"{\1} cannot have “\3” as its \2",
        r"Choose from \4.",
    ),
    (r"^'(.*?)': Invalid option value for '(.*?)': (.*?): (.*)$", r"{\1} cannot have “\3” as its \2 (\4)", ""),
    (
        r"^[Ee]rror in \"(.*?)\" directive: invalid option value: \(option: \"(.*?)\"; value: '?(.*?)'?\)$",
        r"{\1} cannot have “\3” as its \2",
        "",
    ),
    (
        r"^The \"(.*?)\" directive may not be used within .*$",
        r"{\1} may not stand inside another box",
        "Put it between the paragraphs of the page.",
    ),
    (
        r"^[Tt]he parent of a 'tab-item' should be a 'tab-set'.*$",
        "a {tab-item} stands outside a {tab-set}",
        "Put a {tab-set} around it, whose lines have one sign more.",
    ),
    (
        r"^[Aa]ll children of a 'tab-set' should be 'tab-item'.*$",
        "a {tab-set} holds something beside {tab-item}",
        "Put all of its text into {tab-item}.",
    ),
    (
        r"^[Tt]he parent of a '(.*?)' should be a 'grid-row'.*$",
        r"a {\1} stands outside a {grid}",
        "Put a {grid} around it, whose lines have one sign more.",
    ),
    (r"^[Ii]nvalid directive argument: argument must be 1 or 4.*$", "the columns behind the name cannot be read", COLUMNS),
    # Tables
    (
        r"^(\d+) (header|stub) (?:row|column)\(s\) specified but only (\d+) (?:row|column)s?\(s\) of data supplied.*$",
        r"\1 are to be the heads of this table, and it has only \3",
        "Correct :header-rows: or :stub-columns:, or add what is missing.",
    ),
    (
        r"^Insufficient data supplied .*; no data remaining for table body.*$",
        "this table has nothing but its heads",
        "Correct :header-rows: or :stub-columns:, or add what is missing.",
    ),
    (
        r"^\"(.*?)\" widths do not match the number of columns in table \((\d+)\)\.$",
        r"the widths are not one for each of the \2 columns",
        r"Write \2 numbers behind :widths:, or take the line out.",
    ),
    (
        r"^Error with CSV data in \".*?\" directive: (.*?)\.?$",
        r"the rows of this table cannot be read: \1",
        "Part the cells by commas; a cell that holds a comma begins and ends with a double quote.",
    ),
    (
        r"^Error parsing content block for the \"table\" directive: exactly one table expected\.$",
        "{table} holds no table, or more than one",
        "Write one table into it, its cells parted by |, with a line of hyphens below the first row.",
    ),
    (
        r"^Error parsing content block for the \"list-table\".*?row (\d+) does not.*\((\d+) vs (\d+)\)\.$",
        r"row \1 of this table has \2 cells, and its first row has \3",
        ROWS,
    ),
    (
        r"^Error parsing content block for the \"list-table\".*?row (\d+) does not contain a second-level bullet list\.$",
        r"row \1 of this table is no list of cells",
        ROWS,
    ),
    (
        r"^Error parsing content block for the \"list-table\" directive: exactly one bullet list expected\.$",
        "{list-table} holds something else than one list of rows",
        ROWS,
    ),
    (
        r"^(?:The \"(.*?)\" directive is empty; content required\.|The \"csv-table\" directive requires content.*)$",
        "this table is empty",
        "Write its rows, or take it out.",
    ),
    # Code, lists, glossaries
    (r"^[Ii]nvalid line number spec: '(.*)'$", r"the numbers of lines cannot be read: \1", LINES),
    (
        r"^line number spec is out of range\(1-(\d+)\): '(.*)'$",
        r"lines \2 are named, and there are only \1",
        LINES,
    ),
    (
        r"^[Tt]asklist item has no leading paragraph.*$",
        "a box to tick has no words behind it",
        "Write - [ ] what is to be done.",
    ),
    (
        r"^glossary term must be preceded by empty line$",
        "no empty line stands before this term",
        "Leave one between what a term means and the next term.",
    ),
    (
        r"^glossary terms must not be separated by empty lines$",
        "an empty line stands between terms that are explained together",
        "Take it out, or explain each of them.",
    ),
    (
        r"^glossary seems to be misformatted, check indentation$",
        "this glossary cannot be read: what a term means is to be indented below it",
        "Write the term, and on the next line, behind some blanks, what it means.",
    ),
    (r"^HTML (?:could not be parsed|is too deeply nested).*$", "this HTML cannot be read", "Say it in Markdown."),
    # {eval-rst}
    (
        r"^Inline (strong|emphasis|literal|interpreted text or phrase reference) start-string without end-string\.$",
        "bold, italic or code begins here and is never closed",
        "End it with the signs that begin it, or write a backslash before them.",
    ),
    (r"^(.*?) ends without a blank line; unexpected unindent\.$", r"an empty line is missing here (\1)", APART),
    (r"^Unexpected indentation\.$", "this line is indented further than the one before", "Indent both alike."),
    (
        r"^Title (?:over|under)line .*$",
        "the line below or above this heading is not as long as the heading",
        "Make it as long, or write the heading in Markdown, outside {eval-rst}.",
    ),
)  # fmt: skip
COMPILED = tuple((re.compile(pattern), words, hint) for pattern, words, hint in WORDS)


def worded(text: str) -> tuple[str, str]:
    """Return a message in plain words, and a hint that goes with these words, or "".

    >>> worded("Non-consecutive header level increase; H1 to H3")
    ('a heading of level 3 stands below one of level 1', '')
    """
    text = text[:MOST_LETTERS]  # a stranger may have written most of it, and patterns take their time
    for pattern, words, hint in COMPILED:
        found = pattern.search(text)
        if found:
            return pattern.sub(words, text), found.expand(hint)
    return (text[:1].lower() + text[1:] if text[:2].istitle() else text), ""
