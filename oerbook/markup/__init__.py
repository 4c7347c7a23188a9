"""Allow-lists for the HTML, SVG and URLs that may appear in a finished book."""
