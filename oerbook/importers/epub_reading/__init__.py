"""Reading of EPUB files: the package document, the navigation, and the order of chapters."""
