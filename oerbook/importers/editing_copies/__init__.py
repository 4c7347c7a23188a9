"""Chapters as files for word processors, and the edits that come back: only what was changed is changed in the source.

A copy holds each paragraph of the MyST source as a paragraph: emphasis as italics, headings and lists in their styles,
and markup that a word processor cannot show (roles, formulas, code, options of directives) as it is typed. So each
word of the copy belongs to a place in the source, and an edit changes that place alone.
"""
