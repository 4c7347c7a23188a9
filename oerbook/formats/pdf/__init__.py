"""PDF by Typst, on screen and for print."""
