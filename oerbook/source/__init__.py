"""Read what authors write: chapters, front matter, contributors, git history."""
