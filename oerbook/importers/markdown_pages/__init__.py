"""Convert pages of mdBook, GitBook, MkDocs and plain folders of Markdown to MyST."""
