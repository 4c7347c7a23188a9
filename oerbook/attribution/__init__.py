"""Attribution: from the git history to credits for every surviving word."""
