"""What authors wrote, read as data: folders, front matter, people."""
