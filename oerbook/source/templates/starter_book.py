"""Starter files of a new book: title page, sample chapters, contributor, README."""

from __future__ import annotations

import json

from oerbook.source.templates.new_file import MARKDOWN_CHARS
from oerbook.text.slugs import slugify

TITLE_PAGE = """\
---
title: {title}
authors: [{person}]
license: {license}
language: en
---

# {plain_title}

This book is written by many people. Say here in a few sentences who it is for, what readers will be able to do
afterwards, and how they can help to improve it.
"""
FIRST_CHAPTER = """\
---
title: How this book is made
description: What a chapter is, and how it gets into the book.
---

# How this book is made

:::{admonition} What you will learn
:class: tip
- what a chapter of this book is;
- how to start one of your own.
:::

Every chapter is a text file in the folder `chapters`. The number in its file name sets its position in the book, the rest of
the name its web address. Write plain paragraphs, with an empty line between them. Put a word between asterisks to make it
*important*.

## Start a chapter

Run this command, then replace the text in square brackets in the new file:

```sh
oerbook new chapter "The title of your chapter"
```

Then run `oerbook check` to see what is still missing, and `oerbook build` to build the book. {numref}`steps` lists the steps.

```{table} From an idea to a chapter
:name: steps

| Step | Command |
|---|---|
| start | `oerbook new chapter` |
| check | `oerbook check` |
| build the book | `oerbook build` |
```

## Key takeaways

- Each chapter is a separate file, so many people can write at the same time.
- The commands report problems with file and line.

## Exercises

```{exercise}
:label: ex-begin
Start a chapter about something that you taught last week. What should a reader be able to do after it?
```
"""
SECOND_CHAPTER = """\
---
title: Writing for readers
description: Three habits that make a chapter easy to learn from.
---

# Writing for readers

:::{admonition} What you will learn
:class: tip
- three habits that help a reader;
- where to find out more.
:::

Readers come with a question. A chapter that starts with a story or an example gives them a reason to read on; a chapter that
starts with a definition asks them to wait.

Explain a word where it is first used. Describe what a picture shows, for people who cannot see it. End with a few questions,
so that readers can check what they know.

```{note}
This chapter is a sample. Keep what is useful, and delete the file once you have chapters of your own.
```

## Key takeaways

- Start with what the reader knows.
- Describe what pictures show.

## Exercises

```{exercise}
:label: ex-reader
Read the first paragraph of a chapter aloud to someone who does not know the subject. Where do they stop you?
```
"""
CONTRIBUTOR_FILE = """\
---
name: {name}
---

{plain_name} started this book.
"""
README = """\
# {plain_title}

An open textbook, written by many people. Each chapter is a file in `chapters/`, each contributor a file in
`contributors/`.

```sh
pip install {requirement}
oerbook build      # writes the web site, the EPUB and the PDF to _build/
oerbook check      # lists the problems that are left
oerbook new chapter "The title of your chapter"
```

Text and pictures are licensed under {license}, except where a chapter says otherwise.
"""
GITIGNORE = "_build/\n.venv/\n__pycache__/\n"
CONF_PY = 'extensions = ["oerbook"]\n'


def starter_files(title: str, name: str, license_id: str, requirement: str = "") -> dict[str, str]:
    """Return the files of a new book: path and text; its README installs `requirement`, or else oerbook from PyPI."""
    person = slugify(name) or "first-author"
    fields = {
        "requirement": f'"{requirement}"' if requirement else "oerbook",
        "title": json.dumps(title, ensure_ascii=False),
        "plain_title": MARKDOWN_CHARS.sub(r"\\\1", title),
        "name": json.dumps(name, ensure_ascii=False),
        "plain_name": MARKDOWN_CHARS.sub(r"\\\1", name),
        "person": person,
        "license": license_id,
    }
    return {
        "chapters/index.md": TITLE_PAGE.format(**fields),
        "chapters/01-how-this-book-is-made.md": FIRST_CHAPTER,
        "chapters/02-writing-for-readers.md": SECOND_CHAPTER,
        f"contributors/{person}.md": CONTRIBUTOR_FILE.format(**fields),
        "README.md": README.format(**fields),
        "conf.py": CONF_PY,
        ".gitignore": GITIGNORE,
    }
