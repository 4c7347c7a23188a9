"""Translation of resolved pages to pandoc blocks."""
