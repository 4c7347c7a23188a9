"""Generated pages: bibliography, glossary, contributors, licenses and attributions."""
