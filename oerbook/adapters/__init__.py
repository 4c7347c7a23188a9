"""Outside programs, one file each: the only room that starts a process."""
