"""Pages that nobody wrote: bibliography, glossary, contributors, licenses and attributions."""
