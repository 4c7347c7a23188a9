"""Rules for markdown-it: syntax of other tools, and syntax that books read differently from MyST."""
