"""Convert the pages of books in other markup to MyST, line by line, so that their history stays with them."""
