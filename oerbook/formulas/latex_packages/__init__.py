"""LaTeX packages whose commands are expanded to plain TeX."""
