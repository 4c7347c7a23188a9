"""Outside programs, the preview server and the link checker."""
