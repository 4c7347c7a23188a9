"""What a new book begins as: a title page, two short chapters that show how it goes, one person, and what lies around."""

from __future__ import annotations

import json

from oerbook.source.templates.new_file import SIGNS, slug

INDEX = """\
---
title: {title}
authors: [{person}]
license: {license}
language: en
---

# {plain_title}

This book is written by many hands. Say here in a few sentences whom it is for, what readers will be able to do
afterwards, and how they can help to make it better.
"""
FIRST = """\
---
title: How this book is made
description: What a chapter is, and how it comes into the book.
---

# How this book is made

:::{admonition} What you will learn
:class: tip
- what a chapter of this book is;
- how to begin one of your own.
:::

Every chapter is a text file in the folder `chapters`. Its number gives its place, and its name gives its address on the web.
Write plain paragraphs, with an empty line between them. A word becomes *important* between two stars.

## Begin a chapter

Give this command, and write over everything that the new file asks you to replace:

```sh
oerbook new chapter "The title of your chapter"
```

Then let `oerbook check` tell what is still missing, and `oerbook build` make the book. {numref}`way` shows the way of a chapter
from one to the other.

```{table} The way of a chapter
:name: way

| Step | Command |
|---|---|
| begin | `oerbook new chapter` |
| look it over | `oerbook check` |
| make the book | `oerbook build` |
```

## Key takeaways

- A chapter is a file of its own, so that many people can write at once.
- Commands say what is wrong, with file and line.

## Exercises

```{exercise}
:label: ex-begin
Begin a chapter about something that you taught last week. What should a reader be able to do after it?
```
"""
SECOND = """\
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

Readers come with a question. A chapter that begins with a story or an example gives them a reason to go on; a chapter that
begins with a definition asks them to wait.

Explain a word where it first stands. Say what a picture shows, for those who cannot see it. End with a few questions, so
that readers find out what they know.

```{note}
This chapter is here to be replaced. Keep what helps you, and delete the file when you have chapters of your own.
```

## Key takeaways

- Begin with what the reader knows.
- Say what pictures show.

## Exercises

```{exercise}
:label: ex-reader
Read the first paragraph of a chapter aloud to somebody who does not know the subject. Where do they stop you?
```
"""
PERSON = """\
---
name: {name}
---

{plain_name} began this book.
"""
README = """\
# {plain_title}

An open textbook, written by many hands. The chapters lie in `chapters/`, one file each; who wrote them lies in
`contributors/`.

```sh
pip install oerbook
oerbook build      # makes the web site, the EPUB and the PDF in _build/
oerbook check      # says what is still to be mended
oerbook new chapter "The title of your chapter"
```

Text and pictures are licensed under {license}, except where a chapter says otherwise.
"""
IGNORED = "_build/\n.venv/\n__pycache__/\n"
CONF = 'extensions = ["oerbook"]\n'


def files(title: str, name: str, license: str) -> dict[str, str]:
    """Return the files of a new book by their paths."""
    person = slug(name) or "first-author"
    words = {
        "title": json.dumps(title, ensure_ascii=False),
        "plain_title": SIGNS.sub(r"\\\1", title),
        "name": json.dumps(name, ensure_ascii=False),
        "plain_name": SIGNS.sub(r"\\\1", name),
        "person": person,
        "license": license,
    }
    return {
        "chapters/index.md": INDEX.format(**words),
        "chapters/01-how-this-book-is-made.md": FIRST,
        "chapters/02-writing-for-readers.md": SECOND,
        f"contributors/{person}.md": PERSON.format(**words),
        "README.md": README.format(**words),
        "conf.py": CONF,
        ".gitignore": IGNORED,
    }
