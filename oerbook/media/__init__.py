"""Videos, sound recordings and embedded pages: kinds of files, captions, private data, sites that may be embedded."""
