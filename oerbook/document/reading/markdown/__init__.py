"""Rules for markdown-it: what other tools write, and what MyST reads otherwise."""
