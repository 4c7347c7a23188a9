"""Reading of OpenStax CNXML: collections, and modules as HTML for the common steps."""
