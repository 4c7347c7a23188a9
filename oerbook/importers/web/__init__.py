"""Reading of HTML and XML for the importers of web formats: parse, clean, link, and turn into pandoc blocks."""
