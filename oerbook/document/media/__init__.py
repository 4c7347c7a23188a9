"""Videos, sound recordings and embedded pages: read from chapters, checked, and written as HTML."""
