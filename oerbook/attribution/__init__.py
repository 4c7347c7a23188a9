"""Attribution: from the git history of a book to credits for every surviving word. No input or output."""
