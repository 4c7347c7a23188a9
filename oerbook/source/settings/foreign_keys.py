"""Front-matter keys of other tools (mystmd, Jupyter, Sphinx, Quarto, Jekyll), which hold nothing that oerbook shows."""

from __future__ import annotations

FOREIGN_KEYS = frozenset(
    """
    affiliations funding open_access status tags jupytext kernelspec myst mystnb html_meta orphan tocdepth
    file_format exports downloads export thumbnail thumbnailOptimized banner venue site settings jupyter options
    parts label id slug hidden no-search nosearch nocomments jupyterlab celltoolbar language_info nbsphinx widgets
    toc_title github_url edit_url open_graph social skip_execution og:description og:title jtd layout permalink
    blogpost category type source_url enumerator biblio oxa arxiv pmid pmcid data_availability dedication epigraph
    extends version error_rules edit copyright github binder subject volume issue first_page last_page
    content_includes_title format execute engine knitr editor toc toc-depth number-sections csl filters categories
    order code-fold crossref params from output output-file html pdf freeze aliases listing page-layout weight
    sidebar_position sidebar_label hide_table_of_contents nav_order parent has_children
    """.split()  # noqa: SIM905 - one name per line would be 150 lines
)
