"""What the HTML templates and the theme need."""
