"""Design: a theme's tokens and faces, made ready for every format."""
