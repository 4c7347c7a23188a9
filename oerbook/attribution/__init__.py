"""Who wrote which word: from the history of the book to its credits. Values in, values out."""
