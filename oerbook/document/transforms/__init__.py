"""Changes to the tree of a page, in the order of `document.extension`."""
