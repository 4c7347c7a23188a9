"""Reading of wikitext: pages of MediaWiki as HTML for the common steps, with references, templates and history."""
