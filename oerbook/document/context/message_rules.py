"""Plain words for the messages of Sphinx, docutils, MyST and extensions."""

from __future__ import annotations

FIRST_HEADING_MESSAGE = "the first heading of the page is not a title (#)"
FOOTNOTE_WITHOUT_TEXT = "a footnote has no text"
NUMBER_HINT = "Write a whole number."
LENGTH_HINT = "Write a percentage or a length: 80%, 300px or 12em."
ROWS_HINT = "Start each row with * - and write each further cell on a line of its own, after a hyphen."
COLUMNS_HINT = "Write one number from 1 to 12, or four of them, for narrow to wide screens."
LINES_HINT = "Write line numbers and ranges: 1,3-5."
OTHER_BOOK_HINT = "List the other book under references: in chapters/index.md, or link to the address of its page."
BLANK_LINE_HINT = "Leave a blank line between it and the text that follows."

# (pattern of the original message, plain message, hint or "" if the hint for the finding's code is good enough)
MESSAGE_RULES: tuple[tuple[str, str, str], ...] = (
    (
        r"^exception while evaluating only directive expression: .*$",
        "the condition of {only} cannot be read, so its text is shown in every format",
        "Write one of html, epub, pdf and docx, or join them: {only} pdf or epub.",
    ),
    # Headings, links, references
    (r"^Document headings start at H\d.*$", FIRST_HEADING_MESSAGE, ""),
    (
        r"^Non-consecutive header level increase; H(\d) to H(\d)$",
        r"a level \2 heading follows a level \1 heading",
        "",
    ),
    (r"'myst' cross-reference target not found: '?(.*?)'?$", r"the book has no label \1", ""),
    (r"undefined label: '?(.*?)'?$", r"the book has no label \1", ""),
    (r"label '(.*?)' not found\.?$", r"the book has no label \1", ""),
    (r"unknown document: '?(.*?)'?$", r"there is no page \1", ""),
    (r"^local id not found in doc '(.*?)': '(.*?)'$", r"page \1 has no label \2", ""),
    (r"^'any' reference target not found: (.*)$", r"the book has no label \1", ""),
    (
        r"^external \S+ reference target not found: (.*)$",
        r"none of the referenced books has a label \1",
        OTHER_BOOK_HINT,
    ),
    (
        r"^[Nn]o matches for ['\"](\*|[^:]*):.*:(.*?)['\"]+$",
        r"none of the referenced books has a label \2",
        OTHER_BOOK_HINT,
    ),
    (r"term not in glossary: '?(.*?)'?$", r"the glossary has no term \1", ""),
    (r"equation not found: (.*)$", r"there is no equation with label \1", ""),
    (r"duplicate (?:\w+ )?label:? '?(.*?)'?[,;]? other instance in (.*)$", r"label \1 is used twice", ""),
    (r"duplicate term description of (.*?), other instance in (.*)$", r"the term \1 is defined twice", ""),
    (r"[Dd]uplicate explicit target name: \"(.*?)\"\.?$", r"label \1 is used twice", ""),
    (r"^Duplicate reference definition: (.*)$", r"the address of [\1] is defined twice", "Keep one of them."),
    (
        r"Failed to create a cross reference. A title or caption not found: '?(.*?)'?$",
        r"label \1 has no heading or caption to use as link text: write {ref}`some words <\1>`",
        "",
    ),
    (r"Failed to create a cross reference. Any number is not assigned: (.*)$", r"label \1 has no number", ""),
    (r"could not find bibtex key [\"'](.*?)[\"']$", r"the bibliography has no entry \1", ""),
    (
        r"^syntax error in :filter: expression \((.*)\); the option will be ignored$",
        r"invalid :filter: of this bibliography: \1",
        "Remove the :filter: line to list everything that is cited.",
    ),
    # Footnotes
    (r"Footnote \[#\] is not referenced\.?$", "this footnote is never referenced", ""),
    (r"Footnote \[(.*?)\] is not referenced\.?$", r"footnote \1 is never referenced", ""),
    (r"No reference found for footnote: (.*)$", r"footnote \1 has no text", ""),
    (r"[Uu]nknown target name: \"(.*?)\"\.?$", r"footnote \1 has no text", ""),
    (r"^Too many autonumbered footnote references.*$", FOOTNOTE_WITHOUT_TEXT, ""),
    (r"^Duplicate footnote definition found for label: '?(.*?)'?$", r"footnote \1 is defined twice", ""),
    # Files
    (r"image file not readable: (.*)$", r"the picture \1 is missing", ""),
    (r"download file not readable: (.*)$", r"the file \1 is missing", ""),
    (r"[Ii]nclude file '?(.*?)'? not found or reading it failed$", r"the file \1 is missing", ""),
    (r"[Dd]irective \"[\w-]+\": file not found: '(.*)'$", r"the file \1 is missing", ""),
    (r"^Problems with \".*?\" directive path: .*?'(?:.*/)?(.*?)'\.?$", r"the file \1 is missing", ""),
    (
        r"^Directive \".*?\"; option \"(.*?)\": text not found \"(.*)\"\.$",
        r"the file does not contain the text of :\1: “\2”",
        "Copy the text from the file exactly.",
    ),
    (
        r"^Object named '(.*?)' not found in include file '(?:.*/)?(.*?)'$",
        r"\2 defines no object \1",
        "Write the name of a function or class in the file.",
    ),
    (
        r"^Line spec '(.*?)': no lines pulled from include file '(?:.*/)?(.*?)'$",
        r"\2 has no lines \1",
        LINES_HINT,
    ),
    (
        r"^circular inclusion in .*$",
        "this file includes itself, directly or through other files",
        "Remove one of the {include} directives.",
    ),
    # Images and figures
    (
        r"^Figure caption must be a paragraph or empty comment\.$",
        "the caption of this figure is not a paragraph",
        "Start with the caption, one paragraph of text; a list may follow after a blank line.",
    ),
    (
        r"^[Cc]ontent should be one image, followed by a single paragraph caption$",
        "a {figure-md} may contain only an image and a caption of one paragraph",
        "Write ![description](drop.png), a blank line, and the caption.",
    ),
    (r"^Invalid '(width|height)' attribute value: '(.*)'$", r"“\2” is not a valid \1", LENGTH_HINT),
    (r"^Invalid 'align' attribute value: '(.*)'$", r"“\1” is not a valid align", "Write left, center or right."),
    (r"^[Uu]nknown directive type \"(.*?)\"\.?$", r"unknown directive {\1}", ""),
    # Directives: arguments, options, content
    (r"^Unknown interpreted text role \"(.*?)\"\.?$", r"unknown role {\1}", ""),
    (
        r"^Directive '(solution(?:-start)?)': \d+ argument\(s\) required, 0 supplied$",
        r"{\1} needs the label of its exercise on the same line",
        r"Write it after the name: {\1} my-exercise",
    ),
    (
        r"^Directive '(.*?)': \d+ argument\(s\) required, 0 supplied$",
        r"{\1} needs an argument on the same line",
        "Write a title, a file or a label after the name, for example {admonition} Remember or {figure} drop.png.",
    ),
    (
        r"^Directive '(.*?)': maximum \d+ argument\(s\) allowed, \d+ supplied$",
        r"{\1} has too many arguments on its first line",
        "Move the rest to the lines below.",
    ),
    (
        r"^'(.*?)': Has content, but none permitted$",
        r"{\1} cannot contain text, so its content is not shown",
        "Move the text below the directive.",
    ),
    (
        r"^Content block expected for the \"(.*?)\" directive; none found\.$",
        r"{\1} is empty",
        "Write its content between the first and the last line.",
    ),
    (r"^'(.*?)': Unknown option key: '(.*?)' \(allowed: \[(.*)\]\)$", r"{\1} has no option \2; its options are \3", ""),
    (
        r"^'(.*?)': Invalid options format.*$",
        r"the options of {\1} cannot be read",
        "Write each option as :name: value on its own line, directly below the first line.",
    ),
    (
        r"^'(.*?)': Invalid option value for '(.*?)': (.*?): \".*\" is no valid measure\.$",
        r"“\3” is not a valid \2 for {\1}",
        LENGTH_HINT,
    ),
    (
        r"^'(.*?)': Invalid option value for '(.*?)': (.*?): invalid literal for int\(\).*$",
        r"“\3” is not a valid \2 for {\1}",
        NUMBER_HINT,
    ),
    (
        r"^'(.*?)': Invalid option value for '(.*?)': (.*?): negative value.*$",
        r"“\3” is not a valid \2 for {\1}",
        NUMBER_HINT,
    ),
    (
        r"^'(.*?)': Invalid option value for '(.*?)': (.*?): argument must be 1 or 4.*$",
        r"“\3” is not a valid \2 for {\1}",
        COLUMNS_HINT,
    ),
    (
        r"^'(.*?)': Invalid option value for '(.*?)': (.*?): \".*\" unknown; choose from (.*)$",
        r"“\3” is not a valid \2 for {\1}",
        r"Choose from \4.",
    ),
    (r"^'(.*?)': Invalid option value for '(.*?)': (.*?): (.*)$", r"“\3” is not a valid \2 for {\1} (\4)", ""),
    (
        r"^[Ee]rror in \"(.*?)\" directive: invalid option value: \(option: \"(.*?)\"; value: '?(.*?)'?\)$",
        r"“\3” is not a valid \2 for {\1}",
        "",
    ),
    (
        r"^The \"(.*?)\" directive may not be used within .*$",
        r"{\1} cannot be used inside another directive",
        "Move it to the top level of the page.",
    ),
    (
        r"^[Tt]he parent of a '(.*?)' should be a 'grid-row'.*$",
        r"{\1} is not inside a {grid}",
        "Wrap it in a {grid} whose fence has one more character.",
    ),
    (r"^[Ii]nvalid directive argument: argument must be 1 or 4.*$", "the number of columns is not valid", COLUMNS_HINT),
    # Tables
    (
        r"^(\d+) (header|stub) (?:row|column)\(s\) specified but only (\d+) (?:row|column)s?\(s\) of data supplied.*$",
        r"this table should have \1 header rows or columns, but it has only \3",
        "Correct :header-rows: or :stub-columns:, or add the missing cells.",
    ),
    (
        r"^Insufficient data supplied .*; no data remaining for table body.*$",
        "this table has only header rows",
        "Correct :header-rows: or :stub-columns:, or add the missing cells.",
    ),
    (
        r"^\"(.*?)\" widths do not match the number of columns in table \((\d+)\)\.$",
        r":widths: does not have one number for each of the \2 columns",
        r"Write \2 numbers after :widths:, or remove the line.",
    ),
    (
        r"^Error with CSV data in \".*?\" directive: (.*?) is not text\.?$",
        r"\1 is not a CSV file",
        "Save the table as CSV in the spreadsheet program, and name that file.",
    ),
    (
        r"^Error with CSV data in \".*?\" directive: (.*?)\.?$",
        r"the rows of this table cannot be read: \1",
        "Separate cells with commas; put a cell that contains a comma in double quotes.",
    ),
    (
        r"^Error parsing content block for the \"list-table\".*?row (\d+) does not contain"
        r" a second-level bullet list\.$",
        r"row \1 of this table is not a list of cells",
        ROWS_HINT,
    ),
    (
        r"^Error parsing content block for the \"list-table\" directive: exactly one bullet list expected\.$",
        "{list-table} must contain exactly one list of rows",
        ROWS_HINT,
    ),
    (
        r"^(?:The \"(.*?)\" directive is empty; content required\.|The \"csv-table\" directive requires content.*)$",
        "this table is empty",
        "Write its rows, or remove it.",
    ),
    # Code, lists, glossaries
    (r"^[Ii]nvalid line number spec: '(.*)'$", r"invalid line numbers: \1", LINES_HINT),
    (
        r"^line number spec is out of range\(1-(\d+)\): '(.*)'$",
        r"line numbers \2 are out of range: there are only \1 lines",
        LINES_HINT,
    ),
    (
        r"^[Tt]asklist item has no leading paragraph.*$",
        "a checkbox has no text",
        "Write - [ ] what is to be done.",
    ),
    (
        r"^glossary term must be preceded by empty line$",
        "there is no blank line before this term",
        "Leave a blank line between a definition and the next term.",
    ),
    (
        r"^glossary terms must not be separated by empty lines$",
        "there is a blank line between terms with a common definition",
        "Remove the blank line, or define each term.",
    ),
    (
        r"^glossary seems to be misformatted, check indentation$",
        "this glossary cannot be read: definitions must be indented below their terms",
        "Write the term, and its definition on the next line, indented by some spaces.",
    ),
    (r"^HTML (?:could not be parsed|is too deeply nested).*$", "this HTML cannot be read", "Write it in Markdown."),
    # {eval-rst}
    (
        r"^Inline (strong|emphasis|literal|interpreted text or phrase reference) start-string without end-string\.$",
        "bold, italic or code starts here and is never closed",
        "Close it with the characters that start it, or put a backslash before them.",
    ),
    (
        r"^(.*?) ends without a blank line; unexpected unindent\.$",
        r"a blank line is missing here (\1)",
        BLANK_LINE_HINT,
    ),
    (r"^Unexpected indentation\.$", "this line is indented more than the one before", "Indent both the same."),
    (
        r"^Title (?:over|under)line .*$",
        "the underline or overline of this heading is too short",
        "Make it as long as the heading, or write the heading in Markdown, outside {eval-rst}.",
    ),
)  # fmt: skip
