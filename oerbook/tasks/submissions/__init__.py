"""Review and merge of submissions."""
